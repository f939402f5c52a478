import { coalesce } from '../storage/coalesce.ts'
import { advance } from './catch-up.ts'
import { isBuilt, isCurrent, isFollowed, type Position, selectPosition } from './position.ts'
import { type IndexDependencies, readKeyRules } from './refresh.ts'

/** Up to so many changed users are refreshed before the answer; more are caught up in the background. */
const AT_ONCE = 500

export interface Following {
  /** False while the index is being built or catches up; an exact RIO is then also asked of its own column. */
  current: boolean
}

/**
 * Makes the index follow the host before every answer, hit or miss: one probe, and where something has changed, those
 * users' keys.
 */
export function createFollower(dependencies: IndexDependencies, startBackground: () => void) {
  const { storage } = dependencies
  const probe = storage.prepare<Position, object>((db) => selectPosition(db, storage.engine))
  const seenLogs = new Set<number>()

  async function follow(): Promise<Following> {
    const [position] = await probe({})
    if (position === undefined) throw new Error('the row of glpi_plugin_callmanager_index is missing')
    const built = isBuilt(position)
    if (!built) startBackground()
    // Keys by other rules, or none at all: there is nothing yet to be kept up to date.
    if (!isFollowed(position)) return { current: false }
    // A rebuild goes through an index that may well be whole (the daily sweep), so changes are followed meanwhile.
    if (isCurrent(position)) return { current: built }
    const { more } = await advance(storage, await readKeyRules(dependencies), AT_ONCE, seenLogs)
    if (more && built) startBackground()
    return { current: built && !more }
  }
  const shared = coalesce((_: 'position') => follow())
  return () => shared('position')
}
