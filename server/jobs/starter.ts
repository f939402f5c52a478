import type { Agent, Starter } from '../helpdesk/helpdesk.ts'
import type { JobTools } from './kinds.ts'
import { operator } from './operator.ts'

/** What is kept of whoever begins a job; null for the operator of the machine. */
export function starterOf({ id, profileId, scope }: Agent): Starter | null {
  if (id === 0) return null
  return { usersId: id, profileId, entities: scope.all ? 'all' : [...scope.entities].sort((a, b) => a - b) }
}

/** Whoever began it, as of now: rights may have been withdrawn meanwhile. */
export async function starterNow(
  { storage, helpdesk }: Pick<JobTools, 'storage' | 'helpdesk'>,
  starter: Starter | null,
): Promise<Agent> {
  return starter === null ? operator(storage, await helpdesk.entityTree()) : helpdesk.starter(starter)
}
