import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { LookupUser } from '../../contract/lookup.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isUsable } from '../domain/accounts.ts'
import { canSeeUser, type Membership, type Scope } from '../domain/entities.ts'
import type { Identifier } from '../domain/identifier.ts'
import { type IdentifierSource, identifiersOf } from '../domain/user-identifiers.ts'
import type { Tables } from '../storage/tables.ts'
import { type IndexDependencies, type KeyRules, readKeyRules } from './refresh.ts'

/** How many callers one answer holds; a number that more people share leads to nobody. */
export const MAX_CALLERS = 100

export interface Question {
  identifier: Identifier
  /** The column that holds the truth; any column for phones and extensions. */
  source: IdentifierSource | null
  scope: Scope
  method: RioStorageMethod
}

/** A user with everything an answer needs, once for each membership. */
interface CallerRow {
  /** Null where the index leads to a user who has been purged; the row then only counts. */
  id: number | null
  matched_id: number
  name: string | null
  realname: string | null
  firstname: string | null
  phone: string | null
  phone2: string | null
  mobile: string | null
  registration_number: string | null
  entities_id: number
  is_active: number
  is_deleted: number
  begin_date: string | null
  end_date: string | null
  custom_table: string | null
  email: string | null
  entity: string | null
  location: string | null
  member_entity: number | null
  member_recursive: number | null
}

/** Ids of users, at most so many. */
type Matched = SelectQueryBuilder<Tables, keyof Tables, { users_id: number }>

/**
 * Selects the callers of a list of ids, joined on integers only. Limits are literals: SQLite prepares for any number of rows where a limit is
 * a parameter, which costs several times the look-up itself.
 */
function selectCallers(db: Kysely<Tables>, matched: Matched) {
  return db
    .selectFrom(matched.as('matched'))
    .leftJoin('glpi_users as user', 'user.id', 'matched.users_id')
    .leftJoin('glpi_plugin_callmanager_users as rio', 'rio.users_id', 'user.id')
    .leftJoin('glpi_entities as entity', 'entity.id', 'user.entities_id')
    .leftJoin('glpi_locations as location', 'location.id', 'user.locations_id')
    .leftJoin('glpi_profiles_users as member', 'member.users_id', 'user.id')
    .select([
      'matched.users_id as matched_id',
      'user.id',
      'user.name',
      'user.realname',
      'user.firstname',
      'user.phone',
      'user.phone2',
      'user.mobile',
      'user.registration_number',
      'user.entities_id',
      'user.is_active',
      'user.is_deleted',
      'user.begin_date',
      'user.end_date',
      'rio.rio_number as custom_table',
      'entity.name as entity',
      'location.name as location',
      'member.entities_id as member_entity',
      'member.is_recursive as member_recursive',
    ])
    .select(({ selectFrom }) =>
      selectFrom('glpi_useremails')
        .select('glpi_useremails.email')
        .whereRef('glpi_useremails.users_id', '=', 'user.id')
        .orderBy('glpi_useremails.is_default', 'desc')
        .orderBy('glpi_useremails.id')
        .limit(sql.lit(1))
        .as('email'),
    )
    .orderBy('matched.users_id')
    .$castTo<CallerRow>()
}

