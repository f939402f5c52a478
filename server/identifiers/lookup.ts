import type { LookupUser } from '../../contract/lookup.ts'
import { AppError } from '../domain/errors.ts'
import { type Identifier, identifierProblem } from '../domain/identifier.ts'
import { missingForLookup } from '../domain/rights.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent, Caller } from '../helpdesk/helpdesk.ts'
import { createFinder, MAX_CALLERS } from './find.ts'
import type { Following } from './follow.ts'
import type { createJournal } from './journal.ts'
import type { IndexDependencies } from './refresh.ts'

const PROBLEMS = {
  too_long: 'it is longer than 255 characters',
  control_characters: 'it contains control characters',
} as const

interface Dependencies extends IndexDependencies {
  follow(): Promise<Following>
  journal: ReturnType<typeof createJournal>
  /** Told of every answer, for counting. */
  onAnswer(kind: Identifier['kind'], hits: number): void
}

/** Looking callers up: rights, the index brought to now, the living rows, and a line in the journal. */
export function createLookups(dependencies: Dependencies) {
  const { settings, follow, journal, onAnswer } = dependencies
  const finder = createFinder(dependencies)

  return {
    /** Brings the index to now. Begin it when a request arrives: it runs while the session is read. */
    follow,
    /**
     * Everyone in the agent's scope with this RIO, by id, at most 100. Throws `right-missing` or `identifier-malformed`.
     */
    async byRio(agent: Agent, caller: Caller, rio: string, following: Following): Promise<LookupUser[]> {
      const missing = missingForLookup(agent.rights)
      if (missing !== null) throw new AppError('right-missing', { detail: missing })
      const problem = identifierProblem(rio)
      // Nothing but white space is nobody's RIO; it is answered as such.
      if (problem !== null && problem !== 'empty') {
        throw new AppError('identifier-malformed', { field: 'rio', detail: PROBLEMS[problem] })
      }

      const key = rioKey(rio)
      const { rio_storage_method: method } = await settings.read()
      let found: LookupUser[] = []
      if (key !== null) {
        const identifier: Identifier = { kind: 'rio', key }
        const question = { identifier, source: method, scope: agent.scope, method }
        const hits = await finder.byIndex(question)
        if (!following.current)
          for (const [id, user] of await finder.byColumn(question, rio.trim())) hits.set(id, user)
        found = [...hits.values()].sort((one, other) => one.id - other.id).slice(0, MAX_CALLERS)
      }
      await journal.record({ agent, caller, kind: 'rio', typed: rio, hits: found.length })
      onAnswer('rio', found.length)
      return found
    },

    /** The same for a phone number or extension, already normalised. */
    async byIdentifier(
      agent: Agent,
      caller: Caller,
      identifier: Identifier,
      typed: string,
    ): Promise<LookupUser[]> {
      const missing = missingForLookup(agent.rights)
      if (missing !== null) throw new AppError('right-missing', { detail: missing })
      const [{ rio_storage_method: method }] = await Promise.all([settings.read(), follow()])
      const hits = await finder.byIndex({ identifier, source: null, scope: agent.scope, method })
      await journal.record({ agent, caller, kind: identifier.kind, typed, hits: hits.size })
      onAnswer(identifier.kind, hits.size)
      return [...hits.values()]
    },
  }
}

export type Lookups = ReturnType<typeof createLookups>
