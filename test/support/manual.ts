/** What stands between two fences of a manual, for each block in one of these languages. */
export const blocksIn = (markdown: string, ...languages: string[]): string[] =>
  [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, language = '']) => languages.includes(language))
    .map(([, , code = '']) => code)
