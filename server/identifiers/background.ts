import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { advance } from './catch-up.ts'
import { holdLease, releaseLease } from './lease.ts'
import { isBuilt, isCurrent, selectStanding } from './position.ts'
import { continueRebuild, type RebuildProgress, startRebuild } from './rebuild.ts'
import { type IndexDependencies, readKeyRules } from './refresh.ts'

/** Users a step; a transaction then takes some milliseconds. */
const STEP = 50
const PAUSE_MS = 5

/**
 * Brings the index up to date where it lags far behind or was never built, unless another process is at it. Resolves when
 * it is done (`true`) or when it is left to others (`false`): to another process, or to the next start where `mayGoOn`
 * says no, which is asked before each chunk. `owner` is the name by which the others know this process.
 */
export async function bringUpToDate(
  dependencies: IndexDependencies,
  onProgress: (progress: RebuildProgress) => void = () => {},
  owner: string = randomUUID(),
  mayGoOn: () => boolean = () => true,
): Promise<boolean> {
  const { storage } = dependencies
  // A term that ended meanwhile (a suspended machine) makes it another's work.
  const isOurs = async (): Promise<boolean> => mayGoOn() && (await holdLease(storage, owner))
  if (!(await isOurs())) return false
  try {
    const before = await selectStanding(storage.db, storage.engine).executeTakeFirstOrThrow()
    if (before.version !== KEYS_VERSION) await startRebuild(storage)
    await continueRebuild(dependencies, onProgress, isOurs)
    const seenLogs = new Set<number>()
    for (;;) {
      if (!(await isOurs())) return false
      const standing = await selectStanding(storage.db, storage.engine).executeTakeFirstOrThrow()
      if (isCurrent(standing)) return isBuilt(standing)
      const { more } = await advance(storage, await readKeyRules(dependencies), STEP, seenLogs)
      // What has come since is for those who look up: on a busy host something always has.
      if (!more) return isBuilt(standing)
      await sleep(PAUSE_MS)
    }
  } finally {
    await releaseLease(storage, owner)
  }
}
