/** What a bench found: a table, and a sentence on how it was measured. */
export interface Report {
  title: string
  how: string
  columns: string[]
  rows: (string | number)[][]
}

export function toMarkdown({ title, how, columns, rows }: Report): string {
  const line = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', how, '', line(columns), line(columns.map(() => '---')), ...rows.map(line)].join(
    '\n',
  )
}
