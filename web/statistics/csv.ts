import type { Words } from '../locales/en.ts'
import { type Bar, KINDS } from './kinds.ts'

/** The numbers as a spreadsheet of the language opens them. */
export function toCsv(bars: readonly Bar[], first: string, { statistics }: Words, language: string): string {
  // French decimals have a comma, so its spreadsheets part fields by semicolons.
  const separator = language === 'fr' ? ';' : ','
  const header = [first, ...KINDS.map((kind) => statistics.kinds[kind]), statistics.total]
  const rows = bars.map(({ label, counts }) => [label, ...KINDS.map((kind) => counts[kind]), counts.total])
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`
}

/** What a spreadsheet computes, or puts into another cell; exports have the same (server/domain/csv-cell.ts). */
const FORMULA = /^(?:[\s']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|'*[\t\r\n])/

/** A name that begins as a formula does is text all the same. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}

export function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
