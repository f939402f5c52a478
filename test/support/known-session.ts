import { createAgents } from '../../server/helpdesk/agents.ts'
import type { Agent, Helpdesk } from '../../server/helpdesk/helpdesk.ts'
import type { Storage } from '../../server/storage/storage.ts'

/**
 * Stands for a host whose session is known already: whatever the token, it is the same person's, over every entity of the
 * profile. Account, rights and memberships are read live, as ever.
 */
export function knownSession(
  storage: Storage,
  helpdesk: Pick<Helpdesk, 'entityTree'>,
  { usersId, profilesId }: { usersId: number; profilesId: number },
): (token: string) => Promise<Agent> {
  const readAgent = createAgents(storage, helpdesk.entityTree)
  return (token) =>
    readAgent({
      sessionKey: token,
      usersId,
      profilesId,
      impersonatorId: null,
      entityId: 0,
      isRecursive: true,
      activeChoice: 'all',
      activeEntities: (given) => given,
    })
}
