/** What the server says of failures, in another language. */
export interface ProblemWords {
  /** By the last word of a problem's type. */
  problems: Record<string, { title: string; remedy: string }>
  /** By the sentence that the server says. */
  details: Record<string, string>
  /** Sentences that hold a value, which stands where `$1` is. */
  patterns: readonly (readonly [RegExp, string])[]
}

/** A sentence of the server's in other words; as it came where nobody has put it into any. */
export function sentenceIn({ details, patterns }: ProblemWords, sentence: string): string {
  const known = details[sentence]
  if (known !== undefined) return known
  const [pattern, text = ''] = patterns.find(([one]) => one.test(sentence)) ?? []
  return pattern === undefined ? sentence : sentence.replace(pattern, text)
}
