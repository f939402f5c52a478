import { createAgents } from '../../server/helpdesk/agents.ts'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import type { Agent } from '../../server/helpdesk/helpdesk.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { asHost } from '../support/as-host.ts'

/** Root ─ Lyon ─ Bron ─ Nord, and Lille beside Lyon. */
export const ENTITIES = { root: 0, lyon: 1, bron: 2, nord: 3, lille: 4 } as const
export const PARENTS = [
  [ENTITIES.lyon, 'Lyon', ENTITIES.root],
  [ENTITIES.bron, 'Bron', ENTITIES.lyon],
  [ENTITIES.nord, 'Nord', ENTITIES.bron],
  [ENTITIES.lille, 'Lille', ENTITIES.root],
] as const

/** What agents bring along, as a host keeps it: profiles with their rights, and sessions that tell their active entities. */
export function sessionsOn(storage: Storage) {
  const host = asHost(storage)
  const readAgent = createAgents(storage, createEntityTree(storage))
  return {
    async addProfile(id: number, rights: Record<string, number>): Promise<void> {
      await host.write('normal', async (tx) => {
        const profile = { id, name: `Profile ${id}`, interface: 'central', is_default: 0 }
        await tx.insertInto('glpi_profiles').values(profile).execute()
        const rows = Object.entries(rights).map(([name, bits]) => ({ profiles_id: id, name, rights: bits }))
        await tx.insertInto('glpi_profilerights').values(rows).execute()
      })
    },
    /** The agent of a session that is set to these entities, as of now. */
    agent(usersId: number, profilesId: number, active: readonly number[]): Promise<Agent> {
      return readAgent({
        sessionKey: '',
        usersId,
        profilesId,
        impersonatorId: null,
        entityId: active[0] ?? 0,
        isRecursive: false,
        activeChoice: JSON.stringify(active),
        activeEntities: (given) => active.filter((entity) => given.has(entity)),
      })
    },
  }
}
