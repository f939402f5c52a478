import { setImmediate as nextTurn } from 'node:timers/promises'
import { canSeeUser, membershipsOf, type Scope } from '../domain/entities.ts'
import type { SearchQuery } from '../domain/search-query.ts'
import { endOfPrefix } from '../domain/words.ts'
import type { Storage } from '../storage/storage.ts'
import {
  AT_ONCE,
  FEW,
  type KeyRange,
  MANY,
  MAX_ENTITIES,
  numbered,
  type Place,
  prepareSearch,
} from './search-queries.ts'

/** Words that the index is asked for, the rarest ones; people's rows are compared with all of them. */
const MAX_ASKED = 3
/** Of more words than this, the longest are counted. */
const MAX_COUNTED = 6

/** Stands behind every source, which are compared as names of columns are. */
const LAST_SOURCE = 'zz'

/** What a search has cost so far. */
export interface Effort {
  /** Rows looked at. */
  rows: number
  /** Whether some who may fit were left out. */
  isCut: boolean
}

/** For whom candidates are looked for. */
export interface Search {
  scope: Scope
  effort: Effort
}

/** Keys to look for: one, or all that begin so. */
export interface Wanted {
  kind: KeyRange['kind']
  key: string
  /** Only keys from these columns; any where missing. */
  sources?: readonly string[]
}

const rangeOf = (kind: KeyRange['kind'], prefix: string): KeyRange => ({
  kind,
  from: prefix,
  to: endOfPrefix(prefix),
})

/**
 * Finds by the index who may fit a search: ids of users in scope, likely ones first, in statements that take a few
 * milliseconds at most. They are still to be compared with what was typed: the index is asked for some of the words only,
 * and may know a user by an old name.
 */
