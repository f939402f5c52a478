import { AppError } from '../../domain/errors.ts'
import type { SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import { createAgents } from '../agents.ts'
import { createClientGate } from '../clients.ts'
import { describeSession } from '../describe.ts'
import { createEntityTree } from '../entity-tree.ts'
import type { Agent, Helpdesk } from '../helpdesk.ts'
import { createProfileReads } from '../profiles.ts'
import type { Host } from './host.ts'
import { plainText } from './host-content.ts'
import { createHostText } from './host-text.ts'
import { createHostProfiles } from './profiles.ts'
import { createHostRest } from './rest.ts'
import type { HostSession } from './session-facts.ts'
import { createHostSessions } from './sessions.ts'
import { createHostTickets } from './tickets.ts'
import { createHostUsers } from './users.ts'

interface Options {
  storage: Storage
  settings: SettingsStore
  host: Host
  url: string
  appToken: string
  timeoutMs: number
  /** How long a session goes on without its owner, or without the host's word. */
  sessionHours: number
  /** Told of each time that the host could not confirm a session that it had confirmed before. */
  onUnconfirmed(cause: unknown): void
}

/**
 * An ITSM-NG, or a GLPI: people, tickets and rights are read in its database, sessions are shown by its REST API, and what
 * people write goes through that too, as the agent who asks.
 */
export function createItsmngHelpdesk(options: Options): Helpdesk {
  const { storage, settings, host, url, appToken, timeoutMs, sessionHours, onUnconfirmed } = options
  const entityTree = createEntityTree(storage)
  const rest = createHostRest({ url, appToken, timeoutMs })
  const sessions = createHostSessions({ rest, sessionHours, onUnconfirmed })
  const readAgent = createAgents(storage, entityTree)
  const text = createHostText(host.text)

  /** An agent's token, for what they write; no longer than the agent themselves is kept. */
  const tokens = new WeakMap<Agent, string>()

  function tokenOf(agent: Agent): string {
    const token = tokens.get(agent)
    if (token !== undefined) return token
    throw new AppError('done-by-host', {
      detail: 'it is written as the person who asks, and work that goes on without them cannot do it',
    })
  }

  const agentOf = (session: HostSession): Promise<Agent> =>
    readAgent({
      sessionKey: session.sessionKey,
      usersId: session.usersId,
      profilesId: session.profilesId,
      impersonatorId: session.impersonatorId,
      entityId: session.entityId,
      isRecursive: session.isRecursive,
      activeChoice: session.activeEntities === null ? 'all' : session.activeEntities.join(),
      activeEntities: (given) => session.activeEntities?.filter((id) => given.has(id)) ?? given,
    })

  return {
    product: { name: host.product, version: host.version },
    admitClient: createClientGate(storage),
    async agent(token, _caller, use = 'read') {
      const agent = await agentOf(await sessions.find(token, use))
      tokens.set(agent, token)
      return agent
    },
    starter: ({ usersId, profileId, entities }) =>
      agentOf({
        sessionKey: '',
        usersId,
        profilesId: profileId,
        impersonatorId: null,
        entityId: entities === 'all' ? 0 : (entities[0] ?? 0),
        isRecursive: true,
        activeEntities: entities === 'all' ? null : entities,
      }),
    describe: async (agent) => describeSession(storage, await entityTree(), agent, text.decode),
    decodeText: text.decode,
    decodeContent: (stored) => plainText(text.decode(stored)),
    encodeText: text.encode,
    entityTree,
    users: createHostUsers({ storage, rest, text, host, tokenOf }),
    profiles: {
      ...createProfileReads(storage, text.decode),
      ...createHostProfiles({ storage, rest, tokenOf }),
    },
    tickets: createHostTickets({
      storage,
      rest,
      text,
      entityTree,
      phoneSource: async () => (await settings.read()).phone_request_source,
      tokenOf,
    }),
    restHealth: rest.health,
    async housekeep() {
      sessions.housekeep()
    },
  }
}
