import { type Expression, type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { logOverlap } from '../storage/dialect.ts'
import type { Engine, Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/**
 * How far the index has followed the host, and where the host is now. The two are compared with each other only, never
 * with a clock: the host's `date_mod` is the start of its request, in whole seconds, and whole imports share one value.
 */
export interface Position {
  version: number
  rebuild_after: number | null
  rebuilt_at: number
  lease_until: number
  logs_id: number
  logs_sum: number
  users_date: string
  users_id: number
  rios_date: string
  rios_id: number
  now_logs_id: number
  now_logs_sum: number
  now_users_date: string
  now_users_id: number
  now_rios_date: string
  now_rios_id: number
}

/** Before any date of the host's: MySQL refuses to compare a timestamp with an empty text. */
const BEGINNING = '1970-01-02 00:00:00'

/** The probe: one row, every part of it read off the end of an index. */
export function selectPosition(db: Kysely<Tables>, engine: Engine) {
  return db
    .selectFrom('glpi_plugin_callmanager_index as state')
    .select([
      'state.version',
      'state.rebuild_after',
      'state.rebuilt_at',
      'state.lease_until',
      'state.logs_id',
      'state.logs_count as logs_sum',
      'state.users_date',
      'state.users_id',
      'state.rios_date',
      'state.rios_id',
    ])
    .select(({ selectFrom, fn, ref }) => [
      fn
        .coalesce(
          selectFrom('glpi_logs').select(({ fn }) => fn.max('id').as('id')),
          sql.lit(0),
        )
        .as('now_logs_id'),
      selectNewestLogs({ selectFrom }, ref('state.logs_id'), engine).as('now_logs_sum'),
      fn
        .coalesce(
          selectFrom('glpi_users')
            .select('date_mod')
            .orderBy('date_mod', 'desc')
            .orderBy('id', 'desc')
            .limit(sql.lit(1)),
          sql.lit(BEGINNING),
        )
        .as('now_users_date'),
      fn
        .coalesce(
          selectFrom('glpi_users')
            .select('id')
            .orderBy('date_mod', 'desc')
            .orderBy('id', 'desc')
            .limit(sql.lit(1)),
          sql.lit(0),
        )
        .as('now_users_id'),
      fn
        .coalesce(
          selectFrom('glpi_plugin_callmanager_users')
            .select('date_mod')
            .orderBy('date_mod', 'desc')
            .orderBy('id', 'desc')
            .limit(sql.lit(1)),
          sql.lit(BEGINNING),
        )
        .as('now_rios_date'),
      fn
        .coalesce(
          selectFrom('glpi_plugin_callmanager_users')
            .select('id')
            .orderBy('date_mod', 'desc')
            .orderBy('id', 'desc')
            .limit(sql.lit(1)),
          sql.lit(0),
        )
        .as('now_rios_id'),
    ])
    .where('state.id', '=', sql.lit(1))
    .$castTo<Position>()
}

/**
 * A number for the newest history lines up to `logsId`, since lines that were committed late take their place among these
 * and a purge takes some away. Not their count: as many may come as go.
 */
export function selectNewestLogs(
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
export function isFollowed(position: Position): boolean {
  return position.version === KEYS_VERSION
}

/** The index is whole and made by the rules of today: no rebuild is under way. */
export function isBuilt(position: Position): boolean {
  return isFollowed(position) && position.rebuild_after === null
}

/** The same, or it was whole before and is only being compared once more. */
export function wasBuilt(position: Position): boolean {
  return isBuilt(position) || (isFollowed(position) && position.rebuilt_at > 0)
}

/** Nothing has changed on the host since the index last followed it. */
export function isCurrent(position: Position): boolean {
  return (
    position.logs_id === position.now_logs_id &&
    position.logs_sum === position.now_logs_sum &&
    position.users_date === position.now_users_date &&
    position.users_id === position.now_users_id &&
    position.rios_date === position.now_rios_date &&
    position.rios_id === position.now_rios_id
  )
}
