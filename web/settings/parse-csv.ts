/** A cell in quotation marks, with those within it doubled, or one without; and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y

/** The first rows of CSV as the server writes it. A row that is cut off at the end is left out. */
export function parseCsv(text: string, rows: number): string[][] {
  const found: string[][] = []
  let row: string[] = []
  CELL.lastIndex = 0
  while (found.length < rows && CELL.lastIndex < text.length) {
    const match = CELL.exec(text)
    if (match === null || match[3] === '') break
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    found.push(row)
    row = []
  }
  return found
}
