import type { SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import { VERSION } from '../../version.ts'
import { createAgents } from '../agents.ts'
import { createClientGate } from '../clients.ts'
import { describeSession } from '../describe.ts'
import { createEntityTree } from '../entity-tree.ts'
import type { Agent, Helpdesk } from '../helpdesk.ts'
import { createProfileReads } from '../profiles.ts'
import { createAccounts } from './accounts.ts'
import { refuseRemoteDemo } from './demo-accounts.ts'
import { createEntityWrites } from './entities.ts'
import { createBulkUsers } from './import-users.ts'
import { createLocationWrites } from './locations.ts'
import { createLogins } from './logins.ts'
import { createProfileWrites } from './profiles.ts'
import { ALL_ENTITIES, createSessionStore, type SessionRow } from './sessions.ts'
import { createTicketWrites } from './tickets.ts'
import { createUserWrites } from './users.ts'

interface Options {
  storage: Storage
  settings: SettingsStore
  /** How long a session lasts without being used. */
  sessionIdleMs: number
}

/** The small helpdesk inside: people, profiles, entities and tickets in the host's own tables. */
export function createEmbeddedHelpdesk({ storage, settings, sessionIdleMs }: Options): Helpdesk {
  const entityTree = createEntityTree(storage)
  const sessions = createSessionStore(storage, sessionIdleMs)
  const readAgent = createAgents(storage, entityTree)

  // A telephone system asks with one token: what arrives together shares one reading of the session, and so of the account.
  const agents = new WeakMap<SessionRow, Promise<Agent>>()

  function agentOf(session: SessionRow): Promise<Agent> {
    const known = agents.get(session)
    if (known !== undefined) return known
    const agent = readAgent({
      sessionKey: session.token_hash,
      usersId: session.users_id,
      profilesId: session.profiles_id,
      impersonatorId: null,
      entityId: Math.max(session.entities_id, 0),
      isRecursive: session.is_recursive === 1,
      activeChoice: `${session.entities_id}/${session.is_recursive}`,
      activeEntities: (given, tree) => {
        if (session.entities_id === ALL_ENTITIES) return given
        const chosen = session.is_recursive
          ? tree.withDescendants(session.entities_id)
          : [session.entities_id]
        return chosen.filter((entity) => given.has(entity))
      },
    })
    agents.set(session, agent)
    return agent
  }

  // Our own store keeps text as it was typed.
  const asTyped = (text: string): string => text

  return {
    product: { name: 'Call Manager', version: VERSION },
    admitClient: createClientGate(storage),
    async agent(token, caller) {
      const session = await sessions.find(token)
      const [agent, { demoAccounts }] = await Promise.all([agentOf(session), settings.read()])
      refuseRemoteDemo(demoAccounts, agent.id, caller)
      return agent
    },
    starter: ({ usersId, profileId, entities }) =>
      readAgent({
        sessionKey: '',
        usersId,
        profilesId: profileId,
        impersonatorId: null,
        entityId: entities === 'all' ? 0 : (entities[0] ?? 0),
        isRecursive: true,
        activeChoice: JSON.stringify(entities),
        activeEntities: (given) => (entities === 'all' ? given : entities.filter((id) => given.has(id))),
      }),
    describe: async (agent) => describeSession(storage, await entityTree(), agent, asTyped),
    decodeText: asTyped,
    decodeContent: asTyped,
    encodeText: asTyped,
    entityTree,
    users: createUserWrites(storage),
    bulk: createBulkUsers(storage),
    accounts: createAccounts(storage, settings),
    places: {
      entities: createEntityWrites(storage, entityTree.forget),
      locations: createLocationWrites(storage),
    },
    profiles: { ...createProfileReads(storage, asTyped), ...createProfileWrites(storage) },
    tickets: createTicketWrites({
      storage,
      entityTree,
      phoneSource: async () => (await settings.read()).phone_request_source,
    }),
    logins: createLogins({ storage, settings, sessions, entityTree }),
    housekeep: sessions.purgeExpired,
  }
}
