import { type Insertable, type Kysely, sql } from 'kysely'
import { hostTime } from '../../domain/accounts.ts'
import { isUniqueViolation } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import type { BulkChange, BulkUser, BulkUsers, UserChange } from '../helpdesk.ts'
import { USER_SEARCH_OPTIONS } from './history.ts'

type Db = Kysely<Tables>
type LogRow = Insertable<Tables['glpi_logs']>

const COLUMNS = {
  login: 'name',
  lastname: 'realname',
  firstname: 'firstname',
  phone: 'phone',
  phone2: 'phone2',
  mobile: 'mobile',
  registrationNumber: 'registration_number',
} as const satisfies Record<keyof UserChange, keyof typeof USER_SEARCH_OPTIONS>

/** The host's search options of what else an import changes (host-contract §4). */
const EMAIL = 5
const LOCATION = 3
const ACTIVE = 8
const ENTITY = 77

/** Accounts whose password would be kept here; they are made without one, and cannot log in. */
const LOCAL = 1
const CREATED = 20
/** The host keeps this much of a value in its history. */
const VALUE_LENGTH = 180

/** Many users at once, each as users.ts would write it: columns, membership, mail address, history, `date_mod`. */
export function createBulkUsers(storage: Storage): BulkUsers {
  const insertUsers = (tx: Db, users: readonly BulkUser[], at: string): Promise<void> =>
    storage.insertMany(
      tx,
      'glpi_users',
      users.map((user) => userRow(user, at)),
    )

  /** Answers which of them could be made; a login that is in use undoes no other. */
  async function insertEach(tx: Db, users: readonly BulkUser[], at: string): Promise<ReadonlySet<BulkUser>> {
    await sql`savepoint bulk_users`.execute(tx)
    try {
      await insertUsers(tx, users, at)
      return new Set(users)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await sql`rollback to savepoint bulk_users`.execute(tx)
    }
    const made = new Set<BulkUser>()
    for (const user of users) {
      try {
        await insertUsers(tx, [user], at)
        made.add(user)
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
      }
    }
    return made
  }

  /** The host's history of what several users went through. */
  const log = (tx: Db, lines: readonly LogRow[]): Promise<void> => storage.insertMany(tx, 'glpi_logs', lines)

  return {
    async create(tx, users, author) {
      if (users.length === 0) return []
      const at = hostTime(new Date())
      const made = await insertEach(tx, users, at)
      const ids = await idsOf(tx, [...made])
      const created = users.flatMap((user) => {
        const id = made.has(user) ? ids.get(user.login) : undefined
        return id === undefined ? [] : [{ ...user, id }]
      })
      const profileId = await defaultProfile(tx)
      if (profileId !== undefined) {
        await storage.insertMany(
          tx,
          'glpi_profiles_users',
          created.map(({ id, entityId }) => ({
            users_id: id,
            profiles_id: profileId,
            entities_id: entityId,
            is_recursive: 0,
          })),
        )
      }
      await storage.insertMany(
        tx,
        'glpi_useremails',
        created.flatMap(({ id, email }) => (email ? [{ users_id: id, is_default: 1, email }] : [])),
      )
      await log(
        tx,
        created.map(({ id }) => logRow(id, author, at, { action: CREATED, option: 0, from: '', to: '' })),
      )
      return users.map((user) => (made.has(user) ? (ids.get(user.login) ?? null) : null))
    },

    async change(tx, changes, author) {
      const at = hostTime(new Date())
      const lines: LogRow[] = []
      const outcome: boolean[] = []
      for (const change of changes) {
        const done = await writeColumns(tx, change, at)
        outcome.push(done)
        if (!done) continue
        if (change.email !== undefined) await writeEmail(tx, change.usersId, change.email.to)
        if (change.entity !== undefined) await moveMemberships(tx, change.usersId, change.entity)
        lines.push(...historyOf(change).map((line) => logRow(change.usersId, author, at, line)))
      }
      await log(tx, lines)
      return outcome
    },
  }
}

function userRow(user: BulkUser, at: string): Insertable<Tables['glpi_users']> {
  return {
    name: user.login,
    realname: user.lastname ?? null,
    firstname: user.firstname ?? null,
    phone: user.phone ?? null,
    phone2: user.phone2 ?? null,
    mobile: user.mobile ?? null,
    registration_number: user.registrationNumber ?? null,
    entities_id: user.entityId,
    locations_id: user.locationId,
    is_active: user.active ? 1 : 0,
    authtype: LOCAL,
    date_mod: at,
    date_creation: at,
  }
}