export function createFinder(dependencies: IndexDependencies) {
  const { storage } = dependencies

  type KeyParams = { kind: string; key: string; after: number }
  const byKey = storage.prepare<CallerRow, KeyParams>((db, { kind, key, after }) =>
    selectCallers(
      db,
      db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select('users_id')
        .distinct()
        .where('kind', '=', kind)
        .where('identifier_key', '=', key)
        .where('users_id', '>', after)
        .orderBy('users_id')
        .limit(sql.lit(MAX_CALLERS)),
    ),
  )
  const byKeyAndSource = storage.prepare<CallerRow, KeyParams & { source: string }>(
    (db, { kind, key, after, source }) =>
      selectCallers(
        db,
        db
          .selectFrom('glpi_plugin_callmanager_identifiers')
          .select('users_id')
          .where('kind', '=', kind)
          .where('identifier_key', '=', key)
          .where('source', '=', source)
          .where('users_id', '>', after)
          .orderBy('users_id')
          .limit(sql.lit(MAX_CALLERS)),
      ),
  )
  /** Columns with an index of their own, asked while the identifier index is behind. */
  const byColumn = {
    name: storage.prepare<CallerRow, { value: string }>((db, { value }) =>
      selectCallers(
        db,
        db.selectFrom('glpi_users').select('id as users_id').where('name', '=', value).limit(sql.lit(1000)),
      ),
    ),
    custom_table: storage.prepare<CallerRow, { value: string }>((db, { value }) =>
      selectCallers(
        db,
        db
          .selectFrom('glpi_plugin_callmanager_users')
          .select('users_id')
          .where('rio_number', '=', value)
          .limit(sql.lit(1000)),
      ),
    ),
  }

  async function decide(rows: CallerRow[], question: Question): Promise<Map<number, LookupUser>> {
    const callers = new Map<number, LookupUser>()
    if (rows.length === 0) return callers
    const rules = await readKeyRules(dependencies)
    const now = new Date()
    for (let from = 0; from < rows.length; ) {
      const user = rows[from]
      if (user === undefined) break
      const memberships: Membership[] = []
      for (; rows[from]?.matched_id === user.matched_id; from++) {
        const { member_entity: entity, member_recursive: recursive } = rows[from] ?? user
        if (entity !== null) memberships.push({ entities_id: entity, is_recursive: recursive ?? 0 })
      }
      if (!isPresent(user)) continue
      if (!isUsable(user, now) || !canSeeUser(question.scope, memberships)) continue
      if (stillHas(user, question, rules)) callers.set(user.id, toLookupUser(user, question.method, rules))
    }
    return callers
  }

  return {
    /** The callers with this identifier whom the scope covers, by id; the living rows decide, not the index. */
    async byIndex(question: Question): Promise<Map<number, LookupUser>> {
      const { identifier, source } = question
      const found = new Map<number, LookupUser>()
      let after = 0
      for (;;) {
        const params = { kind: identifier.kind, key: identifier.key, after }
        const rows = await (source === null ? byKey(params) : byKeyAndSource({ ...params, source }))
        for (const [id, caller] of await decide(rows, question)) {
          found.set(id, caller)
          if (found.size === MAX_CALLERS) return found
        }
        const matched = new Set(rows.map(({ matched_id: id }) => id))
        if (matched.size < MAX_CALLERS) return found
        after = rows.at(-1)?.matched_id ?? after
      }
    },
    /** The same by the column itself, for a RIO typed exactly as stored; nothing where the column has no index. */
    async byColumn(question: Question, typed: string): Promise<Map<number, LookupUser>> {
      if (question.method === 'registration_number') return new Map()
      return decide(await byColumn[question.method]({ value: typed }), question)
    },
  }
}

type Present = CallerRow & { id: number }

function isPresent(user: CallerRow): user is Present {
  return user.id !== null
}

/** A hit is shown only if the living row, normalised again, still gives the key. */
function stillHas(user: Present, { identifier, source }: Question, rules: KeyRules): boolean {
  const column = (name: IdentifierSource) =>
    source === null || source === name ? rules.decode(user[name]) : null
  const now = identifiersOf(
    {
      custom_table: column('custom_table'),
      name: column('name'),
      registration_number: column('registration_number'),
      phone: column('phone'),
      phone2: column('phone2'),
      mobile: column('mobile'),
    },
    rules.country(user.entities_id),
  )
  return now.some(({ kind, key }) => kind === identifier.kind && key === identifier.key)
}

function toLookupUser(user: Present, method: RioStorageMethod, rules: KeyRules): LookupUser {
  const shown = (stored: string | null): string => rules.decode(stored) ?? ''
  return {
    id: user.id,
    phone: shown(user.phone),
    lastname: shown(user.realname),
    firstname: shown(user.firstname),
    rio: shown(user[method]),
    email: shown(user.email),
    entity: shown(user.entity),
    location: shown(user.location),
  }
}
