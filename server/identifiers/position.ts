import { type Expression, type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { logOverlap, logSlack, readByIndex, rowSum } from '../storage/dialect.ts'
import type { Engine, Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/** What a probe tells of the index: all that a look-up needs to know before it answers. */
export interface Standing {
  version: number
  rebuild_after: number | null
  rebuilt_at: number
  lease_until: number
  /** 1 where no user has changed on the host since the index last followed it. */
  current: number
}

/**
 * How far the index has followed the host, and where the host is now. The two are compared with each other only, never
 * with a clock: the host's `date_mod` is the start of its request, in whole seconds, and whole imports share one value.
 */
export interface Position extends Standing {
  logs_id: number
  users_date: string
  users_id: number
  rios_date: string
  rios_id: number
  rios_sum: number
  now_logs_id: number
  now_users_date: string
  now_users_id: number
  now_rios_date: string
  now_rios_id: number
}

/** How far changes have been followed, as (id) of the history and (date_mod, id) of the dated tables. */
export type Place = Pick<Position, 'logs_id' | 'users_date' | 'users_id' | 'rios_date' | 'rios_id'>

/** Where the host is now: a place behind which nothing is left to follow. */
export function placeNow(position: Position): Place {
  return {
    logs_id: position.now_logs_id,
    users_date: position.now_users_date,
    users_id: position.now_users_id,
    rios_date: position.now_rios_date,
    rios_id: position.now_rios_id,
  }
}

/** Before any date of the host's: MySQL refuses to compare a timestamp with an empty text. */
export const BEGINNING = '1970-01-02 00:00:00'

/** The tables that are followed by (date_mod, id). */
type Dated = 'glpi_users' | 'glpi_plugin_callmanager_users'

/** The probe: one row, every part of it read off the end of an index, and few rows however far the index is behind. */
export function selectStanding(db: Kysely<Tables>, engine: Engine) {
  return db
    .selectFrom('glpi_plugin_callmanager_index as state')
    .select(['state.version', 'state.rebuild_after', 'state.rebuilt_at', 'state.lease_until'])
    .select(({ eb, fn, ref, selectFrom }) => {
      const slack = sql.lit(logSlack[engine])
      const logsId = ref('state.logs_id')
      const newestSum = selectNewestLogs({ selectFrom }, logsId, engine)
      const ofUsers = db
        .selectFrom('glpi_logs')
        // Not by a condition, for which the range of ids would be left aside.
        .select(({ eb, fn }) =>
          fn
            .count<number>(eb.case().when('itemtype', '=', sql.lit('User')).then(sql.lit(1)).end())
            .as('count'),
        )
        .where('glpi_logs.id', '>', logsId)
        .where('glpi_logs.id', '<=', eb(logsId, '+', slack))
      const newest = fn.coalesce(
        db.selectFrom('glpi_logs').select(({ fn }) => fn.max('glpi_logs.id').as('id')),
        sql.lit(0),
      )
      const newestOf = (table: Dated) =>
        fn.coalesce(
          newestByDate(db, table).select(({ fn }) =>
            fn<string>('concat', [fn.coalesce('date_mod', sql.lit(BEGINNING)), sql.lit(' '), 'id']).as(
              'place',
            ),
          ),
          sql.lit(`${BEGINNING} 0`),
        )
      const placeOf = (
        date: 'state.users_date' | 'state.rios_date',
        id: 'state.users_id' | 'state.rios_id',
      ) => fn<string>('concat', [date, sql.lit(' '), id])
      return eb
        .and([
          // Where none of them is missing there is no place to take, and nothing to sum up.
          eb.or([
            eb('state.logs_count', '=', sql.lit(sumOfAll(logOverlap[engine]))),
            eb('state.logs_count', '=', newestSum),
          ]),
          // What lies behind that many has not been looked at.
          eb.between(newest, eb(logsId, '-', slack), eb(logsId, '+', slack)),
          eb(ofUsers, '=', sql.lit(0)),
          eb(newestOf('glpi_users'), '=', placeOf('state.users_date', 'state.users_id')),
          eb(newestOf('glpi_plugin_callmanager_users'), '=', placeOf('state.rios_date', 'state.rios_id')),
          ...(rowsHaveSums(engine) ? [eb('state.rios_sum', '=', selectNewestRios(db, engine))] : []),
        ])
        .as('current')
    })
    .where('state.id', '=', sql.lit(1))
    .$castTo<Standing>()
}

/** The same with every number of it. */
export function selectPosition(db: Kysely<Tables>, engine: Engine) {
  const newest = (table: Dated) => ({
    date: newestByDate(db, table).select('date_mod'),
    id: newestByDate(db, table).select('id'),
  })
  const [user, rio] = [newest('glpi_users'), newest('glpi_plugin_callmanager_users')]
  return selectStanding(db, engine)
    .select([
      'state.logs_id',
      'state.users_date',
      'state.users_id',
      'state.rios_date',
      'state.rios_id',
      'state.rios_sum',
    ])
    .select(({ selectFrom, fn }) => [
      fn
        .coalesce(
          selectFrom('glpi_logs').select(({ fn }) => fn.max('id').as('id')),
          sql.lit(0),
        )
        .as('now_logs_id'),
      fn.coalesce(user.date, sql.lit(BEGINNING)).as('now_users_date'),
      fn.coalesce(user.id, sql.lit(0)).as('now_users_id'),
      fn.coalesce(rio.date, sql.lit(BEGINNING)).as('now_rios_date'),
      fn.coalesce(rio.id, sql.lit(0)).as('now_rios_id'),
    ])
    .$castTo<Position>()
}

function newestByDate(db: Kysely<Tables>, table: Dated) {
  return db.selectFrom(table).orderBy('date_mod', 'desc').orderBy('id', 'desc').limit(sql.lit(1))
}

/**
 * A number for the newest history lines up to `logsId`, since lines that were committed late take their place among these
 * and a purge takes some away. Not their count: as many may come as go.
 */
function selectNewestLogs(
  db: Pick<ExpressionBuilder<Tables, keyof Tables>, 'selectFrom'>,
  logsId: Expression<number>,
  engine: Engine,
) {
  const begin = sql<number>`(${logsId} - ${sql.lit(logOverlap[engine])})`
  return db
    .selectFrom('glpi_logs')
    .select(sql<number>`coalesce(sum((glpi_logs.id - ${begin}) * (glpi_logs.id - ${begin})), 0)`.as('sum'))
    .where('glpi_logs.id', '>', begin)
    .where('glpi_logs.id', '<=', logsId)
}

/** The same of `count` lines, one of each id. */
const sumOfAll = (count: number): number => (count * (count + 1) * (2 * count + 1)) / 6

/**
 * So many rows of a second are summed up, those of the lowest ids: what is added to it later shows by its higher id. More are
 * written in one second by imports only, which leave lines of history.
 */
const MAX_NEWEST = 200

/** Where the sums of rows are always 0, none are to be compared. */
const rowsHaveSums = (engine: Engine): boolean => logOverlap[engine] > 0

/** Whose RIOs were written in the newest second of our table, and a number for each. */
export function newestRios(db: Kysely<Tables>, engine: Engine) {
  return db
    .selectFrom(readByIndex(engine, 'glpi_plugin_callmanager_users', 'kept'))
    .select(['kept.users_id', rowSum(engine, ['kept.users_id', 'kept.rio_number']).as('sum')])
    .where('kept.date_mod', '=', ({ selectFrom }) =>
      selectFrom('glpi_plugin_callmanager_users').select(({ fn }) => fn.max('date_mod').as('date')),
    )
    .orderBy('kept.id')
    .limit(sql.lit(MAX_NEWEST))
}

/**
 * A number for these: what the PHP plugin writes into that second, above which nothing new shows, and without a line in the
 * history, is no other change that the probe could see.
 */
function selectNewestRios(db: Kysely<Tables>, engine: Engine) {
  return db
    .selectFrom(newestRios(db, engine).as('newest'))
    .select(sql<number>`coalesce(sum(newest.sum), 0)`.as('sum'))
}

/** The same, as `rios_sum` keeps it. */
export async function sumNewestRios(tx: Kysely<Tables>, engine: Engine): Promise<number> {
  const { sum } = await selectNewestRios(tx, engine).executeTakeFirstOrThrow()
  return sum
}

/** The number of the newest history lines up to `logsId`, as `logs_count` keeps it. */
export async function sumNewestLogs(tx: Kysely<Tables>, engine: Engine, logsId: number): Promise<number> {
  const { sum } = await selectNewestLogs(tx, sql.lit(logsId), engine).executeTakeFirstOrThrow()
  return sum
}

/**
 * Takes the row's lock where the engine has row locks, until the transaction ends: what follows, rebuilds or claims keys is
 * done one after another. First in its transaction, so that what is read afterwards is what the others have left.
 */
export async function lockPosition(tx: Kysely<Tables>): Promise<void> {
  await tx.updateTable('glpi_plugin_callmanager_index').set({ id: 1 }).where('id', '=', 1).execute()
}

/** Writes nothing, which a server that takes no writes refuses all the same. */
export async function tryWriting(storage: Storage): Promise<void> {
  await storage.write('normal', (tx) =>
    tx.updateTable('glpi_plugin_callmanager_index').set({ id: 0 }).where('id', '=', 0).execute(),
  )
}

/** A rebuild by the rules of today has at least begun, and with it the index's position after the host. */
export function isFollowed(standing: Standing): boolean {
  return standing.version === KEYS_VERSION
}

/** The index is whole and made by the rules of today: no rebuild is under way. */
export function isBuilt(standing: Standing): boolean {
  return isFollowed(standing) && standing.rebuild_after === null
}

/** The same, or it was whole before and is only being compared once more. */
export function wasBuilt(standing: Standing): boolean {
  return isBuilt(standing) || (isFollowed(standing) && standing.rebuilt_at > 0)
}

/** No user has changed on the host since the index last followed it. */
export function isCurrent(standing: Standing): boolean {
  return standing.current === 1
}
