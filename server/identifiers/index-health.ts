import type { SystemHealth } from '../../contract/health.ts'
import { apiTime, storedTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import { BEGINNING, isBuilt, isCurrent, type Position, selectPosition, wasBuilt } from './position.ts'

/** How the index is now, read off the ends of indexes however many people there are. */
export async function readIndexHealth(storage: Storage): Promise<SystemHealth['index']> {
  const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
  return {
    state: stateOf(position),
    progress: isBuilt(position) ? 1 : await progressOf(storage, position),
    working: position.lease_until > Date.now(),
    sweptAt: position.rebuilt_at === 0 ? null : apiTime(position.rebuilt_at),
    current: isCurrent(position),
    followedTo: changeAt(position.users_date),
    changedAt: changeAt(position.now_users_date),
  }
}

function stateOf(position: Position): SystemHealth['index']['state'] {
  if (isBuilt(position)) return 'whole'
  return wasBuilt(position) ? 'comparing' : 'building'
}

/** By ids, of which some may be gone: to count a million people takes longer than all the rest. */
async function progressOf({ db }: Storage, { rebuild_after: after }: Position): Promise<number> {
  const { newest } = await db
    .selectFrom('glpi_users')
    .select(({ fn }) => fn.max<number | null>('id').as('newest'))
    .executeTakeFirstOrThrow()
  return newest === null ? 0 : Math.min(1, (after ?? 0) / newest)
}

const changeAt = (date: string): string | null => (date === BEGINNING ? null : storedTime(date))
