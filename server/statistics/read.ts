import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { rollUp } from './roll-up.ts'
import { BLOCK, hourOf, isLookup, selectLookups, sum, type Tally, tallyOf } from './tally.ts'

/** SQLite reads on the event loop, so hours are read in stretches that take about this long. */
const STRETCH_MS = 8
const FIRST_STRETCH = 24 * 7
const SHORTEST_STRETCH = 24
const LONGEST_STRETCH = 24 * 366

/** So many rows of the journal are counted with each question; more are rolled up first. */
const LIVE_ROWS = 5000

/** Entities a statement; engines take tens of thousands of parameters, and answers of parts add up. */
const MAX_ENTITIES = 1000

export interface Question {
  by: 'hour' | 'users_id' | 'entities_id'
  /** Hours since 1970: the first, and the first that is too late. */
  from: number
  to: number
  entities: 'all' | readonly number[]
}

/**
 * Counts look-ups up to this moment: the hours that are rolled up, and what the journal holds behind them. When a roll-up
 * moves rows from one to the other meanwhile, all is read once more.
 */
export async function readTallies(storage: Storage, question: Question): Promise<Map<number, Tally>> {
  const { counted, newest } = await readPosition(storage)
  if (newest - counted > LIVE_ROWS) await rollUp(storage)
  for (;;) {
    const before = await readPosition(storage)
    const tallies = new Map<number, Tally>()
    await addRolledUp(storage, tallies, question)
    await addLive(storage, tallies, question, before.counted)
    if ((await readPosition(storage)).counted === before.counted) return tallies
  }
}

async function readPosition({ db }: Storage): Promise<{ counted: number; newest: number }> {
  const row = await db
    .selectFrom('glpi_plugin_callmanager_statistics_position')
    .select(['lookups_id as counted'])
    .select(({ selectFrom }) =>
      selectFrom('glpi_plugin_callmanager_lookups')
        .select(({ fn }) => fn.max('id').as('id'))
        .as('newest'),
    )
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  return { counted: row.counted, newest: row.newest ?? 0 }
}

async function addRolledUp(
  { db }: Storage,
  tallies: Map<number, Tally>,
  { by, from, to, entities }: Question,
): Promise<void> {
  const kept = await db
    .selectFrom('glpi_plugin_callmanager_statistics')
    .select(({ fn }) => [fn.min<number | null>('hour').as('first'), fn.max<number | null>('hour').as('last')])
    .where('hours', '=', 1)
    .executeTakeFirstOrThrow()
  if (kept.first === null || kept.last === null) return
  const range = { from: Math.max(from, kept.first), to: Math.min(to, kept.last + 1) }
  let length = FIRST_STRETCH
  for (const piece of by === 'hour' ? [{ hours: 1, ...range }] : piecesOf(range)) {
    for (let start = piece.from; start < piece.to; ) {
      const stretch = { hours: piece.hours, by, from: start, to: Math.min(start + length, piece.to) }
      const began = performance.now()
      for (const some of entities === 'all' ? [entities] : partsOf(entities)) {
        for (const { key, ...tally } of await selectTallies(db, { ...stretch, entities: some })) {
          add(tallies, key, tally)
        }
      }
      const took = performance.now() - began
      start = stretch.to
      length = Math.round((length * STRETCH_MS) / Math.max(took, 0.5))
      length = Math.max(SHORTEST_STRETCH, Math.min(LONGEST_STRETCH, length))
      await nextTurn()
    }
  }
}

/** Whole blocks, and the single hours before and behind them. */
function piecesOf({ from, to }: { from: number; to: number }) {
  const first = Math.ceil(from / BLOCK) * BLOCK
  const end = Math.floor(to / BLOCK) * BLOCK
  if (first >= end) return [{ hours: 1, from, to }]
  return [
    { hours: 1, from, to: first },
    { hours: BLOCK, from: first, to: end },
    { hours: 1, from: end, to },
  ]
}

function add(tallies: Map<number, Tally>, key: number, tally: Tally): void {
  const known = tallies.get(key)
  tallies.set(key, known === undefined ? tally : sum(known, tally))
}

function partsOf(entities: readonly number[]): (readonly number[])[] {
  const count = Math.ceil(entities.length / MAX_ENTITIES)
  return Array.from({ length: count }, (_, part) =>
    entities.slice(part * MAX_ENTITIES, (part + 1) * MAX_ENTITIES),
  )
}

/** One stretch of hours; the engine reads it off the primary key. */
function selectTallies(db: Kysely<Tables>, { hours, by, from, to, entities }: Question & { hours: number }) {
  let rows = db
    .selectFrom('glpi_plugin_callmanager_statistics')
    .select(({ fn, ref }) => [
      ref(by).as('key'),
      fn.sum<number>('found').as('found'),
      fn.sum<number>('none').as('none'),
      fn.sum<number>('several').as('several'),
    ])
    .where('hours', '=', hours)
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .groupBy(by)
  if (entities !== 'all') rows = rows.where('entities_id', 'in', entities)
  return rows.execute()
}

async function addLive(
  { db }: Storage,
  tallies: Map<number, Tally>,
  { by, from, to, entities }: Question,
  counted: number,
): Promise<void> {
  const asked = entities === 'all' ? undefined : new Set(entities)
  for (let after = counted; ; ) {
    const rows = await selectLookups(db, after, LIVE_ROWS)
    for (const row of rows) {
      const hour = hourOf(row.looked_up_at)
      if (!isLookup(row) || hour < from || hour >= to || asked?.has(row.entities_id) === false) continue
      add(tallies, by === 'hour' ? hour : row[by], tallyOf(row.hits))
    }
    after = rows.at(-1)?.id ?? after
    if (rows.length < LIVE_ROWS) return
    await nextTurn()
  }
}
