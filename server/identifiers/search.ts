import type { Accounts, SearchAnswer, SearchHit } from '../../contract/search.ts'
import { demandWellFormed } from '../domain/identifier.ts'
import { demandRight, missingForLookup, missingForUserWrite, UPDATE } from '../domain/rights.ts'
import { type Fit, fitOf, RANKS } from '../domain/search-match.ts'
import { parseSearch, type SearchQuery } from '../domain/search-query.ts'
import { fold } from '../domain/words.ts'
import type { Agent, Caller } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'
import type { Following } from './follow.ts'
import type { createJournal } from './journal.ts'
import { createCandidates, type Effort } from './search-candidates.ts'
import { createPeopleReader, PEOPLE_AT_ONCE, type Searching } from './search-people.ts'

interface Dependencies {
  storage: Storage
  journal: ReturnType<typeof createJournal>
  /** Told of every answer, for counting. */
  onAnswer(kind: 'search', hits: number): void
}

type Hit = SearchHit & Pick<Fit, 'rank'>

/** Rows that a search looks at before it says that there may be more; what keeps it quick, whatever is typed. */
const MAX_ROWS = 3000
/** Reading a person takes as long as so many rows of an index. */
const ROWS_A_PERSON = 5

/** Searching, as somebody types: one field for all that people are known by. */
export function createSearch({ storage, journal, onAnswer }: Dependencies) {
  const candidates = createCandidates(storage)
  const readPeople = createPeopleReader(storage)

  /** Ids of users who may fit, likely ones first; the same may come again. */
  async function* idsFor(
    query: SearchQuery,
    { scope, method }: Searching,
    effort: Effort,
  ): AsyncGenerator<number[]> {
    const { rio, rioPrefixes, numbers, phonePrefixes, address, isName } = query
    const search = { scope, effort }
    // A login's key is made as a RIO's, whatever the storage method.
    const sources = [method, 'name']
    if (rio !== null) yield* candidates.withKey({ kind: 'rio', key: rio, sources }, search)
    for (const number of numbers) yield* candidates.withKey(number, search)
    // What is likelier comes first: there may be enough of it.
    if (isName) yield* candidates.withWords(query, search)
    for (const key of rioPrefixes)
      yield* candidates.withPrefix({ kind: 'rio', key, sources: [method] }, search)
    for (const key of phonePrefixes) yield* candidates.withPrefix({ kind: 'phone', key }, search)
    if (address !== null) yield* candidates.withPrefix({ kind: 'email', key: address }, search)
    if (!isName) yield* candidates.withWords(query, search)
  }

  async function find(query: SearchQuery, asking: Searching, limit: number): Promise<[Hit[], boolean]> {
    const effort: Effort = { rows: 0, isCut: false }
    const hits: Hit[] = []
    const seen = new Set<number>()
    let waiting: number[] = []
    async function look(): Promise<void> {
      const some = waiting.slice(0, PEOPLE_AT_ONCE)
      waiting = waiting.slice(PEOPLE_AT_ONCE)
      effort.rows += some.length * ROWS_A_PERSON
      for (const { summary, searched } of await readPeople(some, asking)) {
        const fit = fitOf(query, searched)
        if (fit !== null) hits.push({ user: summary, ...fit })
      }
    }
    const isEnough = () => hits.length > limit || effort.rows >= MAX_ROWS

    for await (const ids of idsFor(query, asking, effort)) {
      for (const id of ids) if (!seen.has(id)) waiting.push(id)
      for (const id of ids) seen.add(id)
      // Where few of many may be seen, they are read together.
      while (waiting.length >= PEOPLE_AT_ONCE && !isEnough()) await look()
      if (isEnough()) break
    }
    const isCut = effort.isCut || isEnough()
    if (waiting.length > 0 && hits.length <= limit) await look()
    return [hits, isCut || hits.length > limit]
  }

  /**
   * Who in the agent's scope fits what was typed, at most `limit`. Throws `right-missing` or `identifier-malformed`.
   */
  return async (
    agent: Agent,
    caller: Caller,
    { typed, limit, accounts = 'usable' }: { typed: string; limit: number; accounts?: Accounts | undefined },
    { current, method, rules }: Following,
  ): Promise<SearchAnswer> => {
    demandRight(missingForLookup(agent.rights))
    if (accounts !== 'usable') demandRight(missingForUserWrite(agent.rights, UPDATE))
    demandWellFormed('q', typed)
    // An emptied field asks for nobody, and there is nothing to account for.
    if (typed.trim() === '') return { items: [], incomplete: false }
    const query = parseSearch(typed, rules.country(agent.entityId))
    const [hits, isCut] = await find(query, { scope: agent.scope, method, rules, accounts }, limit)
    // Of too many that fit alike, those stay that were likelier; what stays is then easy to read.
    const items = hits
      .sort(byRank)
      .slice(0, limit)
      .sort(byName)
      .sort(byRank)
      .map(({ user, matched }) => ({ user, matched }))
    await journal.record({ agent, caller, kind: 'search', typed, hits: items.length })
    onAnswer('search', items.length)
    return { items, incomplete: isCut || query.isShort || !current }
  }
}

export type Search = ReturnType<typeof createSearch>

function byRank(one: Hit, other: Hit): number {
  return RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank)
}

function byName(one: Hit, other: Hit): number {
  return (
    compare(fold(one.user.lastname), fold(other.user.lastname)) ||
    compare(fold(one.user.firstname), fold(other.user.firstname)) ||
    one.user.id - other.user.id
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
