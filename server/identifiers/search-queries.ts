import { type Kysely, sql } from 'kysely'
import type { KeyKind } from '../domain/user-identifiers.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/** Index rows, or users, that one statement looks at: on SQLite nobody else is served meanwhile. */
export const AT_ONCE = 250
/** Where a word or a scope has fewer people than this, they are all looked at. */
export const FEW = 1000
/** Words of fewer people than this are compared as lists. */
export const MANY = 10_000
/** A scope of more entities than this is not a small one. */
export const MAX_ENTITIES = 64

/** The keys of one kind from `from` (inclusive) to `to` (exclusive). */
export interface KeyRange {
  kind: KeyKind
  from: string
  to: string
}

interface IndexEntry {
  identifier_key: string
  source: string
  users_id: number
}

/** A place in a range: the entry behind which to go on. */
export type Place = KeyRange & IndexEntry

interface Member {
  users_id: number
  member_entity: number
  member_recursive: number
}

/** A list of ids of a fixed length, as parameters of a statement that is prepared once. */
type Numbered = Record<`number${number}`, number>

/** No user and no entity. */
const NOBODY = -1

export function numbered(ids: readonly number[], length: number): Numbered {
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [`number${index}`, ids[index] ?? NOBODY] as const),
  )
}

function listed(params: Numbered, length: number): number[] {
  return Array.from({ length }, (_, index) => params[`number${index}`] ?? NOBODY)
}

/** Everything that a search asks the index and the memberships, each by a key that both engines have. */
export function prepareSearch(storage: Storage) {
  return {
    /** How many entries a range has, at most {@link MANY}. */
    count: storage.prepare<{ size: number }, KeyRange>((db, range) =>
      db
        .selectFrom(inRange(db, range).select('users_id').limit(sql.lit(MANY)).as('some'))
        .select(({ fn }) => fn.countAll<number>().as('size')),
    ),
    /** The next entries with one key, last names first: theirs is the last source. */
    whole: storage.prepare<IndexEntry, Place>((db, place) =>
      db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select(['identifier_key', 'source', 'users_id'])
        .where('kind', '=', place.kind)
        .where('identifier_key', '=', place.identifier_key)
        .where(({ eb, or, and }) =>
          or([
            eb('source', '<', place.source),
            and([eb('source', '=', place.source), eb('users_id', '<', place.users_id)]),
          ]),
        )
        .orderBy('source', 'desc')
        .orderBy('users_id', 'desc')
        .limit(sql.lit(AT_ONCE)),
    ),
    /** The next entries of a range, in the order of the index. */
    begun: storage.prepare<IndexEntry, Place>((db, place) =>
      inRange(db, { kind: place.kind, from: place.identifier_key, to: place.to })
        .select(['identifier_key', 'source', 'users_id'])
        .where(({ eb, or, and }) =>
          or([
            eb('identifier_key', '>', place.identifier_key),
            eb('source', '>', place.source),
            and([eb('source', '=', place.source), eb('users_id', '>', place.users_id)]),
          ]),
        )
        .orderBy('identifier_key')
        .orderBy('source')
        .orderBy('users_id')
        .limit(sql.lit(AT_ONCE)),
    ),
    /** Users in both of two ranges, each of fewer than {@link MANY} entries; at most {@link FEW}. */
    both: storage.prepare<{ users_id: number }, KeyRange & { otherFrom: string; otherTo: string }>(
      (db, { kind, from, to, otherFrom, otherTo }) =>
        db
          .selectFrom(
            inRange(db, { kind, from, to })
              .select(['users_id', 'identifier_key'])
              .limit(sql.lit(MANY))
              .as('one'),
          )
          .innerJoin(
            inRange(db, { kind, from: otherFrom, to: otherTo })
              .select('users_id')
              .distinct()
              .limit(sql.lit(MANY))
              .as('other'),
            'other.users_id',
            'one.users_id',
          )
          .select('one.users_id')
          .groupBy('one.users_id')
          .orderBy(({ fn }) => fn.min('one.identifier_key'))
          .orderBy('one.users_id')
          .limit(sql.lit(FEW)),
    ),
    /** Of these users, those with a key in the range. */
    having: storage.prepare<{ users_id: number }, KeyRange & Numbered>((db, params) =>
      inRange(db, params).select('users_id').distinct().where('users_id', 'in', listed(params, AT_ONCE)),
    ),
    /** Where these users belong. */
    memberships: storage.prepare<Member, Numbered>((db, params) =>
      db
        .selectFrom('glpi_profiles_users')
        .select(['users_id', 'entities_id as member_entity', 'is_recursive as member_recursive'])
        .where('users_id', 'in', listed(params, AT_ONCE)),
    ),
    /** How many belong to these entities, at most {@link FEW}. */
    countMembers: storage.prepare<{ size: number }, Numbered>((db, params) =>
      db
        .selectFrom(inEntities(db, params).select('entities_id').as('some'))
        .select(({ fn }) => fn.countAll<number>().as('size')),
    ),
    /** Those who belong to these entities, at most {@link FEW}. */
    members: storage.prepare<{ users_id: number }, Numbered>((db, params) =>
      inEntities(db, params).select('users_id'),
    ),
  }
}

function inRange(db: Kysely<Tables>, { kind, from, to }: KeyRange) {
  return db
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .where('kind', '=', kind)
    .where('identifier_key', '>=', from)
    .where('identifier_key', '<', to)
}

function inEntities(db: Kysely<Tables>, params: Numbered) {
  return db
    .selectFrom('glpi_profiles_users')
    .where('entities_id', 'in', listed(params, MAX_ENTITIES))
    .limit(sql.lit(FEW))
}
