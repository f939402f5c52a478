import type { AliasableExpression, Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { Tables } from '../storage/tables.ts'

/** A user with what an answer shows and what decides whether it may be shown; one row for each membership and address. */
export interface CallerRow {
  /** Null where the index leads to a user who has been purged; the row then only counts. */
  id: number | null
  matched_id: number
  realname: string | null
  firstname: string | null
  phone: string | null
  /** The RIO, from where the storage method keeps it. */
  rio: string | null
  address_id: number | null
  address_default: number | null
  email: string | null
  entity: string | null
  location: string | null
  is_active: number
  is_deleted: number
  begin_date: string | null
  end_date: string | null
  member_entity: number | null
  member_recursive: number | null
}

/** The same with every number that the user may have been found by. */
export interface NumberedCallerRow extends CallerRow {
  phone2: string | null
  mobile: string | null
  entities_id: number
}

/** Ids of users, at most so many. */
export type Matched = AliasableExpression<{ users_id: number }>

/** Where the RIO is kept, by storage method; of `user` and, joined on its id, `kept`. */
export const RIO_COLUMNS = {
  custom_table: 'kept.rio_number as rio',
  name: 'user.name as rio',
  registration_number: 'user.registration_number as rio',
} as const satisfies Record<RioStorageMethod, string>

/** Selects the callers of a list of ids, joined on integers only. */
export function selectCallers(db: Kysely<Tables>, matched: Matched, method: RioStorageMethod) {
  return db
    .selectFrom(matched.as('matched'))
    .leftJoin('glpi_users as user', 'user.id', 'matched.users_id')
    .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
    .leftJoin('glpi_entities as entity', 'entity.id', 'user.entities_id')
    .leftJoin('glpi_locations as location', 'location.id', 'user.locations_id')
    .leftJoin('glpi_profiles_users as member', 'member.users_id', 'user.id')
    .leftJoin('glpi_useremails as address', 'address.users_id', 'user.id')
    .select([
      'matched.users_id as matched_id',
      'user.id',
      'user.realname',
      'user.firstname',
      'user.phone',
      'user.is_active',
      'user.is_deleted',
      'user.begin_date',
      'user.end_date',
      RIO_COLUMNS[method],
      'entity.name as entity',
      'location.name as location',
      'member.entities_id as member_entity',
      'member.is_recursive as member_recursive',
      'address.id as address_id',
      'address.is_default as address_default',
      'address.email',
    ])
    .orderBy('matched.users_id')
}

/** The same with the columns of {@link NumberedCallerRow}. */
export function selectNumberedCallers(db: Kysely<Tables>, matched: Matched, method: RioStorageMethod) {
  return selectCallers(db, matched, method)
    .select(['user.phone2', 'user.mobile', 'user.entities_id'])
    .$castTo<NumberedCallerRow>()
}

/**
 * The rows of each user, which follow one another; as the user the one with the address to be shown: the default, else the
 * one with the lowest id.
 */
export function* rowsByUser<Row extends CallerRow>(
  rows: readonly Row[],
): Generator<[user: Row, rows: readonly Row[]]> {
  for (let from = 0; from < rows.length; ) {
    let user = rows[from]
    if (user === undefined) return
    let to = from + 1
    for (let row = rows[to]; row?.matched_id === user.matched_id; row = rows[++to]) {
      if (isShownRather(row, user)) user = row
    }
    yield [user, rows.slice(from, to)]
    from = to
  }
}

function isShownRather(one: CallerRow, other: CallerRow): boolean {
  if (one.address_default !== other.address_default) return one.address_default === 1
  return (one.address_id ?? 0) < (other.address_id ?? 0)
}
