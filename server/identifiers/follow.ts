import type { RioStorageMethod } from '../../contract/settings.ts'
import { coalesce } from '../storage/coalesce.ts'
import { advance } from './catch-up.ts'
import { isBuilt, isCurrent, isFollowed, type Position, selectPosition, wasBuilt } from './position.ts'
import { type IndexDependencies, type KeyRules, readKeyRules } from './refresh.ts'

/**
 * Up to so many changes of each kind (history lines, users, RIOs) are followed before the answer; more are caught up in the
 * background, and look-ups meanwhile follow a few each, so that they stay quick.
 */
const AT_ONCE = 500
const WHILE_BEHIND = 20

export interface Following {
  /** False while the index is being built or catches up; an exact RIO is then also asked of its own column. */
  current: boolean
  /** Whether every RIO is in the index, as of then; also while a whole index is being compared once more. */
  complete: boolean
  /** Whether more has changed than was followed; those users' rows are then also asked themselves. */
  behind: boolean
  /** Where RIOs are kept, and how keys are made, as of then. */
  method: RioStorageMethod
  rules: KeyRules
}

/**
 * Makes the index follow the host before every answer, hit or miss: one probe, and where something has changed, those
 * users' keys.
 */
export function createFollower(dependencies: IndexDependencies, startBackground: () => void) {
  const { storage, settings } = dependencies
  const probe = storage.prepare<Position, object>((db) => selectPosition(db, storage.engine))
  const seenLogs = new Set<number>()
  let behind = false

  async function bringToNow(rules: KeyRules): Promise<Pick<Following, 'current' | 'complete' | 'behind'>> {
    const [position] = await probe({})
    if (position === undefined) throw new Error('the row of glpi_plugin_callmanager_index is missing')
    const built = isBuilt(position)
    if (!built) startBackground()
    // Keys by other rules, or none at all: there is nothing yet to be kept up to date.
    if (!isFollowed(position)) return { current: false, complete: false, behind: false }
    // A rebuild goes through an index that may well be whole (the daily sweep), so changes are followed meanwhile.
    if (isCurrent(position)) return { current: built, complete: wasBuilt(position), behind: false }
    const { more } = await advance(storage, rules, behind ? WHILE_BEHIND : AT_ONCE, seenLogs)
    behind = more
    if (more && built) startBackground()
    return { current: built && !more, complete: wasBuilt(position) && !more, behind: more }
  }

  async function follow(): Promise<Following> {
    const [{ rio_storage_method: method }, rules] = await Promise.all([
      settings.read(),
      readKeyRules(dependencies),
    ])
    return { ...(await bringToNow(rules)), method, rules }
  }
  const shared = coalesce((_: 'position') => follow())
  return () => shared('position')
}
