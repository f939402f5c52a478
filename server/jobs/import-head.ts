import { parse } from 'csv-parse/sync'
import type { ImportMatch, ImportQuery } from '../../contract/imports.ts'
import { AppError } from '../domain/errors.ts'
import { type Header, type ImportColumn, readHeader } from '../domain/import-columns.ts'
import { type CsvForm, csvOptions } from './import-source.ts'

/** A header row that is longer is none. */
const LONGEST = 64 * 1024
const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const
const MATCHES = ['login', 'registrationNumber', 'email'] as const

/** What the beginning of a file tells. */
export interface Head {
  separator: CsvForm['separator']
  match: ImportMatch
}

function refused(detail: string, field = 'file'): AppError {
  return new AppError('value-refused', { field, detail })
}

/**
 * Reads the header row off the beginning of a file; undefined while that has not arrived whole. Throws `value-refused`
 * where the file can be no import, before anything is kept of it.
 */
export function readHead(head: Buffer, isWhole: boolean, query: ImportQuery): Head | undefined {
  const mark = head.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') throw refused('it is UTF-16; save it as CSV UTF-8')
  if (head.includes(0)) throw refused('it is no text file')
  const text = decodeHead(head)
  const row = firstRow(text, isWhole)
  if (row === undefined) {
    if (isWhole) throw refused('it holds nothing but empty lines')
    if (head.length > LONGEST) throw refused('it does not begin with a header row')
    return undefined
  }
  const separator = separatorOf(row, query.separator ?? 'auto')
  const [cells = []] = parse(row, { ...csvOptions(separator), to: 1 })
  const header = readHeader(cells)
  return { separator, match: demandColumns(header, query) }
}

/** A file of another encoding still has a header row that can be read; letters of it may stand astride of the end. */
function decodeHead(head: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(head)
  }
}

/** The first line that is not empty, line breaks between quotation marks included. */
function firstRow(text: string, isWhole: boolean): string | undefined {
  let [from, quoted] = [0, false]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted
    if (quoted || (text[at] !== '\n' && text[at] !== '\r')) continue
    const row = text.slice(from, at)
    if (row.trim() !== '') return row
    from = at + 1
  }
  const rest = text.slice(from)
  return isWhole && rest.trim() !== '' ? rest : undefined
}

function separatorOf(row: string, asked: NonNullable<ImportQuery['separator']>): CsvForm['separator'] {
  if (asked !== 'auto') return SEPARATORS[asked]
  const bare = row.replace(/"[^"]*"/g, '')
  const counts = ([';', '\t', ','] as const).map((sign) => ({ sign, count: bare.split(sign).length }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).sign
}

/** The column by which people are recognised, where the file has what it takes. */
function demandColumns(header: Header, { mode = 'people', match }: ImportQuery): ImportMatch {
  const has = (column: ImportColumn): boolean => header.positions.has(column)
  const [doubled] = header.doubled
  if (doubled !== undefined) throw refused(`two columns of the header row mean the same: ${doubled}`)
  if (header.positions.size === 0) {
    throw refused(
      'the header row names none of the columns that can be imported; see the manual for their names',
    )
  }
  if (mode === 'rios' && !has('rio')) throw refused('the header row has no column for the RIO')
  if (match !== undefined && !has(match)) {
    throw refused(`the header row has no column for ${match}, by which people are to be recognised`, 'match')
  }
  const found = match ?? MATCHES.find(has)
  if (found === undefined) {
    throw refused(
      'the header row has none of the columns by which people are recognised: login, registration number, email',
    )
  }
  return found
}
