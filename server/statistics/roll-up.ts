import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely, Selectable } from 'kysely'
import { journalLagMs } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { lockPosition, movePosition } from './position.ts'
import { BLOCK, type CountedLookup, hourOf, isLookup, selectLookups, sum, tallyOf } from './tally.ts'

/** A transaction holds up the others' writes, so chunks are sized to take about this long. */
const CHUNK_MS = 8
const MAX_CHUNK = 2000

type Row = Selectable<Tables['glpi_plugin_callmanager_statistics']>

/**
 * Counts the journal by hour, agent and entity, each row once: rows behind the position are added and the position moves,
 * in one transaction. Resolves when nothing is left that may be counted yet.
 */
export async function rollUp(storage: Storage): Promise<void> {
  let size = 200
  for (;;) {
    let started = 0
    const finished = await storage.write('normal', (tx) => {
      started = performance.now()
      return rollUpChunk(storage, tx, size)
    })
    if (finished) return
    const took = performance.now() - started
    size = Math.max(50, Math.min(MAX_CHUNK, Math.round((size * CHUNK_MS) / Math.max(took, 1))))
    // The writers of look-ups' journal rows get their turn.
    await sleep(Math.min(took / 2, CHUNK_MS))
  }
}

/** Answers whether that was the last of it. */
async function rollUpChunk(storage: Storage, tx: Kysely<Tables>, size: number): Promise<boolean> {
  const position = await lockPosition(tx)
  const rows = await selectLookups(tx, position, size)
  const last = lastCommitted(rows, journalLagMs[storage.engine])
  if (last === undefined) return true
  await addToHours(
    storage,
    tx,
    rows.filter((row) => row.id <= last.id && isLookup(row)),
  )
  await movePosition(tx, last.id)
  return rows.length < size || last !== rows.at(-1)
}

/**
 * The last of these rows before which no other can turn up any more. Where transactions may commit in another order than
 * they took their ids, that is one of some time ago.
 */
function lastCommitted(rows: readonly CountedLookup[], lagMs: number): CountedLookup | undefined {
  if (lagMs === 0) return rows.at(-1)
  const before = Date.now() - lagMs
  return rows.findLast((row) => row.looked_up_at < before)
}

/** Counts look-ups under their hour, and under the block that the hour lies in. */
async function addToHours(
  storage: Storage,
  tx: Kysely<Tables>,
  lookups: readonly CountedLookup[],
): Promise<void> {
  for (const hours of [1, BLOCK]) {
    const rows = new Map<string, Row>()
    for (const { looked_up_at, users_id, entities_id, hits } of lookups) {
      const hour = Math.floor(hourOf(looked_up_at) / hours) * hours
      const row = { hours, hour, users_id, entities_id, ...tallyOf(hits) }
      const known = rows.get(nameOf(row))
      rows.set(nameOf(row), known === undefined ? row : { ...known, ...sum(known, row) })
    }
    if (rows.size > 0) await addRows(storage, tx, hours, rows)
  }
}

/** Adds to the rows that are there, and inserts the others. */
async function addRows(
  storage: Storage,
  tx: Kysely<Tables>,
  hours: number,
  rows: Map<string, Row>,
): Promise<void> {
  const there = await tx
    .selectFrom('glpi_plugin_callmanager_statistics')
    .selectAll()
    .where('hours', '=', hours)
    .where('hour', 'in', [...new Set([...rows.values()].map(({ hour }) => hour))])
    .execute()
  for (const row of there) {
    const more = rows.get(nameOf(row))
    if (more === undefined) continue
    rows.delete(nameOf(row))
    await tx
      .updateTable('glpi_plugin_callmanager_statistics')
      .set(sum(row, more))
      .where('hours', '=', hours)
      .where('hour', '=', row.hour)
      .where('users_id', '=', row.users_id)
      .where('entities_id', '=', row.entities_id)
      .execute()
  }
  await storage.insertMany(tx, 'glpi_plugin_callmanager_statistics', [...rows.values()])
}

function nameOf({ hour, users_id, entities_id }: Row): string {
  return `${hour} ${users_id} ${entities_id}`
}
