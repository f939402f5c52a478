import { AppError } from '../../domain/errors.ts'
import { MINUTE_MS } from '../../domain/times.ts'
import { isUniqueViolation } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Made, Once } from '../helpdesk.ts'
import { isInDoubt } from './rest.ts'

/** Longer than any request to the host may take; after it, whoever made it no longer waits for its answer. */
const UNDER_WAY_MS = 3 * MINUTE_MS
const RETRY_AFTER_S = 5

interface Making {
  /** Asks the host to make it; answers its id. */
  make(): Promise<number>
  /** The newest id there is of its kind. */
  newest(): Promise<number>
  /** What the host has made of this very request with an id behind `after`, if it has. */
  find(after: number): Promise<number | undefined>
}

/**
 * Makes something by the host once for each of the agent's keys. The key is taken before the host is asked, with the newest
 * id of that moment: a request whose answer was lost is recognised by what the host has made since, by whichever process is
 * asked again. A key whose request the host has refused is free again.
 */
export async function makeOnceByHost(
  storage: Storage,
  agentId: number,
  once: Once | undefined,
  making: Making,
): Promise<Made> {
  const after = await making.newest()
  if (once === undefined) return { id: await makeOrFind(making, after), replayed: false }
  const earlier = await takeKey(storage, agentId, once, after)
  if (earlier === undefined) return make(storage, agentId, once, making, after)

  if (earlier.request_hash !== once.hash) throw new AppError('idempotency-key-reused')
  if (earlier.items_id > 0) return { id: earlier.items_id, replayed: true }
  const made = await making.find(-earlier.items_id)
  if (made !== undefined) {
    await settle(storage, agentId, once, made)
    return { id: made, replayed: true }
  }
  if (
    Date.now() - earlier.created_at < UNDER_WAY_MS ||
    !(await retakeKey(storage, agentId, once, earlier, after))
  ) {
    throw new AppError('request-under-way', { retryAfter: RETRY_AFTER_S })
  }
  return make(storage, agentId, once, making, after)
}

async function make(
  storage: Storage,
  agentId: number,
  once: Once,
  making: Making,
  after: number,
): Promise<Made> {
  const id = await makeOrFind(making, after, () => giveKeyBack(storage, agentId, once))
  // Where this fails the key stays taken, and what has been made is found by it.
  await settle(storage, agentId, once, id)
  return { id, replayed: false }
}

/** A lost answer is no failure where the host has done what it was asked; only what it has refused was surely not done. */
async function makeOrFind(
  { make, find }: Making,
  after: number,
  onRefused = async (): Promise<void> => undefined,
): Promise<number> {
  try {
    return await make()
  } catch (error) {
    if (!isInDoubt(error)) {
      await onRefused()
      throw error
    }
    const id = await find(after)
    if (id === undefined) throw error
    return id
  }
}

interface Key {
  request_hash: string
  /** What was made; until that is known the newest id before, negative. */
  items_id: number
  created_at: number
}

/** Takes a key; answers what is known of it where it was taken before. */
async function takeKey(
  storage: Storage,
  agentId: number,
  once: Once,
  after: number,
): Promise<Key | undefined> {
  try {
    await storage.write('full', (tx) =>
      tx
        .insertInto('glpi_plugin_callmanager_idempotency')
        .values({
          users_id: agentId,
          idempotency_key: once.key,
          request_hash: once.hash,
          items_id: -after,
          created_at: Date.now(),
        })
        .execute(),
    )
    return undefined
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return readKey(storage, agentId, once)
  }
}

/** Whoever held it may give it back before it is read; the request itself is then free to be sent again. */
function readKey({ db }: Storage, agentId: number, { key }: Once): Promise<Key> {
  return db
    .selectFrom('glpi_plugin_callmanager_idempotency')
    .select(['request_hash', 'items_id', 'created_at'])
    .where('users_id', '=', agentId)
    .where('idempotency_key', '=', key)
    .executeTakeFirstOrThrow(() => new AppError('request-under-way', { retryAfter: RETRY_AFTER_S }))
}

/** Takes over a key whose request has come to nothing; of two who try, one does. */
async function retakeKey(
  storage: Storage,
  agentId: number,
  { key }: Once,
  { created_at }: Key,
  after: number,
): Promise<boolean> {
  const [taken] = await storage.write('full', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_idempotency')
      .set({ items_id: -after, created_at: Date.now() })
      .where('users_id', '=', agentId)
      .where('idempotency_key', '=', key)
      .where('created_at', '=', created_at)
      .execute(),
  )
  return taken?.numUpdatedRows === 1n
}

async function settle(storage: Storage, agentId: number, { key }: Once, id: number): Promise<void> {
  await storage.write('full', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_idempotency')
      .set({ items_id: id })
      .where('users_id', '=', agentId)
      .where('idempotency_key', '=', key)
      .execute(),
  )
}

async function giveKeyBack(storage: Storage, agentId: number, { key }: Once): Promise<void> {
  await storage.write('full', (tx) =>
    tx
      .deleteFrom('glpi_plugin_callmanager_idempotency')
      .where('users_id', '=', agentId)
      .where('idempotency_key', '=', key)
      .execute(),
  )
}
