import { type Kysely, sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { DAY_MS } from '../domain/times.ts'
import { lockingEnd, orUpdateEnd } from '../storage/dialect.ts'
import type { Engine, Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Made, Once } from './helpdesk.ts'

const KEPT_MS = DAY_MS
/** Seen by nobody but the transaction that is at it. */
const NOTHING_YET = 0
/** Rows a transaction, so that nobody waits long for it. */
const PURGE_CHUNK = 500

/**
 * Makes something in this transaction, once for each of the agent's keys: what fails is undone together with its key. For
 * a helpdesk whose tables stand in this database; another has to take the key before it asks.
 * Throws `idempotency-key-reused` for another request under the same key.
 */
export async function makeOnce(
  tx: Kysely<Tables>,
  engine: Engine,
  agentId: number,
  once: Once | undefined,
  make: () => Promise<number>,
): Promise<Made> {
  if (once === undefined) return { id: await make(), replayed: false }
  const key = { users_id: agentId, idempotency_key: once.key }
  // Held until the commit, and first of all: repetitions that arrive together wait here, and then read what was made.
  await tx
    .insertInto('glpi_plugin_callmanager_idempotency')
    .values({ ...key, request_hash: once.hash, items_id: NOTHING_YET, created_at: Date.now() })
    .modifyEnd(orUpdateEnd(engine, ['users_id', 'idempotency_key'], sql`items_id = items_id`))
    .execute()
  const { request_hash: hash, items_id: made } = await tx
    .selectFrom('glpi_plugin_callmanager_idempotency')
    .select(['request_hash', 'items_id'])
    .where(({ and }) => and(key))
    .modifyEnd(lockingEnd(engine))
    .executeTakeFirstOrThrow()
  if (made !== NOTHING_YET) {
    if (hash !== once.hash) throw new AppError('idempotency-key-reused')
    return { id: made, replayed: true }
  }
  const id = await make()
  await tx
    .updateTable('glpi_plugin_callmanager_idempotency')
    .set({ items_id: id })
    .where(({ and }) => and(key))
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
