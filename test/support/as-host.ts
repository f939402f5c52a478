import type { Storage } from '../../server/storage/storage.ts'

/**
 * A storage that is attached to a host may read its tables and no more; what a test does as the host itself, it does over
 * another account. Remembered here, so that fixtures find it wherever they are handed the product's storage.
 */
const sides = new WeakMap<Storage, Storage>()

export function setHostSide(storage: Storage, host: Storage): void {
  sides.set(storage, host)
}

/** The same database as the helpdesk itself opens it; the same storage where the helpdesk is ours. */
export function asHost(storage: Storage): Storage {
  return sides.get(storage) ?? storage
}
