/** What the server says of failures, in another language. */
export interface ProblemWords extends SentenceWords {
  /** By the last word of a problem's type. */
  problems: Record<string, { title: string; remedy: string }>
}

/** Sentences of the server's, in another language. */
export interface SentenceWords {
  /** By the sentence that the server says. */
  details: Record<string, string>
  /** Sentences that hold a value, which stands where `$1` is. */
  patterns: readonly (readonly [RegExp, string])[]
}

/** A sentence of the server's in other words; as it came where nobody has put it into any. */
export function sentenceIn({ details, patterns }: SentenceWords, sentence: string): string {
  const known = details[sentence]
  if (known !== undefined) return known
  const [pattern, text = ''] = patterns.find(([one]) => one.test(sentence)) ?? []
  return pattern === undefined ? sentence : sentence.replace(pattern, text)
}

/** Where one sentence of a finding ends and another begins. */
const BETWEEN = /(?<=\.) (?=\p{Lu}|callmanager )/u

/** A finding of the doctor's in other words, sentence by sentence; what nobody has put into words stays. */
export const findingIn = (words: SentenceWords, finding: string): string =>
  finding
    .split(BETWEEN)
    .map((sentence) => sentenceIn(words, sentence))
    .join(' ')
