import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { DAY_MS } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Made, Once } from './helpdesk.ts'

const KEPT_MS = DAY_MS
/** Rows a transaction, so that nobody waits long for it. */
const PURGE_CHUNK = 500

/**
 * Makes something in a transaction, once for each of the agent's keys: what fails is undone together with its key. For
 * a helpdesk whose tables stand in this database; another has to take the key before it asks.
 * Throws `idempotency-key-reused` for another request under the same key.
 */
export async function makeOnce(
  storage: Storage,
  agentId: number,
  once: Once | undefined,
  make: (tx: Kysely<Tables>) => Promise<number>,
): Promise<Made> {
  if (once === undefined)
    return storage.write('full', async (tx) => ({ id: await make(tx), replayed: false }))
  const key = { users_id: agentId, idempotency_key: once.key }
  // Repetitions that arrive together wait here: if they waited for the key's row, the first one's rollback would have InnoDB
  // end the others as deadlocks.
  return storage.alone([`idempotency-key ${agentId} ${once.key}`], () =>
    storage.write('full', async (tx) => {
      const before = await tx
        .selectFrom('glpi_plugin_callmanager_idempotency')
        .select(['request_hash', 'items_id'])
        .where(({ and }) => and(key))
        .executeTakeFirst()
      if (before !== undefined) {
        if (before.request_hash !== once.hash) throw new AppError('idempotency-key-reused')
        return { id: before.items_id, replayed: true }
      }
      const id = await make(tx)
      await tx
        .insertInto('glpi_plugin_callmanager_idempotency')
        .values({ ...key, request_hash: once.hash, items_id: id, created_at: Date.now() })
        .execute()
      return { id, replayed: false }
    }),
  )
}

/** Forgets keys after a day. */
export async function purgeKeys(storage: Storage): Promise<void> {
  const before = Date.now() - KEPT_MS
  for (;;) {
    const oldest = await storage.db
      .selectFrom('glpi_plugin_callmanager_idempotency')
      .select('created_at')
      .where('created_at', '<', before)
      .orderBy('created_at')
      .limit(PURGE_CHUNK)
      .execute()
    const last = oldest.at(-1)
    if (last === undefined) return
    await storage.write('normal', (tx) =>
      tx
        .deleteFrom('glpi_plugin_callmanager_idempotency')
        .where('created_at', '<=', last.created_at)
        .execute(),
    )
  }
}
