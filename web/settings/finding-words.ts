import { findingIn, type SentenceWords } from '../lib/problem-words.ts'

/** Loaded with the findings; English ones are shown as they come. */
const FILES = import.meta.glob<{ words: SentenceWords }>('../locales/findings/*.ts')

/** The doctor's findings in a language; the network may be what is ill, and findings are then shown as they came. */
export async function findingsInWords(language: string): Promise<(finding: string) => string> {
  const load = FILES[`../locales/findings/${language}.ts`]
  const file = await load?.().catch(() => undefined)
  return (finding) => (file === undefined ? finding : findingIn(file.words, finding))
}
