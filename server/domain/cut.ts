/** The first `length` characters of a text; one that is written with two units is never cut in half. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join('')
}
