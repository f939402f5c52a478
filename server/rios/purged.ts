import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Storage } from '../storage/storage.ts'

/** Rows a step; a reading of so many takes a millisecond or two, and a transaction that removes some as long. */
const STEP = 500

/**
 * Removes the rows of our table whose users the helpdesk has purged, which tells nobody. A user counts as gone for good only
 * where a later one is there: while a host's table is being filled again from a dump, those that are still to come are
 * missing as well. Answers how many were removed.
 */
export async function removePurgedRios(storage: Storage): Promise<number> {
  let removed = 0
  for (let after = 0; ; ) {
    const rows = await storage.db
      .selectFrom('glpi_plugin_callmanager_users as kept')
      .leftJoin('glpi_users as user', 'user.id', 'kept.users_id')
      .select(['kept.id', 'user.id as user'])
      .where('kept.id', '>', after)
      .orderBy('kept.id')
      .limit(STEP)
      .execute()
    const orphans = rows.flatMap(({ id, user }) => (user === null ? [id] : []))
    if (orphans.length > 0) removed += await remove(storage, orphans)
    const last = rows.at(-1)
    if (last === undefined || rows.length < STEP) return removed
    after = last.id
    await nextTurn()
  }
}

/** Looks again before it removes anything: nothing that was read before the transaction counts. */
async function remove(storage: Storage, ids: readonly number[]): Promise<number> {
  return storage.write('full', async (tx) => {
    const gone = await tx
      .selectFrom('glpi_plugin_callmanager_users as kept')
      .select('kept.id')
      .where('kept.id', 'in', ids)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('glpi_users').select('glpi_users.id').whereRef('glpi_users.id', '=', 'kept.users_id'),
          ),
        ),
      )
      .where('kept.users_id', '<', ({ selectFrom }) =>
        selectFrom('glpi_users').select(({ fn }) => fn.max('glpi_users.id').as('newest')),
      )
      .execute()
    if (gone.length === 0) return 0
    const { numDeletedRows: count } = await tx
      .deleteFrom('glpi_plugin_callmanager_users')
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .executeTakeFirstOrThrow()
    return Number(count)
  })
}
