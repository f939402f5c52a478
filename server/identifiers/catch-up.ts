import type { Kysely } from 'kysely'
import { logOverlap } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import {
  lockPosition,
  newestRios,
  type Position,
  selectPosition,
  sumNewestLogs,
  sumNewestRios,
} from './position.ts'
import { type KeyRules, refreshUsers } from './refresh.ts'

export interface Advance {
  /** How many users were looked at again. */
  users: number
  /** Whether the host had more changes than the limit; another step is then due. */
  more: boolean
}

/**
 * One step after the host, in one transaction: the users that changed since the index's position, at most `limit` from
 * each place where changes show, and the position moved past them.
 *
 * `seenLogs` remembers, for one process, which of the newest history rows it has already dealt with, because those are
 * read again at each step (see `logOverlap`).
 */
export async function advance(
  storage: Storage,
  rules: KeyRules,
  limit: number,
  seenLogs: Set<number>,
): Promise<Advance> {
  const step = await storage.write('normal', (tx) => advanceIn(storage, tx, rules, limit, seenLogs))
  // Only now: a transaction that is rolled back, and perhaps run again, has dealt with nothing.
  // Lines that are gone with a purge are forgotten: their numbers may come again where a server starts anew.
  seenLogs.clear()
  for (const log of step.logs) if (log.id > step.watchedFrom) seenLogs.add(log.id)
  return { users: step.users, more: step.more }
}

/** The same in a transaction of the caller's. Also answers which history rows it has seen, for `seenLogs`. */
export async function advanceIn(
  storage: Storage,
  tx: Kysely<Tables>,
  rules: KeyRules,
  limit: number,
  seenLogs: ReadonlySet<number> = new Set(),
): Promise<Advance & { logs: { id: number }[]; watchedFrom: number }> {
  await lockPosition(tx)
  const position = await selectPosition(tx, storage.engine).executeTakeFirstOrThrow()
  const overlap = logOverlap[storage.engine]

  const logs = await tx
    .selectFrom('glpi_logs')
    .select(['id', 'items_id'])
    .where('id', '>', position.logs_id - overlap)
    .where('itemtype', '=', 'User')
    .orderBy('id')
    .limit(limit + overlap)
    .execute()
  const moreLogs = logs.length === limit + overlap
  const changes = changesSince(tx, position)
  const users = await first(limit, changes.users)
  const rios = await first(limit, changes.rios)

  const ids = new Set<number>()
  for (const log of logs) if (!seenLogs.has(log.id)) ids.add(log.items_id)
  for (const user of users) ids.add(user.id)
  for (const rio of rios) ids.add(rio.users_id)
  const riosSum = await sumNewestRios(tx, storage.engine)
  if (riosSum !== position.rios_sum) {
    for (const rio of await newestRios(tx, storage.engine).execute()) ids.add(rio.users_id)
  }
  await refreshUsers(storage, tx, { ids: [...ids] }, rules)

  const logsId = moreLogs ? (logs.at(-1)?.id ?? position.now_logs_id) : position.now_logs_id
  const lastUser = users.length === limit ? users.at(-1) : undefined
  const lastRio = rios.length === limit ? rios.at(-1) : undefined
  await tx
    .updateTable('glpi_plugin_callmanager_index')
    .set({
      logs_id: logsId,
      logs_count: await sumNewestLogs(tx, storage.engine, logsId),
      users_date: lastUser?.date_mod ?? position.now_users_date,
      users_id: lastUser?.id ?? position.now_users_id,
      rios_date: lastRio?.date_mod ?? position.now_rios_date,
      rios_id: lastRio?.id ?? position.now_rios_id,
      rios_sum: riosSum,
    })
    .where('id', '=', 1)
    .execute()

  const more = moreLogs || lastUser !== undefined || lastRio !== undefined
  return { users: ids.size, more, logs, watchedFrom: logsId - overlap }
}

/**
 * What has changed since a position, in the order of (date_mod, id). In two ranges, the second and what is later: as one
 * condition with an OR, SQLite reads the index from its beginning.
 */
export function changesSince(
  tx: Kysely<Tables>,
  position: Pick<Position, 'users_date' | 'users_id' | 'rios_date' | 'rios_id'>,
) {
  const users = tx.selectFrom('glpi_users').select(['id', 'date_mod'])
  const rios = tx.selectFrom('glpi_plugin_callmanager_users').select(['id', 'users_id', 'date_mod'])
  return {
    users: [
      users.where('date_mod', '=', position.users_date).where('id', '>', position.users_id).orderBy('id'),
      users.where('date_mod', '>', position.users_date).orderBy('date_mod').orderBy('id'),
    ],
    rios: [
      rios.where('date_mod', '=', position.rios_date).where('id', '>', position.rios_id).orderBy('id'),
      rios.where('date_mod', '>', position.rios_date).orderBy('date_mod').orderBy('id'),
    ],
  }
}

interface Range<Row> {
  limit(most: number): { execute(): Promise<Row[]> }
}

/** The first rows of several ranges together. */
export async function first<Row>(limit: number, ranges: readonly Range<Row>[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const range of ranges) {
    if (rows.length < limit) rows.push(...(await range.limit(limit - rows.length).execute()))
  }
  return rows
}
