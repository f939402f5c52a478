import type { Insertable, Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { hostTime } from '../../domain/times.ts'
import { DEMO_ACCOUNTS, putSetting, type SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { type DemoPerson, ENTITIES, LOCATIONS, PEOPLE, type ProfileName, person } from './demo-people.ts'
import { insertDemoTickets } from './demo-ticket-rows.ts'
import { logCreation } from './history.ts'
import { hashPassword } from './passwords.ts'

interface DemoLogin {
  id: number
  login: string
  password: string
  profile: ProfileName
}

/** The accounts that every ITSM-NG starts with, by its own ids; each holds its profile at the root and all below it. */
export const DEMO_LOGINS: readonly DemoLogin[] = [
  { id: 2, login: 'itsm', password: 'itsm', profile: 'Super-Admin' },
  { id: 3, login: 'post-only', password: 'postonly', profile: 'Self-Service' },
  { id: 4, login: 'tech', password: 'tech', profile: 'Technician' },
  { id: 5, login: 'normal', password: 'normal', profile: 'Observer' },
]

const DEMO_ACCOUNT_IDS = DEMO_LOGINS.map(({ id }) => id)
/** The host's `authtype` of an account whose password it keeps itself. */
const LOCAL = 1

/** Everybody of the demo is as old on every machine: user n was made n minutes after this. */
const FIRST_DAY = Date.UTC(2024, 0, 8, 8)

function createdAt(usersId: number): string {
  return hostTime(new Date(FIRST_DAY + usersId * 60_000))
}

/**
 * Fills an empty store with an organisation and logins that the world knows; answers whether it did, false where a demo
 * stands already. Its tickets are of the days after `firstDay`. Throws `conflict` where there are accounts of other people.
 */
export async function fillDemo(
  storage: Storage,
  settings: SettingsStore,
  firstDay = FIRST_DAY,
): Promise<boolean> {
  if (await isDemo(storage.db)) return false
  const passwords = new Map<number, string>()
  for (const { id, password } of DEMO_LOGINS) passwords.set(id, await hashPassword(password))

  const filled = await storage.write('full', async (tx) => {
    // Held until the commit, so that a second demo that starts meanwhile waits here and then finds the first.
    await tx
      .updateTable('glpi_entities')
      .set({ id: ENTITIES.root.id })
      .where('id', '=', ENTITIES.root.id)
      .execute()
    if (await isDemo(tx)) return false
    // In the same transaction as the passwords: there is no moment in which they work and are not marked.
    await putSetting(tx, DEMO_ACCOUNTS, DEMO_ACCOUNT_IDS.join(','))
    await insertOrganisation(storage, tx)
    await insertUsers(storage, tx, passwords)
    await insertDemoTickets(storage, tx, firstDay)
    return true
  })
  if (filled) settings.forget()
  return filled
}

async function isDemo(db: Kysely<Tables>): Promise<boolean> {
  const user = await db.selectFrom('glpi_users').select('id').limit(1).executeTakeFirst()
  if (user === undefined) return false
  // Of doubled names the newest row stands, as for every setting.
  const marked = await db
    .selectFrom('glpi_plugin_callmanager_configs')
    .select('value')
    .where('name', '=', DEMO_ACCOUNTS)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (marked?.value) return true
  throw new AppError('store-in-use')
}

async function insertOrganisation(storage: Storage, tx: Kysely<Tables>): Promise<void> {
  const entities = Object.values(ENTITIES)
  const entityPaths = pathsOf(entities)
  await storage.insertMany(
    tx,
    'glpi_entities',
    entities
      .filter(({ id }) => id !== ENTITIES.root.id)
      .map(({ id, name, parent }) => ({
        id,
        name,
        entities_id: parent,
        completename: entityPaths.get(id)?.join(' > ') ?? name,
        level: entityPaths.get(id)?.length ?? 1,
        date_mod: createdAt(0),
      })),
  )
  for (const entity of entities) {
    if ('country' in entity) await putSetting(tx, `default_country.${entity.id}`, entity.country)
  }
  const locations = Object.values(LOCATIONS)
  const locationPaths = pathsOf(locations)
  await storage.insertMany(
    tx,
    'glpi_locations',
    locations.map(({ id, name, parent, entity, recursive }) => ({
      id,
      entities_id: ENTITIES[entity].id,
      is_recursive: recursive ? 1 : 0,
      name,
      locations_id: parent,
      completename: locationPaths.get(id)?.join(' > ') ?? name,
      level: locationPaths.get(id)?.length ?? 1,
    })),
  )
}

/** The names from the top of a tree down to each of its nodes; parents come first. */
function pathsOf(nodes: readonly { id: number; name: string; parent: number }[]): Map<number, string[]> {
  const paths = new Map<number, string[]>()
  for (const { id, name, parent } of nodes) paths.set(id, [...(paths.get(parent) ?? []), name])
  return paths
}

async function insertUsers(
  storage: Storage,
  tx: Kysely<Tables>,
  passwords: ReadonlyMap<number, string>,
): Promise<void> {
  const accounts = DEMO_LOGINS.map(({ id, login, profile }) =>
    person(id, 'an account of every ITSM-NG', {
      login,
      lastname: '',
      firstname: '',
      entity: 'root',
      memberships: [{ profile, entity: 'root', recursive: true }],
    }),
  )
  const users = [...Object.values(PEOPLE), ...accounts].sort((one, other) => one.id - other.id)
  const profiles = await tx.selectFrom('glpi_profiles').select(['id', 'name']).execute()
  const profileIds = new Map(profiles.map(({ id, name }) => [name, id]))

  await storage.insertMany(
    tx,
    'glpi_users',
    users.map((user) => userRow(user, passwords.get(user.id) ?? null)),
  )
  await storage.insertMany(
    tx,
    'glpi_profiles_users',
    users.flatMap((user) => membershipRows(user, profileIds)),
  )
  await storage.insertMany(tx, 'glpi_useremails', users.flatMap(emailRows))
  await storage.insertMany(tx, 'glpi_plugin_callmanager_users', users.flatMap(rioRows))
  for (const { id } of users) {
    await logCreation(tx, { itemtype: 'User', itemsId: id, agentName: 'Call Manager', at: createdAt(id) })
  }
}

function userRow(user: DemoPerson, password: string | null): Insertable<Tables['glpi_users']> {
  return {
    id: user.id,
    name: user.login,
    password,
    authtype: LOCAL,
    realname: user.lastname,
    firstname: user.firstname,
    phone: user.phone,
    phone2: user.phone2,
    mobile: user.mobile,
    registration_number: user.registrationNumber,
    entities_id: ENTITIES[user.entity].id,
    locations_id: user.location === null ? 0 : LOCATIONS[user.location].id,
    is_active: user.isActive ? 1 : 0,
    is_deleted: user.isDeleted ? 1 : 0,
    begin_date: user.beginDate,
    end_date: user.endDate,
    date_creation: createdAt(user.id),
    date_mod: createdAt(user.id),
  }
}

function membershipRows(
  user: DemoPerson,
  profileIds: ReadonlyMap<string | null, number>,
): Insertable<Tables['glpi_profiles_users']>[] {
  return user.memberships.map(({ profile, entity, recursive }) => {
    const profileId = profileIds.get(profile)
    if (profileId === undefined) throw new Error(`the store has no profile named ${profile}`)
    return {
      users_id: user.id,
      profiles_id: profileId,
      entities_id: ENTITIES[entity].id,
      is_recursive: recursive ? 1 : 0,
    }
  })
}

function emailRows(user: DemoPerson): Insertable<Tables['glpi_useremails']>[] {
  const others = user.otherEmails.map((email) => ({ users_id: user.id, is_default: 0, email }))
  return user.email === null ? others : [...others, { users_id: user.id, is_default: 1, email: user.email }]
}

function rioRows(user: DemoPerson): Insertable<Tables['glpi_plugin_callmanager_users']>[] {
  if (user.rio === null) return []
  const at = createdAt(user.id)
  return [{ users_id: user.id, rio_number: user.rio, date_creation: at, date_mod: at }]
}
