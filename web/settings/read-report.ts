import type { Client } from '../lib/client.ts'
import { reasonsInWords } from '../lib/problems.ts'
import { parseCsv } from './parse-csv.ts'

export interface ReportLine {
  /** The line of a file, or the id of a person. */
  line: number
  column: string
  reason: string
}

/** What a table shows of a report; the file holds the rest. */
export const SHOWN = 10
/** More than so many lines take. */
const ENOUGH_CHARACTERS = 64 * 1024

/** The first lines of a job's report, which may have millions: no more of it is loaded than is shown. */
export async function readReport(
  client: Client,
  language: string,
  id: number,
  signal: AbortSignal,
): Promise<ReportLine[]> {
  const [{ body }, inWords] = await Promise.all([
    client.open(`jobs/${id}/report`, {}, signal),
    reasonsInWords(language),
  ])
  if (body === null) return []
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    text += value ?? ''
    if (done || text.length >= ENOUGH_CHARACTERS) break
  }
  await reader.cancel()
  const [, ...rows] = parseCsv(text, SHOWN + 1)
  return rows.map(([line = '', column = '', reason = '']) => ({
    line: Number(line),
    column,
    reason: inWords(reason),
  }))
}
