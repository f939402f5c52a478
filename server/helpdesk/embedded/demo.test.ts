import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { isUsable } from '../../domain/accounts.ts'
import { buildEntityTree, canSeeUser, type EntityTree, entitiesOf, scopeOf } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { rioKey } from '../../domain/rio.ts'
import { hostTime } from '../../domain/times.ts'
import { countryOf, identifiersOf } from '../../domain/user-identifiers.ts'
import { migrateHelpdeskTables, migrateOwnTables } from '../../storage/migrate.ts'
import { createSettings, type SettingsStore } from '../../storage/settings.ts'
import { openStorage, type Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { DEMO_LOGINS, fillDemo } from './demo.ts'
import { type DemoPerson, ENTITIES, PEOPLE } from './demo-people.ts'
import { verifyPassword } from './passwords.ts'

let folder: string
let storage: Storage
let settings: SettingsStore

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callmanager-demo-'))
  storage = await openStorage(`file:${join(folder, 'callmanager.db')}`)
  await migrateOwnTables(storage)
  await migrateHelpdeskTables(storage)
  settings = createSettings(storage)
})

afterEach(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

const TABLES = [
  'glpi_users',
  'glpi_useremails',
  'glpi_entities',
  'glpi_locations',
  'glpi_tickets',
  'glpi_tickets_users',
  'glpi_groups_tickets',
  'glpi_itilfollowups',
  'glpi_itilcategories',
  'glpi_groups',
  'glpi_groups_users',
  'glpi_profiles_users',
  'glpi_logs',
  'glpi_plugin_callmanager_users',
  'glpi_plugin_callmanager_configs',
] as const satisfies (keyof Tables)[]

async function everything() {
  const rows = await Promise.all(TABLES.map((table) => storage.db.selectFrom(table).selectAll().execute()))
  return Object.fromEntries(TABLES.map((table, index) => [table, rows[index]]))
}

async function readTree(): Promise<EntityTree> {
  return buildEntityTree(await storage.db.selectFrom('glpi_entities').select(['id', 'entities_id']).execute())
}

function readUser({ id }: DemoPerson) {
  return storage.db.selectFrom('glpi_users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

function readMemberships({ id }: DemoPerson) {
  return storage.db
    .selectFrom('glpi_profiles_users')
    .select(['profiles_id', 'entities_id', 'is_recursive'])
    .where('users_id', '=', id)
    .execute()
}

function readEmails({ id }: DemoPerson) {
  return storage.db
    .selectFrom('glpi_useremails')
    .select(['email', 'is_default'])
    .where('users_id', '=', id)
    .orderBy('id')
    .execute()
}

describe('the demo', () => {
  it('makes the documented example user 1', async () => {
    expect(await fillDemo(storage, settings)).toBe(true)

    const example = await storage.db
      .selectFrom('glpi_users as user')
      .innerJoin('glpi_plugin_callmanager_users as rio', 'rio.users_id', 'user.id')
      .innerJoin('glpi_useremails as email', 'email.users_id', 'user.id')
      .innerJoin('glpi_entities as entity', 'entity.id', 'user.entities_id')
      .innerJoin('glpi_locations as location', 'location.id', 'user.locations_id')
      .select(['user.id', 'user.name', 'user.realname', 'user.firstname', 'user.phone', 'rio.rio_number'])
      .select(['email.email', 'email.is_default', 'entity.name as entity', 'location.name as location'])
      .where('user.id', '=', 1)
      .execute()
    expect(example).toEqual([
      {
        id: 1,
        name: 'john.doe',
        realname: 'Doe',
        firstname: 'John',
        phone: '+1234567890',
        rio_number: '1234567890',
        email: 'john.doe@example.com',
        is_default: 1,
        entity: 'Préfecture du Rhône',
        location: 'Bâtiment A',
      },
    ])
  })

  it('changes nothing when it is filled a second time', async () => {
    await fillDemo(storage, settings)
    const before = await everything()

    expect(await fillDemo(storage, settings)).toBe(false)
    expect(await everything()).toEqual(before)
  })

  it('stays a demo when people have been added to it', async () => {
    await fillDemo(storage, settings)
    await storage.write('full', (tx) => tx.insertInto('glpi_users').values({ name: 'newcomer' }).execute())

    expect(await fillDemo(storage, settings)).toBe(false)
  })

  it('is filled once by two that start at the same time', async () => {
    const answers = await Promise.all([fillDemo(storage, settings), fillDemo(storage, settings)])

    expect(answers.sort()).toEqual([false, true])
  })

  it('refuses a store with another account and leaves it as it was', async () => {
    await storage.write('full', (tx) => tx.insertInto('glpi_users').values({ name: 'somebody' }).execute())
    const before = await everything()

    const failure = await fillDemo(storage, settings).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AppError)
    expect(failure).toMatchObject({ code: 'store-in-use' })
    expect(await everything()).toEqual(before)
  })

  it('leaves nothing behind when it is killed before the commit', async () => {
    const before = await everything()
    const dying: Storage = {
      ...storage,
      write: (durability, work) =>
        storage.write(durability, async (tx) => {
          await work(tx)
          throw new Error('killed')
        }),
    }

    await expect(fillDemo(dying, settings)).rejects.toThrow('killed')
    expect(await everything()).toEqual(before)
  })
})

describe('the logins', () => {
  it('are the four of ITSM-NG, local accounts at the root entity and below, with their passwords', async () => {
    await fillDemo(storage, settings)

    const rows = await storage.db
      .selectFrom('glpi_users as user')
      .innerJoin('glpi_profiles_users as held', 'held.users_id', 'user.id')
      .innerJoin('glpi_profiles as profile', 'profile.id', 'held.profiles_id')
      .select(['user.id', 'user.name', 'user.authtype', 'user.entities_id', 'profile.name as profile'])
      .select(['held.entities_id as held_entity', 'held.is_recursive'])
      .where('user.id', 'in', [2, 3, 4, 5])
      .orderBy('user.id')
      .execute()
    const atRoot = { authtype: 1, entities_id: 0, held_entity: 0, is_recursive: 1 }
    expect(rows).toEqual([
      { id: 2, name: 'itsm', profile: 'Super-Admin', ...atRoot },
      { id: 3, name: 'post-only', profile: 'Self-Service', ...atRoot },
      { id: 4, name: 'tech', profile: 'Technician', ...atRoot },
      { id: 5, name: 'normal', profile: 'Observer', ...atRoot },
    ])
    for (const { id, password } of DEMO_LOGINS) {
      const { password: stored } = await readUser({ ...PEOPLE.johnDoe, id })
      expect(stored).toMatch(/^\$argon2id\$/)
      expect(await verifyPassword(password, stored)).toBe(true)
    }
  })

  it('are marked as the demo accounts, exactly those, at once and for who reads afterwards', async () => {
    expect([...(await settings.read()).demoAccounts]).toEqual([])
    await fillDemo(storage, settings)

    expect([...(await settings.read()).demoAccounts]).toEqual([2, 3, 4, 5])
    expect([...(await createSettings(storage).read()).demoAccounts]).toEqual([2, 3, 4, 5])
    const known = await storage.db
      .selectFrom('glpi_users')
      .select('id')
      .where('password', 'is not', null)
      .execute()
    expect(known.map(({ id }) => id)).toEqual([2, 3, 4, 5])
  })
})

describe('the organisation', () => {
  it('is a tree at least three deep under the root', async () => {
    await fillDemo(storage, settings)

    const tree = await readTree()
    expect(tree.ancestors(ENTITIES.informatique.id)).toEqual([2, 1, 0])
    expect(tree.withDescendants(0)).toHaveLength(tree.size)
    const deepest = await storage.db
      .selectFrom('glpi_entities')
      .select(['completename', 'level'])
      .where('id', '=', ENTITIES.informatique.id)
      .executeTakeFirst()
    expect(deepest).toEqual({
      completename: 'Root entity > Préfecture du Rhône > Secrétariat général > Service informatique',
      level: 4,
    })
  })

  it('has locations in a tree of their own', async () => {
    await fillDemo(storage, settings)

    const office = await storage.db
      .selectFrom('glpi_locations')
      .select(['completename', 'level'])
      .where('name', '=', 'Bureau 214')
      .executeTakeFirst()
    expect(office).toEqual({ completename: 'Cité administrative > Bâtiment A > Bureau 214', level: 3 })
  })

  it('has one history line and one date of change for each user', async () => {
    await fillDemo(storage, settings)

    const users = await storage.db.selectFrom('glpi_users').select(['id', 'date_mod']).orderBy('id').execute()
    const lines = await storage.db.selectFrom('glpi_logs').selectAll().orderBy('id').execute()
    expect(lines.map(({ items_id, date_mod }) => ({ id: items_id, date_mod }))).toEqual(users)
    expect(lines.every(({ itemtype, linked_action }) => itemtype === 'User' && linked_action === 20)).toBe(
      true,
    )
    expect(new Set(users.map(({ date_mod }) => date_mod)).size).toBe(users.length)
    expect(users.at(-1)?.date_mod?.localeCompare(hostTime(new Date()))).toBe(-1)
  })
})

describe('the people', () => {
  beforeEach(async () => {
    await fillDemo(storage, settings)
  })

  it('are all stored, each with an id, a login and a reason of their own', async () => {
    const people = Object.values(PEOPLE)
    const stored = await storage.db.selectFrom('glpi_users').select('id').execute()
    expect(stored).toHaveLength(people.length + DEMO_LOGINS.length)
    for (const column of ['id', 'login', 'why'] as const) {
      expect(new Set(people.map((person) => person[column])).size).toBe(people.length)
    }
  })

  test.each([
    ['deleted', PEOPLE.deleted, { is_deleted: 1 }],
    ['inactive', PEOPLE.inactive, { is_active: 0 }],
    ['not yet begun', PEOPLE.notYetBegun, { begin_date: '2037-09-01 00:00:00' }],
    ['ended', PEOPLE.ended, { end_date: '2023-12-31 18:00:00' }],
  ])('include one who is %s, and nothing else is wrong with them', async (_, person, cause) => {
    const user = await readUser(person)
    const now = new Date()
    expect(user).toMatchObject(cause)
    expect(isUsable(user, now)).toBe(false)
    const repaired = { is_active: 1, is_deleted: 0, begin_date: null, end_date: null }
    const unusual = Object.entries(repaired).filter(([column, usual]) => Reflect.get(user, column) !== usual)
    expect(unusual).toHaveLength(1)
  })

  it('are usable otherwise', async () => {
    const now = new Date()
    const users = await storage.db.selectFrom('glpi_users').selectAll().orderBy('id').execute()
    const unusable = users.filter((user) => !isUsable(user, now)).map(({ id }) => id)
    const { deleted, inactive, notYetBegun, ended } = PEOPLE
    expect(unusable).toEqual([deleted.id, inactive.id, notYetBegun.id, ended.id])
  })

  test.each([
    [
      'one of another entity',
      PEOPLE.otherEntity,
      { rhone: false, villefranche: false, reunion: true, root: true },
    ],
    [
      'one who is recursive',
      PEOPLE.recursive,
      { rhone: true, villefranche: true, reunion: false, root: true },
    ],
    ['one who is not', PEOPLE.notRecursive, { rhone: true, villefranche: false, reunion: false, root: true }],
    [
      'one of several profiles',
      PEOPLE.severalProfiles,
      { rhone: true, villefranche: true, reunion: true, root: true },
    ],
    [
      'one without a profile',
      PEOPLE.noProfile,
      { rhone: false, villefranche: false, reunion: false, root: true },
    ],
  ])('include %s, seen by the agents who should', async (_, person, expected) => {
    const tree = await readTree()
    const memberships = await readMemberships(person)
    const seenFrom = (entity: keyof typeof ENTITIES) => {
      const given = entitiesOf([{ entities_id: ENTITIES[entity].id, is_recursive: 1 }], tree)
      return canSeeUser(scopeOf(given, tree), memberships)
    }
    for (const [entity, seen] of Object.entries(expected)) {
      expect([entity, seenFrom(entity as keyof typeof ENTITIES)]).toEqual([entity, seen])
    }
  })

  it('include one of three profiles in three entities, and one of none at all', async () => {
    const held = await readMemberships(PEOPLE.severalProfiles)
    expect(new Set(held.map(({ profiles_id }) => profiles_id)).size).toBe(3)
    expect(new Set(held.map(({ entities_id }) => entities_id)).size).toBe(3)
    expect(await readMemberships(PEOPLE.noProfile)).toEqual([])
  })

  it('include one with several addresses and no default, and one whose default is not the first', async () => {
    expect(await readEmails(PEOPLE.emailsWithoutDefault)).toEqual([
      { email: 'd.marchand@example.org', is_default: 0 },
      { email: 'a.first-by-letter@example.org', is_default: 0 },
    ])
    expect(await readEmails(PEOPLE.defaultEmailLast)).toEqual([
      { email: 'old.address@example.org', is_default: 0 },
      { email: 'sandrine.picard@example.org', is_default: 1 },
    ])
  })

  it('include two of the same RIO, one with an empty one and one without any', async () => {
    const rios = await storage.db
      .selectFrom('glpi_plugin_callmanager_users')
      .select(['users_id', 'rio_number'])
      .execute()
    const holders = (rio: string) =>
      rios.filter(({ rio_number }) => rio_number === rio).map(({ users_id }) => users_id)
    expect(holders('1395538')).toEqual([PEOPLE.sameRioOne.id, PEOPLE.sameRioTwo.id])
    expect(holders('')).toEqual([PEOPLE.emptyRio.id])
    expect(rios.map(({ users_id }) => users_id)).not.toContain(PEOPLE.noRio.id)
  })

  it('share no other RIO, however it is written', () => {
    const keys = Object.values(PEOPLE).flatMap(({ rio }) => rioKey(rio) ?? [])
    const doubled = keys.filter((key, index) => keys.indexOf(key) !== index)
    expect(doubled).toEqual(['1395538'])
  })

  test.each([
    ['zeros in front', PEOPLE.leadingZeros, '0001234'],
    ['a space and a dash', PEOPLE.separatedRio, '1234567'],
    ['a slash', PEOPLE.slashRio, 'rh/2038'],
    ['a portability code', PEOPLE.portabilityCode, '01p123456xyz'],
  ])('include a RIO with %s', (_, person, key) => {
    expect(rioKey(person.rio)).toBe(key)
  })

  it('include a RIO of 255 characters', () => {
    expect(PEOPLE.longestRio.rio).toHaveLength(255)
  })

  it('include one without a number, and names that must be shown as they are', async () => {
    const { phone, phone2, mobile } = await readUser(PEOPLE.noPhone)
    expect([phone, phone2, mobile]).toEqual([null, null, null])
    expect(await readUser(PEOPLE.apostrophe)).toMatchObject({ realname: "O'Brien" })
    expect(await readUser(PEOPLE.markup)).toMatchObject({ firstname: '<b>Bold</b>' })
    expect(await readUser(PEOPLE.emoji)).toMatchObject({ firstname: 'Léa 👩‍💻' })
    expect(await readUser(PEOPLE.accents)).toMatchObject({ firstname: 'Éléonore', realname: 'Lefèvre' })
  })

  test.each([
    ['the documented example', PEOPLE.johnDoe, ['phone +1234567890']],
    ['dots', PEOPLE.accents, ['phone +33123456789', 'phone +33600001006']],
    ['(0) after the country', PEOPLE.numericLogin, ['phone +33199001207', 'phone +33600001007']],
    ['pairs, and 00 33', PEOPLE.spacedNumber, ['phone +33472000040', 'phone +33465711208']],
    ['two numbers in one field', PEOPLE.twoNumbers, ['phone +33465711209', 'phone +33600001209']],
    ['an extension called poste', PEOPLE.extensionWithWord, ['extension 4521']],
    ['a bare extension', PEOPLE.bareExtension, ['extension 4521']],
    ['a number with an extension', PEOPLE.numberWithExtension, ['phone +33465711200', 'extension 4530']],
    ['a switchboard', PEOPLE.switchboardOne, ['phone +33465710000']],
    ['the same switchboard', PEOPLE.switchboardTwo, ['phone +33465710000']],
    ['a number of La Réunion', PEOPLE.overseas, ['phone +262262000015']],
    ['numbers below La Réunion', PEOPLE.overseasBelow, ['phone +262262000016', 'phone +262692000016']],
  ])('are found by the numbers they wrote: %s', async (_, person, expected) => {
    const { entities_id: entity, ...columns } = await readUser(person)
    const { entityCountries, default_country: fallback } = await settings.read()
    const country = countryOf(entity, (await readTree()).ancestors(entity), entityCountries, fallback)
    const found = identifiersOf({ ...columns, custom_table: person.rio }, country)
    const numbers = found.filter(({ kind }) => kind !== 'rio').map(({ kind, key }) => `${kind} ${key}`)
    expect(numbers).toEqual(expected)
  })
})
