import { pipeline, Readable } from 'node:stream'
import { CsvError, type Options, parse } from 'csv-parse'
import { AppError } from '../domain/errors.ts'

/** What is known of a file's form. */
export interface CsvForm {
  encoding: 'utf-8' | 'windows-1252'
  separator: ',' | ';' | '\t'
}

/** The longest record; a quotation mark that is never closed would take the rest of the file. */
const MAX_RECORD = 64 * 1024

export const csvOptions = (separator: CsvForm['separator']): Options => ({
  delimiter: separator,
  skip_empty_lines: true,
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: MAX_RECORD,
})

interface CsvRecord {
  cells: string[]
  /** Where it begins, counted from 1 as an editor shows it. */
  line: number
}

/** The records of a file, the header row first, read as they are asked for. Throws `value-refused`. */
export async function* readRecords(
  parts: AsyncIterable<Uint8Array>,
  { encoding, separator }: CsvForm,
): AsyncGenerator<CsvRecord> {
  const parser = parse({ ...csvOptions(separator), info: true })
  // The reader of the parser's records is told of errors.
  pipeline(Readable.from(decoded(parts, encoding)), parser, () => {})
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number }
      record: string[]
    }>) {
      yield { cells: record, line: info.lines - breaksWithin(record) }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new AppError('value-refused', { field: 'file', detail: problemOf(error), cause: error })
  } finally {
    parser.destroy()
  }
}

/** Text of a few bytes' length at a time would cost more than it weighs, and a letter may stand astride of two parts. */
async function* decoded(
  parts: AsyncIterable<Uint8Array>,
  encoding: CsvForm['encoding'],
): AsyncGenerator<string> {
  // Takes a byte order mark off.
  const decoder = new TextDecoder(encoding)
  for await (const part of parts) yield decoder.decode(part, { stream: true })
  yield decoder.decode()
}

function breaksWithin(cells: readonly string[]): number {
  let breaks = 0
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue
    breaks += cell.match(/\r\n|\r|\n/g)?.length ?? 0
  }
  return breaks
}

function problemOf(error: CsvError): string {
  const line = typeof error.lines === 'number' ? ` at line ${error.lines}` : ''
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return `a quotation mark is opened and never closed; the file ends${line}`
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return `a line is longer than ${MAX_RECORD} characters${line}; perhaps a quotation mark is never closed`
  }
  return `it is not CSV${line}`
}
