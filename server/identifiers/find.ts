import { type Kysely, sql } from 'kysely'
import type { LookupUser } from '../../contract/lookup.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isUsable } from '../domain/accounts.ts'
import { canSeeUser, type Scope } from '../domain/entities.ts'
import type { Identifier } from '../domain/identifier.ts'
import { phoneIdentifiers } from '../domain/phone.ts'
import { rioKey } from '../domain/rio.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { holdable } from '../storage/wide-text.ts'
import {
  type CallerRow,
  type Matched,
  membershipsOf,
  type NumberedCallerRow,
  rowsByUser,
  selectCallers,
  selectNumberedCallers,
} from './caller-rows.ts'
import { createPending } from './pending.ts'
import type { KeyRules } from './refresh.ts'

/** How many callers one answer holds, the first by id; a number that more people share identifies nobody. */
export const MAX_CALLERS = 100

/** How many rows of a column are looked at while the index is behind. */
const MAX_COLUMN_ROWS = 1000

/** Of a second that is an import's the lowest ids are enough: what comes to it later shows where its id is higher. */
const MAX_NEWEST = 20

/** Who asks, and by which rules they are answered. */
export interface Asking {
  scope: Scope
  method: RioStorageMethod
  rules: KeyRules
}

type Numbered = Pick<NumberedCallerRow, 'entities_id' | 'phone' | 'phone2' | 'mobile'>
type Page = { key: string; after: number }

/**
 * Finds callers by the index or, while that is behind, by a column. Limits are literals: SQLite prepares for any number of
 * rows where a limit is a parameter, which costs several times the look-up itself.
 */
export function createFinder(storage: Storage) {
  const byRioIn = (method: RioStorageMethod) =>
    storage.prepare<CallerRow, Page>((db, { key, after }) => {
      const indexed = db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select('users_id')
        .where('kind', '=', 'rio')
        .where('identifier_key', '=', key)
        .where('source', '=', method)
        .where('users_id', '>', after)
        .orderBy('users_id')
        .limit(sql.lit(MAX_CALLERS))
      const matched = method === 'custom_table' ? withNewest(db, indexed, after) : indexed
      return selectCallers(db, matched, method)
    })
  const byNumberWith = (method: RioStorageMethod) =>
    storage.prepare<NumberedCallerRow, Page & { kind: string }>((db, { kind, key, after }) => {
      const matched = db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select('users_id')
        .distinct()
        .where('kind', '=', kind)
        .where('identifier_key', '=', key)
        .where('users_id', '>', after)
        .orderBy('users_id')
        .limit(sql.lit(MAX_CALLERS))
      return selectNumberedCallers(db, matched, method)
    })
  const forEachMethod = <Query>(
    make: (method: RioStorageMethod) => Query,
  ): Record<RioStorageMethod, Query> => ({
    custom_table: make('custom_table'),
    name: make('name'),
    registration_number: make('registration_number'),
  })
  const byRio = forEachMethod(byRioIn)
  const byNumber = forEachMethod(byNumberWith)
  const byColumn = {
    name: storage.prepare<CallerRow, { value: string }>((db, { value }) => {
      const matched = db
        .selectFrom('glpi_users')
        .select('id as users_id')
        .where('name', '=', value)
        .limit(sql.lit(MAX_COLUMN_ROWS))
      return selectCallers(db, matched, 'name')
    }),
    custom_table: storage.prepare<CallerRow, { value: string }>((db, { value }) => {
      const matched = db
        .selectFrom('glpi_plugin_callmanager_users')
        .select('users_id')
        .where('rio_number', '=', value)
        .limit(sql.lit(MAX_COLUMN_ROWS))
      return selectCallers(db, matched, 'custom_table')
    }),
  }

  const pending = createPending(storage)

  async function callersOf(ids: readonly number[], method: RioStorageMethod) {
    if (ids.length === 0) return []
    const matched = storage.db.selectFrom('glpi_users').select('id as users_id').where('id', 'in', ids)
    return selectNumberedCallers(storage.db, matched, method).execute()
  }

  return {
    /** As `byRio`, of those who have changed since the index's position. Ask before the index: it may be catching up. */
    async pendingByRio(key: string, asking: Asking): Promise<LookupUser[]> {
      const { method, rules } = asking
      const rows = await pending.byRio(method, key)
      const ids = rows.filter((row) => rioKey(rules.decode(row[method])) === key).map(({ id }) => id)
      return visible(await callersOf(ids, method), asking, (row) => hasRio(row, key, rules))
    },
    /** The same by number. */
    async pendingByNumber(identifier: Identifier, asking: Asking): Promise<LookupUser[]> {
      const { method, rules } = asking
      const rows = await pending.byNumber(identifier.key)
      const ids = rows.filter((row) => hasNumber(row, identifier, rules)).map(({ id }) => id)
      return visible(await callersOf(ids, method), asking, (row) => hasNumber(row, identifier, rules))
    },
    /** Everyone in scope with this RIO key, by id; the living rows decide, not the index. */
    byRio(key: string, asking: Asking): Promise<LookupUser[]> {
      const read = byRio[asking.method]
      return allPages(
        (after) => read({ key, after }),
        asking,
        (row) => hasRio(row, key, asking.rules),
      )
    },
    /** Everyone in scope with this phone number or extension, by id. */
    byNumber({ kind, key }: Identifier, asking: Asking): Promise<LookupUser[]> {
      const read = byNumber[asking.method]
      return allPages(
        (after) => read({ kind, key, after }),
        asking,
        (row) => hasNumber(row, { kind, key }, asking.rules),
      )
    },
    /** As `byRio`, by the column itself and a RIO typed exactly as stored; nobody where the column has no index. */
    async byColumn(typed: string, key: string, asking: Asking): Promise<LookupUser[]> {
      if (asking.method === 'registration_number') return []
      if (asking.method === 'name' && (await holdable(storage, [typed])).length === 0) return []
      const rows = await byColumn[asking.method]({ value: typed })
      return visible(rows, asking, (row) => hasRio(row, key, asking.rules))
    },
  }
}

