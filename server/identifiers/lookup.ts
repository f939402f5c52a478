import type { LookupUser } from '../../contract/lookup.ts'
import { demandWellFormed, type Identifier } from '../domain/identifier.ts'
import { demandRight, missingForLookup } from '../domain/rights.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent, Caller } from '../helpdesk/helpdesk.ts'
import { countTurns } from '../storage/coalesce.ts'
import { isJourney } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import { createFinder, MAX_CALLERS } from './find.ts'
import type { Follow } from './follow.ts'
import type { createJournal } from './journal.ts'

interface Dependencies {
  storage: Storage
  follow: Follow
  journal: ReturnType<typeof createJournal>
  /** Told of every answer, for counting. */
  onAnswer(kind: Identifier['kind'], hits: number): void
}

/** How often a look-up reads while the host changes all the time; what it reads last is good enough. */
const ATTEMPTS = 3

/** Looking callers up: rights, the index brought to now, the living rows, and a line in the journal. */
export function createLookups({ storage, follow, journal, onAnswer }: Dependencies) {
  const finder = createFinder(storage)
  const countTurn = countTurns()

  async function answer(
    asked: { agent: Agent; caller: Caller; kind: Identifier['kind']; typed: string },
    found: LookupUser[],
  ): Promise<LookupUser[]> {
    await journal.record({ ...asked, hits: found.length })
    onAnswer(asked.kind, found.length)
    return found
  }

  /** By two statements, the first of which look-ups that come together share. */
  async function readInTwo(identifier: Identifier) {
    const following = await follow()
    const waiting = following.behind ? await finder.pending(identifier, following) : []
    return { following, waiting, rows: await finder.read(identifier, following.method) }
  }

  /**
   * Who the index leads to, with the index brought to now. A look-up that comes alone probes the index and reads in one
   * statement. So does one that the host has overtaken between two: a number that moves from Alice to Bob in one moment is
   * always somebody's.
   */
  async function read(identifier: Identifier) {
    if (!isJourney[storage.engine]) return readInTwo(identifier)
    if ((await countTurn()) > 1) {
      const reading = await readInTwo(identifier)
      if (!finder.isOvertaken(identifier, reading.rows, reading.following.rules)) return reading
    }
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      const keeping = await follow.keeping()
      const { standing, rows } = await finder.probe(identifier, keeping.method)
      const following = follow.judge(standing, keeping)
      if (following !== undefined) return { following, waiting: [], rows }
      const { current } = await follow()
      if (!current) break
    }
    return readInTwo(identifier)
  }

  /** Of what was read, the callers whom an agent may be shown. */
  async function callersOf(
    identifier: Identifier,
    { following, waiting, rows }: Awaited<ReturnType<typeof read>>,
    { scope }: Agent,
  ) {
    const asking = { scope, method: following.method, rules: following.rules }
    const found = await finder.callers(identifier, rows, asking)
    if (waiting.length === 0) return { following, asking, found }
    return { following, asking, found: united(finder.shown(identifier, waiting, asking), found) }
  }

  return {
    /** Brings the index to now, for who reads it by other ways. */
    follow,

    /**
     * Everyone in the agent's scope with this RIO, by id, at most 100. `asker` may be on its way: the index is read
     * meanwhile. Throws `right-missing` or `identifier-malformed`.
     */
    async byRio(asker: Agent | Promise<Agent>, caller: Caller, rio: string): Promise<LookupUser[]> {
      const key = rioKey(rio)
      const identifier = { kind: 'rio', key: key ?? '' } as const
      const [agent, reading] = await Promise.all([asker, key === null ? null : read(identifier)])
      demandRight(missingForLookup(agent.rights))
      demandWellFormed('rio', rio)
      const asked = { agent, caller, kind: 'rio', typed: rio } as const
      // Nothing but white space is nobody's RIO; it is answered as such.
      if (key === null || reading === null) return answer(asked, [])
      const { following, found, asking } = await callersOf(identifier, reading, agent)
      // The PHP plugin writes without a trace when it writes twice in a second, so a miss is also asked of the column.
      if (following.current && found.length > 0) return answer(asked, found)
      return answer(asked, united(found, await finder.byColumn(rio.trim(), key, asking)))
    },

    /** The same for a phone number or extension, already normalised. */
    async byNumber(
      asker: Agent | Promise<Agent>,
      caller: Caller,
      identifier: Identifier,
      typed: string,
    ): Promise<LookupUser[]> {
      const [agent, reading] = await Promise.all([asker, read(identifier)])
      demandRight(missingForLookup(agent.rights))
      const { found } = await callersOf(identifier, reading, agent)
      return answer({ agent, caller, kind: identifier.kind, typed }, found)
    },
  }
}

/** Callers that were found in two ways, each once, by id. */
function united(some: readonly LookupUser[], others: readonly LookupUser[]): LookupUser[] {
  const byId = new Map([...some, ...others].map((user) => [user.id, user]))
  return [...byId.values()].sort((one, other) => one.id - other.id).slice(0, MAX_CALLERS)
}

export type Lookups = ReturnType<typeof createLookups>
