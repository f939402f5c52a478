import { type Kysely, sql } from 'kysely'
import type { LookupUser } from '../../contract/lookup.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isUsable } from '../domain/accounts.ts'
import { canSeeUser, membershipsOf, type Scope } from '../domain/entities.ts'
import type { Identifier } from '../domain/identifier.ts'
import { phoneIdentifiers } from '../domain/phone.ts'
import { rioKey } from '../domain/rio.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { holdable } from '../storage/wide-text.ts'
import {
  type CallerRow,
  type NumberedCallerRow,
  rowsByUser,
  selectCallers,
  selectNumberedCallers,
} from './caller-rows.ts'
import { createPending } from './pending.ts'
import { type Standing, selectStanding } from './position.ts'
import type { KeyRules } from './refresh.ts'

/** How many callers one answer holds, the first by id; a number that more people share identifies nobody. */
export const MAX_CALLERS = 100

/** How many rows of a column are looked at while the index is behind. */
const MAX_COLUMN_ROWS = 1000

/** Who asks, and by which rules they are answered. */
export interface Asking {
  scope: Scope
  method: RioStorageMethod
  rules: KeyRules
}

type Numbered = Pick<NumberedCallerRow, 'entities_id' | 'phone' | 'phone2' | 'mobile'>
type Params = { kind: string; key: string; after: number }
type Rows = NumberedCallerRow[]
type ProbedRow = Standing & (NumberedCallerRow | { matched_id: null })

/**
 * Finds callers by the index or, while that is behind, by a column. Limits are literals: SQLite prepares for any number of
 * rows where a limit is a parameter, which costs several times the look-up itself.
 */
export function createFinder(storage: Storage) {
  const byRio = (method: RioStorageMethod) => (db: Kysely<Tables>, params: Params) =>
    selectNumberedCallers(db, matching(db, params).where('source', '=', method), method)
  // One number may stand in several columns of a user.
  const byNumber = (method: RioStorageMethod) => (db: Kysely<Tables>, params: Params) =>
    selectNumberedCallers(db, matching(db, params).distinct(), method)
  const waysOf = (method: RioStorageMethod) => ({
    rio: prepareWay(storage, byRio(method)),
    number: prepareWay(storage, byNumber(method)),
  })
  const ways = {
    custom_table: waysOf('custom_table'),
    name: waysOf('name'),
    registration_number: waysOf('registration_number'),
  } satisfies Record<RioStorageMethod, unknown>
  const wayTo = ({ kind }: Identifier, method: RioStorageMethod) =>
    ways[method][kind === 'rio' ? 'rio' : 'number']
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

  async function read(identifier: Identifier, method: RioStorageMethod, after = 0): Promise<Rows> {
    return wayTo(identifier, method).page({ ...identifier, after })
  }

  return {
    /** Reads the rows of the first hundred, by id, to whom the index leads. */
    read,
    /** The same in one statement with the probe of the index, and so as of the same moment. */
    async probe(
      identifier: Identifier,
      method: RioStorageMethod,
    ): Promise<{ standing: Standing; rows: Rows }> {
      const rows = await wayTo(identifier, method).probe({ ...identifier, after: 0 })
      const [standing] = rows
      if (standing === undefined) throw new Error('the row of glpi_plugin_callmanager_index is missing')
      return { standing, rows: rows.filter((row) => row.matched_id !== null) }
    },
    /** Whether the index leads to somebody who has the key no longer: the host has changed in between. */
    isOvertaken: (identifier: Identifier, rows: Rows, rules: KeyRules): boolean =>
      rows.some((row) => row.id !== null && !hasIdentifier(row, identifier, rules)),
    /**
     * Of the rows read, the callers whom the asker may be shown; reads on until there are enough of them, or no more: some
     * may be out of scope. The living rows decide, not the index.
     */
    async callers(identifier: Identifier, firstRows: Rows, asking: Asking): Promise<LookupUser[]> {
      const found: LookupUser[] = []
      for (let rows = firstRows; ; ) {
        found.push(...visible(rows, asking, (row) => hasIdentifier(row, identifier, asking.rules)))
        if (found.length >= MAX_CALLERS) return found.slice(0, MAX_CALLERS)
        const last = rows.at(-1)?.matched_id
        if (last === undefined || new Set(rows.map((row) => row.matched_id)).size < MAX_CALLERS) return found
        rows = await read(identifier, asking.method, last)
      }
    },
    /** The rows of those with the key who wait to be followed. Ask before the index: it may be catching up. */
    async pending(identifier: Identifier, { method, rules }: Omit<Asking, 'scope'>): Promise<Rows> {
      const { kind, key } = identifier
      const waiting = await (kind === 'rio' ? pending.byRio(method, key) : pending.byNumber(key))
      const ids = waiting
        .filter((row) => hasIdentifier({ ...row, rio: row[method] }, identifier, rules))
        .map(({ id }) => id)
      return callersOf(ids, method)
    },
    /** Of rows that were read by another way, the callers whom the asker may be shown. */
    shown: (identifier: Identifier, rows: Rows, asking: Asking): LookupUser[] =>
      visible(rows, asking, (row) => hasIdentifier(row, identifier, asking.rules)),
    /** The callers by the column itself and a RIO typed exactly as stored; nobody where the column has no index. */
    async byColumn(typed: string, key: string, asking: Asking): Promise<LookupUser[]> {
      if (asking.method === 'registration_number') return []
      if (asking.method === 'name' && (await holdable(storage, [typed])).length === 0) return []
      const rows = await byColumn[asking.method]({ value: typed })
      return visible(rows, asking, (row) => hasRio(row, key, asking.rules))
    },
  }
}

/** The users that a key leads to, behind one of them. */
function matching(db: Kysely<Tables>, { kind, key, after }: Params) {
  return db
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .select('users_id')
    .where('kind', '=', kind)
    .where('identifier_key', '=', key)
    .where('users_id', '>', after)
    .orderBy('users_id')
    .limit(sql.lit(MAX_CALLERS))
}

function prepareWay(
  storage: Storage,
  select: (db: Kysely<Tables>, params: Params) => ReturnType<typeof selectNumberedCallers>,
) {
  return {
    page: storage.prepare<NumberedCallerRow, Params>(select),
    probe: storage.prepare<ProbedRow, Params>((db, params) =>
      selectStanding(db, storage.engine)
        .leftJoin(select(db, params).as('caller'), (join) => join.onTrue())
        .selectAll('caller')
        .orderBy('caller.matched_id')
        .$castTo<ProbedRow>(),
    ),
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

function hasRio(row: Pick<CallerRow, 'rio'>, key: string, rules: KeyRules): boolean {
  return rioKey(rules.decode(row.rio)) === key
}

function hasIdentifier(
  row: Numbered & Pick<CallerRow, 'rio'>,
  identifier: Identifier,
  rules: KeyRules,
): boolean {
  return identifier.kind === 'rio' ? hasRio(row, identifier.key, rules) : hasNumber(row, identifier, rules)
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