/**
 * The same with whose RIOs were written in the newest second of our table: what the PHP plugin adds to that second, above
 * which nothing new shows, is no change that the probe could see.
 */
function withNewest(db: Kysely<Tables>, indexed: Matched, after: number): Matched {
  const newest = db
    .selectFrom('glpi_plugin_callmanager_users as kept')
    .select('kept.users_id')
    .where('kept.date_mod', '=', ({ selectFrom }) =>
      selectFrom('glpi_plugin_callmanager_users').select(({ fn }) => fn.max('date_mod').as('date')),
    )
    .orderBy('kept.id')
    .limit(sql.lit(MAX_NEWEST))
  return db
    .selectFrom(indexed.as('indexed'))
    .select('indexed.users_id')
    .union(db.selectFrom(newest.as('newest')).select('newest.users_id').where('newest.users_id', '>', after))
    .orderBy('users_id')
    .limit(sql.lit(MAX_CALLERS))
}

/** Reads page after page, until there are enough callers to show or no more to read: some may be out of scope. */
async function allPages<Row extends CallerRow>(
  read: (after: number) => Promise<Row[]>,
  asking: Asking,
  stillHas: (row: Row) => boolean,
): Promise<LookupUser[]> {
  const found: LookupUser[] = []
  let after = 0
  for (;;) {
    const rows = await read(after)
    found.push(...visible(rows, asking, stillHas))
    if (found.length >= MAX_CALLERS) return found.slice(0, MAX_CALLERS)
    const last = rows.at(-1)?.matched_id
    if (last === undefined || new Set(rows.map((row) => row.matched_id)).size < MAX_CALLERS) return found
    after = last
  }
}

/** Of the rows read, the users whom the asker may be shown. Rows of one user follow one another. */
function visible<Row extends CallerRow>(
  rows: readonly Row[],
  asking: Asking,
  stillHas: (row: Row) => boolean,
): LookupUser[] {
  const users: LookupUser[] = []
  const now = new Date()
  for (const [user, rowsOfUser] of rowsByUser(rows)) {
    if (user.id === null || !isUsable(user, now) || !canSeeUser(asking.scope, membershipsOf(rowsOfUser)))
      continue
    if (stillHas(user)) users.push(toLookupUser(user.id, user, asking.rules))
  }
  return users
}

function hasRio(row: CallerRow, key: string, rules: KeyRules): boolean {
  return rioKey(rules.decode(row.rio)) === key
}

function hasNumber(row: Numbered, { kind, key }: Identifier, rules: KeyRules): boolean {
  const country = rules.country(row.entities_id)
  return [row.phone, row.phone2, row.mobile].some((stored) =>
    phoneIdentifiers(rules.decode(stored), country).some((found) => found.kind === kind && found.key === key),
  )
}

function toLookupUser(id: number, row: CallerRow, { decode }: KeyRules): LookupUser {
  return {
    id,
    phone: decode(row.phone) ?? '',
    lastname: decode(row.realname) ?? '',
    firstname: decode(row.firstname) ?? '',
    rio: decode(row.rio) ?? '',
    email: decode(row.email) ?? '',
    entity: decode(row.entity) ?? '',
    location: decode(row.location) ?? '',
  }
}
