import type { Kysely } from 'kysely'
import type { ImportMatch } from '../../contract/imports.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { Membership } from '../domain/entities.ts'
import { matchKey } from '../domain/import-line.ts'
import { rioKey } from '../domain/rio.ts'
import { foldedColumn } from '../storage/dialect.ts'
import type { Engine } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { holdable } from '../storage/wide-text.ts'

type Db = Kysely<Tables>
type Decode = (stored: string | null) => string | null

/** Somebody who is there, as typed; empty where missing. */
export interface Person {
  id: number
  isDeleted: boolean
  authtype: number
  active: boolean
  texts: {
    login: string
    lastname: string
    firstname: string
    phone: string
    phone2: string
    mobile: string
    registrationNumber: string
  }
  entityId: number
  locationId: number
  memberships: Membership[]
  /** The one that is shown first: the default one, else the oldest. */
  emails: string[]
  /** The RIO of our own table. */
  kept: string
}

/** Whom the keys of some lines mean, by key. */
export async function findPeople(
  db: Db,
  engine: Engine,
  match: ImportMatch,
  typed: readonly string[],
  decode: Decode,
): Promise<Map<string, Person[]>> {
  const found = new Map<string, Person[]>()
  const held = match === 'registrationNumber' ? typed : await holdable({ engine, db }, typed)
  if (held.length === 0) return found
  const keys = await (match === 'login'
    ? byLogin(db, held)
    : match === 'email'
      ? byEmail(db, engine, held)
      : byRegistrationNumber(db, held))
  const ids = [...new Set(keys.map(({ id }) => id))]
  const people = new Map((await readPeople(db, ids, decode)).map((person) => [person.id, person]))
  const wanted = new Set(typed.map((text) => matchKey(match, text)))
  for (const { id, text } of keys) {
    const person = people.get(id)
    // The collation may find what reads differently to us; a registration number is compared with the living row.
    const key = matchKey(
      match,
      match === 'registrationNumber' ? (person?.texts.registrationNumber ?? '') : (decode(text) ?? ''),
    )
    if (person === undefined || !wanted.has(key)) continue
    const known = found.get(key)
    if (known === undefined) found.set(key, [person])
    else if (!known.includes(person)) known.push(person)
  }
  return found
}

interface Key {
  id: number
  text: string | null
}

function byLogin(db: Db, typed: readonly string[]): Promise<Key[]> {
  return db.selectFrom('glpi_users').select(['id', 'name as text']).where('name', 'in', typed).execute()
}

function byEmail(db: Db, engine: Engine, typed: readonly string[]): Promise<Key[]> {
  return db
    .selectFrom('glpi_useremails')
    .select(['users_id as id', 'email as text'])
    .where(foldedColumn(engine, 'email'), 'in', typed)
    .execute()
}

/** By the identifier index: no host has one of this column. */
function byRegistrationNumber(db: Db, typed: readonly string[]): Promise<Key[]> {
  const keys = typed.flatMap((text) => rioKey(text) ?? [])
  return db
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .select(['users_id as id', 'identifier_key as text'])
    .where('kind', '=', 'rio')
    .where('identifier_key', 'in', keys)
    .where('source', '=', 'registration_number')
    .execute()
}

async function readPeople(db: Db, ids: readonly number[], decode: Decode): Promise<Person[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
    .select([
      'user.id',
      'user.name',
      'user.realname',
      'user.firstname',
      'user.phone',
      'user.phone2',
      'user.mobile',
      'user.registration_number',
      'user.entities_id',
      'user.locations_id',
      'user.is_active',
      'user.is_deleted',
      'user.authtype',
      'kept.rio_number',
    ])
    .where('user.id', 'in', ids)
    .execute()
  const memberships = await db
    .selectFrom('glpi_profiles_users')
    .select(['users_id', 'entities_id', 'is_recursive'])
    .where('users_id', 'in', ids)
    .execute()
  const emails = await db
    .selectFrom('glpi_useremails')
    .select(['users_id', 'email'])
    .where('users_id', 'in', ids)
    .orderBy('users_id')
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute()
  const membershipsOf = Map.groupBy(memberships, ({ users_id: id }) => id)
  const emailsOf = Map.groupBy(emails, ({ users_id: id }) => id)
  const text = (stored: string | null | undefined): string => decode(stored ?? null) ?? ''
  return rows.map((row) => ({
    id: row.id,
    isDeleted: row.is_deleted === 1,
    authtype: row.authtype,
    active: row.is_active === 1,
    texts: {
      login: text(row.name),
      lastname: text(row.realname),
      firstname: text(row.firstname),
      phone: text(row.phone),
      phone2: text(row.phone2),
      mobile: text(row.mobile),
      registrationNumber: text(row.registration_number),
    },
    entityId: row.entities_id,
    locationId: row.locations_id,
    memberships: membershipsOf.get(row.id) ?? [],
    emails: (emailsOf.get(row.id) ?? []).map(({ email }) => text(email)),
    kept: text(row.rio_number),
  }))
}

/** Of these logins, the ones that somebody has, in the form they are compared in. */
export async function takenLogins(db: Db, engine: Engine, logins: readonly string[]): Promise<Set<string>> {
  const held = await holdable({ engine, db }, logins)
  if (held.length === 0) return new Set()
  const rows = await byLogin(db, held)
  return new Set(rows.map(({ text }) => matchKey('login', text ?? '')))
}

/** Who has these RIOs, wherever they are and whether or not they are still active: users by key. */
export async function holdersOf(
  db: Db,
  method: RioStorageMethod,
  rios: readonly string[],
): Promise<Map<string, number[]>> {
  const keys = [...new Set(rios.flatMap((rio) => rioKey(rio) ?? []))]
  if (keys.length === 0) return new Map()
  const rows = await db
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .innerJoin('glpi_users', 'glpi_users.id', 'glpi_plugin_callmanager_identifiers.users_id')
    .select(['identifier_key', 'users_id'])
    .where('kind', '=', 'rio')
    .where('identifier_key', 'in', keys)
    .where('source', '=', method)
    .execute()
  const holders = new Map<string, number[]>()
  for (const { identifier_key: key, users_id: id } of rows)
    holders.set(key, [...(holders.get(key) ?? []), id])
  return holders
}
