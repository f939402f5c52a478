import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { isUniqueViolation } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Made, Once } from './helpdesk.ts'

const KEPT_MS = 24 * 3_600_000
/** Rows a transaction, so that nobody waits long for it. */
const PURGE_CHUNK = 500

/** Stands in a reserved row until there is something to point to. */
const NOTHING_YET = 0

/**
 * Takes a key for a request that is about to be done; answers what an earlier one under the same key has made, or null
 * where this is the first. Must be the first statement of its transaction: on MariaDB a repetition that arrives at the
 * same moment waits here until the first has committed, and then reads what that one wrote.
 * Throws `idempotency-key-reused` for another request under the same key.
 */
async function reserve(tx: Kysely<Tables>, usersId: number, { key, hash }: Once): Promise<number | null> {
  try {
    await tx
      .insertInto('glpi_plugin_callmanager_idempotency')
      .values({
        users_id: usersId,
        idempotency_key: key,
        request_hash: hash,
        items_id: NOTHING_YET,
        created_at: Date.now(),
      })
      .execute()
    return null
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  const earlier = await tx
    .selectFrom('glpi_plugin_callmanager_idempotency')
    .select(['request_hash', 'items_id'])
    .where('users_id', '=', usersId)
    .where('idempotency_key', '=', key)
    .executeTakeFirstOrThrow()
  if (earlier.request_hash !== hash) throw new AppError('idempotency-key-reused')
  return earlier.items_id
}

/** Notes what the request under a reserved key has made. */
async function complete(tx: Kysely<Tables>, usersId: number, { key }: Once, itemsId: number): Promise<void> {
  await tx
    .updateTable('glpi_plugin_callmanager_idempotency')
    .set({ items_id: itemsId })
    .where('users_id', '=', usersId)
    .where('idempotency_key', '=', key)
    .execute()
}

/** Makes something in this transaction, once for each key: what fails is undone together with its key. */
export async function makeOnce(
  tx: Kysely<Tables>,
  usersId: number,
  once: Once | undefined,
  make: () => Promise<number>,
): Promise<Made> {
  if (once === undefined) return { id: await make(), replayed: false }
  const earlier = await reserve(tx, usersId, once)
  if (earlier !== null) return { id: earlier, replayed: true }
  const id = await make()
  await complete(tx, usersId, once, id)
  return { id, replayed: false }
}

/** Forgets keys after a day. */
export async function purgeKeys(storage: Storage): Promise<void> {
  const before = Date.now() - KEPT_MS
  for (;;) {
    const oldest = await storage.db
      .selectFrom('glpi_plugin_callmanager_idempotency')
      .select('created_at')
      .orderBy('created_at')
      .limit(PURGE_CHUNK)
      .execute()
    const last = oldest.findLast((row) => row.created_at < before)
    if (last === undefined) return
    await storage.write('normal', (tx) =>
      tx
        .deleteFrom('glpi_plugin_callmanager_idempotency')
        .where('created_at', '<=', last.created_at)
        .execute(),
    )
  }
}
