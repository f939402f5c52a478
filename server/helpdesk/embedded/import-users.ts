import { type Insertable, type Kysely, sql } from 'kysely'
import { hostTime } from '../../domain/times.ts'
import { isUniqueViolation } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import type { BulkChange, BulkText, BulkUser, BulkUsers } from '../helpdesk.ts'
import { creationRow, fieldChangeRow, USER_SEARCH_OPTIONS } from './history.ts'

type Db = Kysely<Tables>

const COLUMNS = {
  lastname: 'realname',
  firstname: 'firstname',
  phone: 'phone',
  phone2: 'phone2',
  mobile: 'mobile',
  registrationNumber: 'registration_number',
} as const satisfies Record<BulkText, keyof typeof USER_SEARCH_OPTIONS>

/** Accounts whose password would be kept here; they are made without one, and cannot log in. */
const LOCAL = 1

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
      await storage.insertMany(
        tx,
        'glpi_logs',
        created.map(({ id }) => creationRow({ itemtype: 'User', itemsId: id, agentName: author, at })),
      )
      return users.map((user) => (made.has(user) ? (ids.get(user.login) ?? null) : null))
    },

    async change(tx, changes, author) {
      if (changes.length === 0) return
      const at = hostTime(new Date())
      const profileId = changes.some(({ entity }) => entity?.moves) ? await defaultProfile(tx) : undefined
      for (const change of changes) {
        await writeColumns(tx, change, at)
        if (change.entity?.moves && profileId !== undefined) {
          await moveMemberships(tx, { ...change.entity, usersId: change.usersId, profileId })
        }
      }
      await storage.insertMany(
        tx,
        'glpi_logs',
        changes.flatMap((change) =>
          historyOf(change).map((line) =>
            fieldChangeRow({ ...line, itemtype: 'User', itemsId: change.usersId, agentName: author, at }),
          ),
        ),
      )
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
    is_active: user.enabled ? 1 : 0,
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

async function writeColumns(
  tx: Db,
  { usersId, texts, entity, location }: BulkChange,
  at: string,
): Promise<void> {
  await tx
    .updateTable('glpi_users')
    .set({
      ...Object.fromEntries(texts.map(({ field, to }) => [COLUMNS[field], to])),
      ...(entity !== undefined && { entities_id: entity.to.id }),
      ...(location !== undefined && { locations_id: location.to.id }),
      date_mod: at,
    })
    .where('id', '=', usersId)
    .execute()
}

interface Move {
  usersId: number
  profileId: number
  from: { id: number }
  to: { id: number }
}

/** Who belongs to the old entity by the default profile belongs to the new one from now on. */
async function moveMemberships(tx: Db, { usersId, profileId, from, to }: Move): Promise<void> {
  const held = await tx
    .selectFrom('glpi_profiles_users')
    .select(['id', 'entities_id'])
    .where('users_id', '=', usersId)
    .where('profiles_id', '=', profileId)
    .execute()
  const old = held.filter((row) => row.entities_id === from.id).map(({ id }) => id)
  if (old.length === 0) return
  if (held.some((row) => row.entities_id === to.id)) {
    await tx.deleteFrom('glpi_profiles_users').where('id', 'in', old).execute()
  } else {
    await tx.updateTable('glpi_profiles_users').set({ entities_id: to.id }).where('id', 'in', old).execute()
  }
}

interface Line {
  searchOption: number
  from: string
  to: string
}

function historyOf({ texts, entity, location }: BulkChange): Line[] {
  const lines = texts.map(
    ({ field, from, to }): Line => ({ searchOption: USER_SEARCH_OPTIONS[COLUMNS[field]], from, to }),
  )
  for (const [column, place] of [
    ['entities_id', entity],
    ['locations_id', location],
  ] as const) {
    if (place === undefined) continue
    const searchOption = USER_SEARCH_OPTIONS[column]
    lines.push({ searchOption, from: placeText(place.from), to: placeText(place.to) })
  }
  return lines
}

function placeText({ id, path }: { id: number; path: string }): string {
  return path === '' ? '' : `${path} (${id})`
}
