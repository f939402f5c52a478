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
 * Makes something in this transaction, once for each of the agent's keys: what fails is undone together with its key. For
 * a helpdesk whose tables stand in this database; another has to take the key before it asks.
 * Throws `idempotency-key-reused` for another request under the same key.
 */
export async function makeOnce(
  tx: Kysely<Tables>,
  agentId: number,
  once: Once | undefined,
  make: () => Promise<number>,
): Promise<Made> {
  if (once === undefined) return { id: await make(), replayed: false }
  // Held until the commit, and first of all: repetitions that arrive together wait here, and then read what was made.
  await tx.updateTable('glpi_users').set({ id: agentId }).where('id', '=', agentId).execute()
  const earlier = await tx
    .selectFrom('glpi_plugin_callmanager_idempotency')
    .select(['request_hash', 'items_id'])
    .where('users_id', '=', agentId)
    .where('idempotency_key', '=', once.key)
    .executeTakeFirst()
  if (earlier !== undefined) {
    if (earlier.request_hash !== once.hash) throw new AppError('idempotency-key-reused')
    return { id: earlier.items_id, replayed: true }
  }
  const id = await make()
  await tx
    .insertInto('glpi_plugin_callmanager_idempotency')
    .values({
      users_id: agentId,
      idempotency_key: once.key,
      request_hash: once.hash,
      items_id: id,
      created_at: Date.now(),
    })
    .execute()
  return { id, replayed: false }
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
