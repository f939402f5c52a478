import type { Problem } from '../../contract/problem.ts'
import { codeOf } from './client.ts'
import { type ProblemWords, sentenceIn } from './problem-words.ts'

/** Loaded with the first failure: words that few ever read. */
const FILES = import.meta.glob<{ words: ProblemWords }>('../locales/problems/*.ts')

/** A problem in a language; where its words cannot be loaded, and what nobody has put into words, as it came. */
export async function inWords(problem: Problem, language: string): Promise<Problem> {
  const words = await loadWords(language)
  if (words === undefined) return problem
  const { detail } = problem
  return {
    ...problem,
    ...words.problems[codeOf(problem)],
    ...(detail === undefined ? {} : { detail: sentenceIn(words, detail) }),
  }
}

/** A reason that came as a sentence of the server's, such as why a RIO cannot be written. */
export async function reasonInWords(reason: string, language: string): Promise<string> {
  const words = await loadWords(language)
  return words === undefined ? reason : sentenceIn(words, reason)
}

/** The same for many at once, such as those of a report. */
export async function reasonsInWords(language: string): Promise<(reason: string) => string> {
  const words = await loadWords(language)
  return (reason) => (words === undefined ? reason : sentenceIn(words, reason))
}

/** The network may be what is ill: the failure is then told in English rather than not at all. */
async function loadWords(language: string): Promise<ProblemWords | undefined> {
  try {
    return (await FILES[`../locales/problems/${language}.ts`]?.())?.words
  } catch {
    return undefined
  }
}
