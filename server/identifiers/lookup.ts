import type { LookupUser } from '../../contract/lookup.ts'
import { demandWellFormed, type Identifier } from '../domain/identifier.ts'
import { demandRight, missingForLookup } from '../domain/rights.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent, Caller } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'
import { createFinder, MAX_CALLERS } from './find.ts'
import type { Following } from './follow.ts'
import type { createJournal } from './journal.ts'

interface Dependencies {
  storage: Storage
  follow(): Promise<Following>
  journal: ReturnType<typeof createJournal>
  /** Told of every answer, for counting. */
  onAnswer(kind: Identifier['kind'], hits: number): void
}

/** Looking callers up: rights, the index brought to now, the living rows, and a line in the journal. */
export function createLookups({ storage, follow, journal, onAnswer }: Dependencies) {
  const finder = createFinder(storage)

  async function answer(
    asked: { agent: Agent; caller: Caller; kind: Identifier['kind']; typed: string },
    found: LookupUser[],
  ): Promise<LookupUser[]> {
    await journal.record({ ...asked, hits: found.length })
    onAnswer(asked.kind, found.length)
    return found
  }

  return {
    /** Brings the index to now. Begin it when a request arrives: it runs while the session is read. */
    follow,

    /**
     * Everyone in the agent's scope with this RIO, by id, at most 100. Throws `right-missing` or `identifier-malformed`.
     */
    async byRio(agent: Agent, caller: Caller, rio: string, following: Following): Promise<LookupUser[]> {
      demandRight(missingForLookup(agent.rights))
      // Nothing but white space is nobody's RIO; it is answered as such.
      demandWellFormed('rio', rio)
      const asked = { agent, caller, kind: 'rio', typed: rio } as const
      const key = rioKey(rio)
      if (key === null) return answer(asked, [])
      const asking = { scope: agent.scope, method: following.method, rules: following.rules }
      const changed = following.behind ? await finder.pendingByRio(key, asking) : []
      const found = united(changed, await finder.byRio(key, asking))
      // The PHP plugin writes without a trace when it writes twice in a second, so a miss is also asked of the column.
      if (following.current && found.length > 0) return answer(asked, found)
      return answer(asked, united(found, await finder.byColumn(rio.trim(), key, asking)))
    },

    /** The same for a phone number or extension, already normalised. */
    async byNumber(
      agent: Agent,
      caller: Caller,
      identifier: Identifier,
      typed: string,
      following: Following,
    ): Promise<LookupUser[]> {
      demandRight(missingForLookup(agent.rights))
      const asking = { scope: agent.scope, method: following.method, rules: following.rules }
      const changed = following.behind ? await finder.pendingByNumber(identifier, asking) : []
      return answer(
        { agent, caller, kind: identifier.kind, typed },
        united(changed, await finder.byNumber(identifier, asking)),
      )
    },
  }
}

/** Callers that were found in two ways, each once, by id. */
function united(some: readonly LookupUser[], others: readonly LookupUser[]): LookupUser[] {
  const byId = new Map([...some, ...others].map((user) => [user.id, user]))
  return [...byId.values()].sort((one, other) => one.id - other.id).slice(0, MAX_CALLERS)
}

export type Lookups = ReturnType<typeof createLookups>
