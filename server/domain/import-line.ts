import { unguardCell } from './csv-cell.ts'
import { isTooLong, MAX_IDENTIFIER_LENGTH } from './identifier.ts'
import type { Header, ImportColumn } from './import-columns.ts'
import { rioKey } from './rio.ts'

export interface LineProblem {
  /** The column as the file names it; empty for the whole line. */
  column: string
  /** A stable English sentence that repeats nothing of the line. */
  reason: string
}

/** A line of an import, read by itself: nobody has been looked up yet. */
export interface ImportLine {
  /** Counted from 1, the header included, as an editor shows it. */
  line: number
  /** Who is meant, in the form that it is compared in; empty when missing. */
  key: string
  /** What the line says; a column that is missing here stays as it is. */
  values: Partial<Record<ImportColumn, string>>
  problems: LineProblem[]
}

export interface LineRules {
  match: ImportColumn
  /** Whether an empty cell empties the field. */
  clearEmpty: boolean
}

const YES = new Set(['1', 'yes', 'true', 'oui', 'vrai', 'y', 'o', 'x'])
const NO = new Set(['0', 'no', 'false', 'non', 'faux', 'n'])

/** Emptying these would mean nothing. */
const NEVER_EMPTY = new Set<ImportColumn>(['login', 'entity', 'active'])

/** Reads a line by the header. All that is wrong with it is told at once. */
export function readLine(
  cells: readonly string[],
  line: number,
  header: Header,
  rules: LineRules,
): ImportLine {
  const values: ImportLine['values'] = {}
  const problems: LineProblem[] = []
  if (cells.length > header.width && cells.slice(header.width).some((cell) => cell.trim() !== '')) {
    problems.push({ column: '', reason: 'it has more cells than the header row' })
  }
  for (const [column, position] of header.positions) {
    const value = unguardCell((cells[position] ?? '').trim()).trim()
    if (value === '' && (!rules.clearEmpty || NEVER_EMPTY.has(column))) continue
    const reason = problemWith(column, value)
    if (reason !== null) problems.push({ column: header.names.get(column) ?? column, reason })
    values[column] = column === 'active' ? readFlag(value) : value
  }
  const typed = values[rules.match] ?? ''
  if (typed === '') {
    problems.push({
      column: header.names.get(rules.match) ?? rules.match,
      reason: 'it is empty, so nobody is named',
    })
  }
  return { line, key: matchKey(rules.match, typed), values, problems }
}

/** The form in which what names people is compared. */
export function matchKey(match: ImportColumn, text: string): string {
  return match === 'registrationNumber' ? (rioKey(text) ?? '') : text.normalize('NFC').toLowerCase()
}

function readFlag(value: string): string {
  return YES.has(value.toLowerCase()) ? '1' : '0'
}

function problemWith(column: ImportColumn, value: string): string | null {
  if (value.includes('\uFFFD')) return 'it holds letters that cannot be read; the file is of another encoding'
  // Paths of entities may be longer than what a column of a user holds.
  if (column !== 'entity' && column !== 'location' && isTooLong(value)) {
    return `it is longer than ${MAX_IDENTIFIER_LENGTH} characters`
  }
  if (/\p{Cc}/u.test(value)) return 'it contains control characters, such as a line break'
  if (column === 'email' && value !== '' && !/^[^\s@]+@[^\s@]+$/.test(value))
    return 'it is not a mail address'
  if (column === 'active' && !YES.has(value.toLowerCase()) && !NO.has(value.toLowerCase())) {
    return 'it is neither yes nor no'
  }
  return null
}
