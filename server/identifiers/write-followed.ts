import type { Kysely } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { advanceIn } from './catch-up.ts'
import {
  isCurrent,
  isFollowed,
  lockPosition,
  placeNow,
  selectPosition,
  sumNewestLogs,
  sumNewestRios,
} from './position.ts'
import { type KeyRules, refreshUsers } from './refresh.ts'

/** How many changes of others are followed first; more are left to those who look up. */
const AT_ONCE = 500

/**
 * Runs `work`, which writes many users, in its transaction, with the index brought to now before it and made to agree
 * with what it has written after: it can rely on the index, and nobody who looks up has to follow so many changes.
 */
export async function writeFollowed<Result extends { usersIds: readonly number[] }>(
  storage: Storage,
  tx: Kysely<Tables>,
  rules: KeyRules,
  work: () => Promise<Result>,
): Promise<Result> {
  await lockPosition(tx)
  let position = await selectPosition(tx, storage.engine).executeTakeFirstOrThrow()
  if (isFollowed(position) && !isCurrent(position)) {
    await advanceIn(storage, tx, rules, AT_ONCE)
    position = await selectPosition(tx, storage.engine).executeTakeFirstOrThrow()
  }
  const followed = isFollowed(position) && isCurrent(position)
  const result = await work()
  await refreshUsers(storage, tx, { ids: result.usersIds }, rules)
  if (!followed || result.usersIds.length === 0) return result
  const now = await selectPosition(tx, storage.engine).executeTakeFirstOrThrow()
  await tx
    .updateTable('glpi_plugin_callmanager_index')
    .set({
      ...placeNow(now),
      logs_count: await sumNewestLogs(tx, storage.engine, now.now_logs_id),
      rios_sum: await sumNewestRios(tx, storage.engine),
    })
    .where('id', '=', 1)
    .execute()
  return result
}
