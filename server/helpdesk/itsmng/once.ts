import { AppError } from '../../domain/errors.ts'
import { MINUTE_MS } from '../../domain/times.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Made, Once } from '../helpdesk.ts'
import { RETRY_AFTER_S, type RequestKey, requestKey } from './request-key.ts'
import { isInDoubt } from './rest.ts'

/** Longer than any request to the host may take; after it, whoever made it no longer waits for its answer. */
const UNDER_WAY_MS = 3 * MINUTE_MS

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
  const key = requestKey(storage, agentId, once)
  const earlier = await key.take(after)
  if (earlier === undefined) return make(key, making, after)

  if (earlier.request_hash !== once.hash) throw new AppError('idempotency-key-reused')
  if (earlier.items_id > 0) return { id: earlier.items_id, replayed: true }
  const made = await making.find(-earlier.items_id)
  if (made !== undefined) {
    await key.settle(made)
    return { id: made, replayed: true }
  }
  const isUnderWay = Date.now() - earlier.created_at < UNDER_WAY_MS
  if (isUnderWay || !(await key.retake(earlier, after))) {
    throw new AppError('request-under-way', { retryAfter: RETRY_AFTER_S })
  }
  return make(key, making, after)
}

async function make(key: RequestKey, making: Making, after: number): Promise<Made> {
  const id = await makeOrFind(making, after, key.giveBack)
  // Where this fails the key stays taken, and what has been made is found by it.
  await key.settle(id)
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