export function createCandidates(storage: Storage) {
  const queries = prepareSearch(storage)

  /** The users of an index range, some at a time, as the index has them. */
  async function* walk(
    read: typeof queries.whole,
    start: Place,
    effort: Effort,
    sources?: readonly string[],
  ): AsyncGenerator<number[]> {
    for (let place = start; ; ) {
      const entries = await read(place)
      effort.rows += entries.length
      const from = sources === undefined ? entries : entries.filter(({ source }) => sources.includes(source))
      yield [...new Set(from.map(({ users_id: id }) => id))]
      const last = entries.at(-1)
      if (last === undefined || entries.length < AT_ONCE) return
      place = { ...place, ...last }
    }
  }

  /** Of these users, those whom the asker may see and who have all the words; in the same order. */
  async function narrow(
    ids: readonly number[],
    words: readonly KeyRange[],
    { scope, effort }: Search,
  ): Promise<number[]> {
    let left = [...ids]
    if (!scope.all && left.length > 0) {
      effort.rows += left.length
      const rows = Map.groupBy(await queries.memberships(numbered(left, AT_ONCE)), (row) => row.users_id)
      left = left.filter((id) => canSeeUser(scope, membershipsOf(rows.get(id) ?? [])))
    }
    for (const word of words) {
      if (left.length === 0) break
      effort.rows += left.length
      const rows = await queries.having({ ...word, ...numbered(left, AT_ONCE) })
      const having = new Set(rows.map(({ users_id: id }) => id))
      left = left.filter((id) => having.has(id))
    }
    return left
  }

  async function* narrowEach(
    lists: AsyncIterable<number[]> | Iterable<number[]>,
    words: readonly KeyRange[],
    search: Search,
  ): AsyncGenerator<number[]> {
    for await (const ids of lists) {
      yield await narrow(ids, words, search)
      // On SQLite others are served between two statements.
      await nextTurn()
    }
  }

  /** The members of a few entities; null where they are too many to look at each. */
  async function fewMembers(entities: ReadonlySet<number>): Promise<number[] | null> {
    if (entities.size > MAX_ENTITIES) return null
    const ids = numbered([...entities], MAX_ENTITIES)
    const [members] = await queries.countMembers(ids)
    if (members === undefined || members.size >= FEW) return null
    return [...new Set((await queries.members(ids)).map(({ users_id: id }) => id))]
  }

  /** The words as ranges of the index, the rarest first. */
  async function ranked(
    words: readonly string[],
    scope: Scope,
  ): Promise<{ range: KeyRange; size: number }[]> {
    const longest = words.toSorted((one, other) => other.length - one.length).slice(0, MAX_COUNTED)
    const ranges = longest.map((word) => rangeOf('word', word))
    // A single word that everybody may be found by is compared with nothing, and need not be counted.
    if (scope.all && ranges.length === 1) return ranges.map((range) => ({ range, size: MANY }))
    const sized = ranges.map(async (range) => {
      const [row] = await queries.count(range)
      return { range, size: row?.size ?? 0 }
    })
    return (await Promise.all(sized)).sort((one, other) => one.size - other.size)
  }

  function byPrefix({ kind, key, sources }: Wanted, search: Search): AsyncGenerator<number[]> {
    const place = { ...rangeOf(kind, key), identifier_key: key, source: '', users_id: 0 }
    return narrowEach(walk(queries.begun, place, search.effort, sources), [], search)
  }

  return {
    /** Those with exactly this key. */
    withKey({ kind, key, sources }: Wanted, search: Search): AsyncGenerator<number[]> {
      const place = { ...rangeOf(kind, key), identifier_key: key, source: LAST_SOURCE, users_id: 0 }
      return narrowEach(walk(queries.whole, place, search.effort, sources), [], search)
    },

    /** Those with a key that begins so, in the order of keys. */
    withPrefix: byPrefix,

    /**
     * Those who have every one of these words, each by its beginning; first of all those whose full name begins with
     * `name`.
     */
    async *withWords(
      { words, name }: Pick<SearchQuery, 'words' | 'name'>,
      search: Search,
    ): AsyncGenerator<number[]> {
      const { scope, effort } = search
      let isKnown = false
      if (name !== null) {
        for await (const ids of byPrefix({ kind: 'name', key: name }, search)) {
          isKnown ||= ids.length > 0
          yield ids
        }
      }
      const [rarest, second, ...rest] = await ranked(words, scope)
      if (rarest === undefined || rarest.size === 0) return
      const asked = [rarest, second, ...rest].flatMap((one) => one?.range ?? []).slice(0, MAX_ASKED)
      const [drive = rarest.range, other, ...others] = asked

      if (second !== undefined && other !== undefined && second.size < MANY) {
        // Two lists laid side by side: much quicker than asking for each of the one whether the other has them.
        const both = await queries.both({ ...drive, otherFrom: other.from, otherTo: other.to })
        yield* narrowEach(chunksOf(both.map(({ users_id: id }) => id)), others, search)
        if (both.length < FEW) return
      }
      if (!scope.all && rarest.size >= FEW) {
        // Bob of a small entity finds his Martin among five thousand: his own people are fewer.
        const own = await fewMembers(scope.entities)
        if (own !== null) {
          yield* narrowEach(chunksOf(own), asked, { scope: { ...scope, all: true }, effort })
          // Those above are seen here too, where they are recursive.
          const above = await fewMembers(scope.above)
          yield* narrowEach(chunksOf(above ?? []), asked, search)
          if (above !== null) return
        }
      }
      if (isKnown && rarest.size >= (scope.all ? AT_ONCE : FEW)) {
        // Who has the full name is who is meant. To look for others with such words takes longer; typing on finds them.
        effort.isCut = true
        return
      }
      const besides = asked.slice(1)
      const place = { ...drive, identifier_key: drive.from, source: LAST_SOURCE, users_id: 0 }
      yield* narrowEach(walk(queries.whole, place, effort), besides, search)
      // Behind the last source of the whole word come the longer ones.
      yield* narrowEach(walk(queries.begun, place, effort), besides, search)
    },
  }
}

function* chunksOf(ids: readonly number[]): Generator<number[]> {
  for (let from = 0; from < ids.length; from += AT_ONCE) yield ids.slice(from, from + AT_ONCE)
}
