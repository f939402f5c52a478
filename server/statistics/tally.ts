import type { Kysely } from 'kysely'
import { HOUR_MS } from '../domain/times.ts'
import type { Tables } from '../storage/tables.ts'

export interface Tally {
  /** Look-ups that found one person. */
  found: number
  none: number
  several: number
}

/** A look-up as the journal has it, as far as it is counted. */
export interface CountedLookup {
  id: number
  looked_up_at: number
  users_id: number
  entities_id: number
  kind: string
  hits: number
}

/** Hours since 1970, UTC. */
export const hourOf = (milliseconds: number): number => Math.floor(milliseconds / HOUR_MS)

/** Hours of a block. Blocks begin at multiples of it, like everything here counted from 1970. */
export const BLOCK = 720

/** What is journalled besides (a search as one types) is no look-up. */
const COUNTED_KINDS = new Set(['rio', 'phone', 'extension'])

export const isLookup = ({ kind }: Pick<CountedLookup, 'kind'>): boolean => COUNTED_KINDS.has(kind)

export function sum(one: Tally, other: Tally): Tally {
  return {
    found: one.found + other.found,
    none: one.none + other.none,
    several: one.several + other.several,
  }
}

/** One look-up as a tally. */
export function tallyOf(hits: number): Tally {
  return { found: hits === 1 ? 1 : 0, none: hits === 0 ? 1 : 0, several: hits > 1 ? 1 : 0 }
}

/** The journal's rows behind an id, in their order, at most so many. */
export function selectLookups(db: Kysely<Tables>, after: number, limit: number): Promise<CountedLookup[]> {
  return db
    .selectFrom('glpi_plugin_callmanager_lookups')
    .select(['id', 'looked_up_at', 'users_id', 'entities_id', 'kind', 'hits'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}
