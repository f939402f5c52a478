import type { RioStorageMethod } from '../../contract/settings.ts'
import { coalesce } from '../storage/coalesce.ts'
import { advance } from './catch-up.ts'
import { isBuilt, isCurrent, isFollowed, type Standing, selectStanding, wasBuilt } from './position.ts'
import { type IndexDependencies, type KeyRules, readKeyRules } from './refresh.ts'

/**
 * Up to so many changes of each kind (history lines, users, RIOs) are followed before the answer; more are caught up in the
 * background, and look-ups meanwhile follow a few each, so that they stay quick.
 */
const AT_ONCE = 500
const WHILE_BEHIND = 20

/** Where RIOs are kept, and how keys are made. */
interface Keeping {
  method: RioStorageMethod
  rules: KeyRules
}

/** The same, as of when the index was brought to now. */
export interface Following extends Keeping {
  /** False while the index is being built or catches up; an exact RIO is then also asked of its own column. */
  current: boolean
  /** Whether every RIO is in the index, as of then; also while a whole index is being compared once more. */
  complete: boolean
  /** Whether more has changed than was followed; those users' rows are then also asked themselves. */
  behind: boolean
}

export interface Follow {
  /** Brings the index to now; those who ask in the same turn share it. */
  (): Promise<Following>
  keeping(): Promise<Keeping>
  /** What a probe of one's own says of the index; undefined where there is something to be followed first. */
  judge(standing: Standing, keeping: Keeping): Following | undefined
}

/**
 * Makes the index follow the host before every answer, hit or miss: one probe, and where something has changed, those
 * users' keys.
 */
export function createFollower(dependencies: IndexDependencies, startBackground: () => void): Follow {
  const { storage, settings } = dependencies
  const probe = storage.prepare<Standing, object>((db) => selectStanding(db, storage.engine))
  const seenLogs = new Set<number>()
  let behind = false

  async function keeping(): Promise<Keeping> {
    const [{ rio_storage_method: method }, rules] = await Promise.all([
      settings.read(),
      readKeyRules(dependencies),
    ])
    return { method, rules }
  }

  function judge(standing: Standing, keeping: Keeping): Following | undefined {
    const built = isBuilt(standing)
    if (!built) startBackground()
    // Keys by other rules, or none at all: there is nothing yet to be kept up to date.
    if (!isFollowed(standing)) return { ...keeping, current: false, complete: false, behind: false }
    if (!isCurrent(standing)) return undefined
    // A rebuild goes through an index that may well be whole (the daily sweep), so changes are followed meanwhile.
    return { ...keeping, current: built, complete: wasBuilt(standing), behind: false }
  }

  async function follow(): Promise<Following> {
    const known = await keeping()
    const [standing] = await probe({})
    if (standing === undefined) throw new Error('the row of glpi_plugin_callmanager_index is missing')
    const following = judge(standing, known)
    if (following !== undefined) return following
    const { more } = await advance(storage, known.rules, behind ? WHILE_BEHIND : AT_ONCE, seenLogs)
    behind = more
    const built = isBuilt(standing)
    if (more && built) startBackground()
    return { ...known, current: built && !more, complete: wasBuilt(standing) && !more, behind: more }
  }
  const shared = coalesce((_: 'position') => follow())

  return Object.assign(() => shared('position'), { keeping, judge })
}
