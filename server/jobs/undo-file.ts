import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { Kysely } from 'kysely'
import { guardCell, unguardCell } from '../domain/csv-cell.ts'
import type { MethodChangeLine } from '../rios/method-change.ts'
import type { Tables } from '../storage/tables.ts'
import { addPart } from './files.ts'

/** The first line of an undo file; the parts hold the others. */
export const UNDO_HEADER = stringify([['users_id', 'before', 'after']])

/** A part is put back in one transaction, which is to be short however long the one was that copied. */
const PART_LINES = 100

/** Keeps what was written, in the transaction that wrote it; answers how many parts the file has then. */
export async function addUndoLines(
  tx: Kysely<Tables>,
  jobsId: number,
  parts: number,
  lines: readonly MethodChangeLine[],
): Promise<number> {
  let number = parts
  for (let from = 0; from < lines.length; from += PART_LINES) {
    const rows = lines
      .slice(from, from + PART_LINES)
      .map(({ usersId, before, after }) => [usersId, guardCell(before), guardCell(after)])
    await addPart(tx, jobsId, 'undo', { number: number++, content: Buffer.from(stringify(rows)) })
  }
  return number
}

export async function readUndoPart(
  db: Kysely<Tables>,
  jobsId: number,
  number: number,
): Promise<MethodChangeLine[]> {
  const { content } = await db
    .selectFrom('glpi_plugin_callmanager_job_parts')
    .select('content')
    .where('jobs_id', '=', jobsId)
    .where('file', '=', 'undo')
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
  const rows: string[][] = parse(Buffer.from(content))
  return rows.map(([usersId = '', before = '', after = '']) => ({
    usersId: Number(usersId),
    before: unguardCell(before),
    after: unguardCell(after),
  }))
}

/** How many parts an undo file has; they are numbered from 0. */
export async function countUndoParts(db: Kysely<Tables>, jobsId: number): Promise<number> {
  const { parts } = await db
    .selectFrom('glpi_plugin_callmanager_job_parts')
    .select(({ fn }) => fn.countAll<number>().as('parts'))
    .where('jobs_id', '=', jobsId)
    .where('file', '=', 'undo')
    .executeTakeFirstOrThrow()
  return Number(parts)
}

/** What a job wrote last for each of these people, by their ids; it reads the whole file. */
export async function lastWritten(
  db: Kysely<Tables>,
  jobsId: number,
  parts: number,
  usersIds: readonly number[],
): Promise<Map<number, string>> {
  const wanted = new Set(usersIds)
  const found = new Map<number, string>()
  if (wanted.size === 0) return found
  for (let number = 0; number < parts; number++) {
    for (const { usersId, after } of await readUndoPart(db, jobsId, number)) {
      if (wanted.has(usersId)) found.set(usersId, after)
    }
  }
  return found
}
