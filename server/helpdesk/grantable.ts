import type { Kysely } from 'kysely'
import type { HeldProfile } from '../../contract/users.ts'
import { AppError } from '../domain/errors.ts'
import type { Tables } from '../storage/tables.ts'
import { demandDominance, reachesBelow } from './dominance.ts'
import type { Agent } from './helpdesk.ts'

/**
 * Throws unless this agent may hand these profiles out, or take them away: each in an entity of theirs, below it only
 * where they reach below it themselves, and none with a right that their own active profile lacks.
 */
export async function demandGrantable(
  tx: Kysely<Tables>,
  agent: Agent,
  profiles: readonly HeldProfile[],
): Promise<void> {
  if (profiles.length === 0) return
  const ids = profiles.map(({ profileId }) => profileId)
  const known = await tx.selectFrom('glpi_profiles').select('id').where('id', 'in', ids).execute()
  if (known.length < new Set(ids).size) {
    throw new AppError('value-refused', { field: 'profiles', detail: 'there is no such profile' })
  }
  await demandDominance(
    tx,
    agent,
    ids,
    'one of these profiles has rights that your active profile does not have',
  )
  for (const { entityId, recursive } of profiles) {
    if (!agent.scope.entities.has(entityId)) {
      const detail = 'an entity lies outside your scope'
      throw new AppError('value-refused', { field: 'profiles', detail })
    }
    if (recursive && !(await reachesBelow(tx, agent, entityId))) {
      const detail = 'you do not hold your own profile in the entities below'
      throw new AppError('value-refused', { field: 'profiles', detail })
    }
  }
}