/** Ids by login: neither engine tells them for many rows at once in a way that the other does too. */
async function idsOf(tx: Db, users: readonly BulkUser[]): Promise<Map<string, number>> {
  if (users.length === 0) return new Map()
  const rows = await tx
    .selectFrom('glpi_users')
    .select(['id', 'name'])
    .where(
      'name',
      'in',
      users.map(({ login }) => login),
    )
    .where('authtype', '=', LOCAL)
    .where('auths_id', '=', 0)
    .execute()
  return new Map(rows.map(({ id, name }) => [name ?? '', id]))
}

async function defaultProfile(tx: Db): Promise<number | undefined> {
  const profile = await tx
    .selectFrom('glpi_profiles')
    .select('id')
    .where('is_default', '=', 1)
    .orderBy('id')
    .executeTakeFirst()
  return profile?.id
}

/** Answers whether the login could be had. */
async function writeColumns(tx: Db, change: BulkChange, at: string): Promise<boolean> {
  try {
    await tx
      .updateTable('glpi_users')
      .set({
        ...Object.fromEntries(change.texts.map(({ field, to }) => [COLUMNS[field], to])),
        ...(change.entity !== undefined && { entities_id: change.entity.to.id }),
        ...(change.location !== undefined && { locations_id: change.location.to.id }),
        ...(change.active !== undefined && { is_active: change.active ? 1 : 0 }),
        date_mod: at,
      })
      .where('id', '=', change.usersId)
      .execute()
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

/** Makes an address the one that is shown: one that the user has already, else in place of the one shown so far. */
async function writeEmail(tx: Db, usersId: number, email: string): Promise<void> {
  const known = await tx
    .selectFrom('glpi_useremails')
    .select(['id', 'email', 'is_default'])
    .where('users_id', '=', usersId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute()
  const [shown] = known
  const same = known.find((row) => row.email?.toLowerCase() === email.toLowerCase())
  if (email === '') {
    if (shown !== undefined) await tx.deleteFrom('glpi_useremails').where('id', '=', shown.id).execute()
    return
  }
  if (shown === undefined) {
    await tx.insertInto('glpi_useremails').values({ users_id: usersId, is_default: 1, email }).execute()
    return
  }
  const kept = same ?? shown
  if (kept !== shown) {
    await tx.updateTable('glpi_useremails').set({ is_default: 0 }).where('users_id', '=', usersId).execute()
  }
  await tx.updateTable('glpi_useremails').set({ email, is_default: 1 }).where('id', '=', kept.id).execute()
}

/** Who belongs to the old entity by nothing but the default profile belongs to the new one from now on. */
async function moveMemberships(
  tx: Db,
  usersId: number,
  { from, to }: NonNullable<BulkChange['entity']>,
): Promise<void> {
  const profileId = await defaultProfile(tx)
  if (profileId === undefined) return
  const held = await tx
    .selectFrom('glpi_profiles_users')
    .select(['id', 'entities_id'])
    .where('users_id', '=', usersId)
    .where('profiles_id', '=', profileId)
    .execute()
  const old = held.filter((row) => row.entities_id === from.id).map(({ id }) => id)
  if (held.some((row) => row.entities_id === to.id)) {
    if (old.length > 0) await tx.deleteFrom('glpi_profiles_users').where('id', 'in', old).execute()
  } else if (old.length > 0) {
    await tx.updateTable('glpi_profiles_users').set({ entities_id: to.id }).where('id', 'in', old).execute()
  } else {
    await tx
      .insertInto('glpi_profiles_users')
      .values({ users_id: usersId, profiles_id: profileId, entities_id: to.id, is_recursive: 0 })
      .execute()
  }
}

interface Line {
  action: number
  option: number
  from: string
  to: string
}

function historyOf({ texts, email, entity, location, active }: BulkChange): Line[] {
  const lines = texts.map(({ field, from, to }) => ({
    action: 0,
    option: USER_SEARCH_OPTIONS[COLUMNS[field]] as number,
    from,
    to,
  }))
  if (email !== undefined) lines.push({ action: 0, option: EMAIL, ...email })
  for (const [option, place] of [
    [ENTITY, entity],
    [LOCATION, location],
  ] as const) {
    if (place === undefined) continue
    lines.push({ action: 0, option, from: placeText(place.from), to: placeText(place.to) })
  }
  if (active !== undefined) {
    lines.push({ action: 0, option: ACTIVE, from: active ? '0' : '1', to: active ? '1' : '0' })
  }
  return lines
}

function placeText({ id, path }: { id: number; path: string }): string {
  return path === '' ? '' : `${path} (${id})`
}

function logRow(usersId: number, author: string, at: string, { action, option, from, to }: Line): LogRow {
  return {
    itemtype: 'User',
    items_id: usersId,
    linked_action: action,
    user_name: author,
    date_mod: at,
    id_search_option: option,
    old_value: from.slice(0, VALUE_LENGTH),
    new_value: to.slice(0, VALUE_LENGTH),
  }
}
