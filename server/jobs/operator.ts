import { type EntityTree, scopeOf } from '../domain/entities.ts'
import { CREATE, has, READ, UPDATE } from '../domain/rights.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'

/**
 * The operator of the machine, as commands act for them: nobody's account, and nothing is out of reach. The helpdesk's wall
 * around the powerful knows them by a profile that may make profiles.
 */
export async function operator(storage: Storage, tree: EntityTree): Promise<Agent> {
  const makers = await storage.db
    .selectFrom('glpi_profilerights')
    .select(['profiles_id', 'rights'])
    .where('name', '=', 'profile')
    .orderBy('profiles_id')
    .execute()
  const maker = makers.find(({ rights }) => has(rights, CREATE))
  return {
    id: 0,
    name: 'Call Manager',
    sessionKey: '',
    profileId: maker?.profiles_id ?? 0,
    rights: {
      access: READ | UPDATE,
      config: READ | UPDATE,
      user: READ | UPDATE | CREATE,
      ticket: 0,
      followup: 0,
    },
    // Also of entities that hang in the air, and of people who belong nowhere.
    scope: { ...scopeOf(tree.withDescendants(0), tree), all: true },
    entityId: 0,
    isRecursive: true,
    impersonatorId: null,
  }
}
