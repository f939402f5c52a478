import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { EVERYTHING, LOCAL, type People, PROFILES, peopleIn } from '../../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import { createSettings } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Accounts, Agent, Helpdesk } from '../helpdesk.ts'
import { createAccounts } from './accounts.ts'
import { createUserWrites } from './users.ts'

const { superAdmin, technician, selfService } = PROFILES
const LYON = 1
const BRON = 2
const LILLE = 3
const ALICE = 10
const BOB = 20

/**
 * Bob, a technician of Lyon who may write users, against Alice, Super-Admin there: whatever he tries, she stays who she is
 * and he gets no further.
 */
forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let people: People
  let users: Helpdesk['users']
  let accounts: Accounts
  let bob: Agent
  let alice: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addEntity(LYON, 'Lyon')
    await people.addEntity(BRON, 'Bron', LYON)
    await people.addEntity(LILLE, 'Lille')
    users = createUserWrites(storage)
    accounts = createAccounts(storage, createSettings(storage))
    await people.addUser({
      id: ALICE,
      login: 'alice',
      password: 'hers',
      emails: ['alice@example.org'],
      memberships: [{ entity: LYON, recursive: 1, profile: superAdmin }],
    })
    await people.addUser({
      id: BOB,
      login: 'bob',
      memberships: [{ entity: LYON, profile: technician }],
    })
    bob = {
      ...(await people.agent([LYON], { ...EVERYTHING, user: 1055, config: 0 }, BOB)),
      profileId: technician,
    }
    alice = { ...(await people.agent([LYON, BRON], EVERYTHING, ALICE)), profileId: superAdmin }
  })

  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        (
          [
            'glpi_users',
            'glpi_useremails',
            'glpi_profiles_users',
            'glpi_logs',
            'glpi_plugin_callmanager_sessions',
          ] as const
        ).map((table) => storage.db.selectFrom(table).selectAll().execute()),
      ),
    )

  async function refused(attempt: () => Promise<unknown>, expected: object): Promise<void> {
    const before = await everything()
    await expect(attempt()).rejects.toMatchObject({ name: 'AppError', ...expected })
    expect(await everything()).toBe(before)
  }

  const membershipsOf = (id: number) =>
    storage.db
      .selectFrom('glpi_profiles_users')
      .select(['profiles_id', 'entities_id', 'is_recursive'])
      .where('users_id', '=', id)
      .orderBy('id')
      .execute()

  const setProfiles = (
    agent: Agent,
    id: number,
    ...rows: [profile: number, entity: number, recursive: boolean][]
  ) =>
    accounts.setProfiles(
      agent,
      id,
      rows.map(([profileId, entityId, recursive]) => ({ profileId, entityId, recursive })),
    )

  describe('whoever lacks a right of Alice’s', () => {
    test.each<[string, () => Promise<unknown>]>([
      ['cannot set her password', () => accounts.setPassword(bob, LOCAL, ALICE, 'his own words')],
      ['cannot change her login', () => users.update(bob, ALICE, { login: 'mallory' })],
      ['cannot redirect her mail', () => users.update(bob, ALICE, { emails: ['bob@example.org'] })],
      ['cannot take her addresses away', () => users.update(bob, ALICE, { emails: [] })],
      ['cannot disable her', () => users.update(bob, ALICE, { enabled: false })],
      ['cannot let her account end', () => users.update(bob, ALICE, { endDate: '2020-01-01T00:00:00Z' })],
      ['cannot let it begin later', () => users.update(bob, ALICE, { beginDate: '2037-01-01T00:00:00Z' })],
      ['cannot put her into the bin', () => accounts.bin(bob, LOCAL, ALICE)],
      ['cannot purge her', () => accounts.purge(bob, LOCAL, ALICE)],
      ['cannot take her profile', () => setProfiles(bob, ALICE)],
      ['cannot exchange her profile', () => setProfiles(bob, ALICE, [technician, LYON, false])],
    ])('%s', async (_, attempt) => {
      await refused(attempt, { code: 'right-missing' })
    })

    it('may still write what gives nobody power', async () => {
      await users.update(bob, ALICE, { phone: '0199000000', lastname: 'Martin', login: 'alice' })
      await users.update(bob, ALICE, { emails: ['alice@example.org'], enabled: true })
    })
  })

  describe('whoever is an equal here and more elsewhere', () => {
    const DORA = 30
    const attempts: [string, () => Promise<unknown>][] = [
      ['keeps their password', () => accounts.setPassword(bob, LOCAL, DORA, 'his own words')],
      ['keeps their login', () => users.update(bob, DORA, { login: 'mallory' })],
      ['keeps their mail', () => users.update(bob, DORA, { emails: ['bob@example.org'] })],
      ['is not locked out', () => users.update(bob, DORA, { enabled: false })],
    ]

    test.each(attempts)('by another entity: %s', async (_, attempt) => {
      const memberships = [LYON, LILLE].map((entity) => ({ entity, profile: technician }))
      await people.addUser({ id: DORA, login: 'dora', memberships })
      await refused(attempt, { code: 'right-missing' })
    })

    test.each(attempts)('by what lies below: %s', async (_, attempt) => {
      const memberships = [{ entity: LYON, recursive: 1, profile: technician } as const]
      await people.addUser({ id: DORA, login: 'dora', memberships })
      await refused(attempt, { code: 'right-missing' })
    })

    it('is managed by whoever reaches as far', async () => {
      const memberships = [{ entity: LYON, recursive: 1, profile: technician } as const]
      await people.addUser({ id: DORA, login: 'dora', memberships })
      await accounts.setPassword(alice, LOCAL, DORA, 'long enough')
      await users.update(bob, DORA, { phone: '0199000000' })
    })
  })

  describe('whoever wants more for themselves', () => {
    test.each<[string, () => Promise<unknown>, object]>([
      [
        'cannot take a higher profile',
        () => setProfiles(bob, BOB, [technician, LYON, false], [superAdmin, LYON, false]),
        { code: 'right-missing' },
      ],
      [
        'cannot hand it to another',
        () => setProfiles(bob, 30, [superAdmin, LYON, false]),
        { code: 'right-missing' },
      ],
      [
        'cannot create somebody with it',
        () =>
          users.create(bob, {
            login: 'puppet',
            entityId: LYON,
            profiles: [{ profileId: superAdmin, entityId: LYON, recursive: false }],
          }),
        { code: 'right-missing' },
      ],
      [
        'cannot reach into another entity',
        () => setProfiles(bob, BOB, [technician, LYON, false], [technician, LILLE, false]),
        { code: 'value-refused', field: 'profiles' },
      ],
      [
        'cannot reach below the own one',
        () => setProfiles(bob, 30, [technician, LYON, true]),
        { code: 'value-refused', field: 'profiles' },
      ],
      [
        'cannot create somebody who does',
        () =>
          users.create(bob, {
            login: 'puppet',
            entityId: LYON,
            profiles: [{ profileId: technician, entityId: LYON, recursive: true }],
          }),
        { code: 'value-refused', field: 'profiles' },
      ],
      [
        'cannot take a profile that is not there',
        () => setProfiles(bob, 30, [4711, LYON, false]),
        { code: 'value-refused', field: 'profiles' },
      ],
    ])('%s', async (_, attempt, expected) => {
      await people.addUser({ id: 30, login: 'dora', memberships: [{ entity: LYON, profile: selfService }] })
      await refused(attempt, expected)
    })

    it('does not get there by an active profile that was taken away', async () => {
      const once = { ...bob, profileId: superAdmin }
      await storage.write('normal', (tx) =>
        tx
          .deleteFrom('glpi_profilerights')
          .where('profiles_id', '=', superAdmin)
          .where('name', '=', 'config')
          .execute(),
      )
      await storage.write('normal', (tx) =>
        tx
          .updateTable('glpi_profilerights')
          .set({ rights: 1 })
          .where('profiles_id', '=', superAdmin)
          .where('name', '=', 'profile')
          .execute(),
      )
      await people.addUser({ id: 30, login: 'dora', memberships: [{ entity: LYON, profile: 8 }] })
      // Read-Only reads the configuration, which this Super-Admin no longer does.
      await refused(() => accounts.setPassword(once, LOCAL, 30, 'long enough'), { code: 'right-missing' })
      await storage.write('normal', async (tx) => {
        await tx
          .insertInto('glpi_profilerights')
          .values({ profiles_id: superAdmin, name: 'config', rights: 3 })
          .execute()
        await tx
          .updateTable('glpi_profilerights')
          .set({ rights: 23 })
          .where('profiles_id', '=', superAdmin)
          .where('name', '=', 'profile')
          .execute()
      })
    })
  })

  describe('among equals', () => {
    beforeEach(async () => {
      await people.addUser({
        id: 30,
        login: 'dora',
        password: 'old',
        memberships: [{ entity: LYON, profile: selfService }],
      })
    })

    it('a technician sets the password of whoever has less, and ends their sessions but not his own', async () => {
      await storage.write('normal', async (tx) => {
        const session = { profiles_id: 1, entities_id: 0, is_recursive: 0, created_at: 1, seen_at: 1 }
        for (const [token_hash, users_id] of [
          ['one', 30],
          ['two', 30],
          [bob.sessionKey, BOB],
        ] as const) {
          await tx
            .insertInto('glpi_plugin_callmanager_sessions')
            .values({ ...session, token_hash, users_id })
            .execute()
        }
      })
      await accounts.setPassword(bob, LOCAL, 30, 'long enough')
      const { password } = await storage.db
        .selectFrom('glpi_users')
        .select('password')
        .where('id', '=', 30)
        .executeTakeFirstOrThrow()
      expect(password).toMatch(/^\$argon2id\$/)
      expect(
        await storage.db.selectFrom('glpi_plugin_callmanager_sessions').select('token_hash').execute(),
      ).toEqual([{ token_hash: bob.sessionKey }])
    })

    test.each([
      ['too short', 'seven77'],
      ['too long', 'x'.repeat(256)],
    ])('a password that is %s is refused', async (_, password) => {
      await refused(() => accounts.setPassword(bob, LOCAL, 30, password), {
        code: 'value-refused',
        field: 'password',
      })
    })

    it('the password of a directory’s account is set there', async () => {
      await people.addUser({ id: 31, login: 'ldap', authtype: 3, memberships: [{ entity: LYON }] })
      await refused(() => accounts.setPassword(bob, LOCAL, 31, 'long enough'), {
        code: 'directory-owned',
        field: 'password',
      })
    })

    it('profiles elsewhere stay as they are', async () => {
      await people.addUser({
        id: 31,
        login: 'everywhere',
        memberships: [
          { entity: LYON, profile: selfService },
          { entity: LILLE, profile: superAdmin },
          { entity: 0, recursive: 1, profile: technician },
        ],
      })
      await setProfiles(bob, 31, [technician, LYON, false], [technician, LYON, false])
      expect(await membershipsOf(31)).toEqual([
        { profiles_id: superAdmin, entities_id: LILLE, is_recursive: 0 },
        { profiles_id: technician, entities_id: 0, is_recursive: 1 },
        { profiles_id: technician, entities_id: LYON, is_recursive: 0 },
      ])
    })

    it('the same profiles again change nothing', async () => {
      const before = await everything()
      await setProfiles(bob, 30, [selfService, LYON, false])
      expect(await everything()).toBe(before)
    })

    it('a doubled membership goes as one', async () => {
      await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_profiles_users')
          .values({ users_id: 30, profiles_id: selfService, entities_id: LYON, is_recursive: 0 })
          .execute(),
      )
      await setProfiles(bob, 30, [technician, LYON, false])
      expect(await membershipsOf(30)).toEqual([
        { profiles_id: technician, entities_id: LYON, is_recursive: 0 },
      ])
    })

    it('whoever reaches below hands that out', async () => {
      await setProfiles(alice, 30, [technician, LYON, true], [selfService, BRON, true])
      expect(await membershipsOf(30)).toEqual([
        { profiles_id: technician, entities_id: LYON, is_recursive: 1 },
        { profiles_id: selfService, entities_id: BRON, is_recursive: 1 },
      ])
    })
  })

  describe('nobody', () => {
    it('takes from themselves the profile that they act by', async () => {
      await refused(() => setProfiles(alice, ALICE, [technician, LYON, true]), {
        code: 'value-refused',
        field: 'profiles',
      })
      await refused(() => setProfiles(alice, ALICE), { code: 'value-refused', field: 'profiles' })
    })

    it('deletes themselves', async () => {
      await refused(() => accounts.bin(alice, LOCAL, ALICE), { code: 'value-refused' })
      await refused(() => accounts.purge(alice, LOCAL, ALICE), { code: 'value-refused' })
    })

    it('locks themselves out', async () => {
      await refused(() => users.update(alice, ALICE, { enabled: false }), { code: 'value-refused' })
      await refused(() => users.update(alice, ALICE, { endDate: '2020-01-01T00:00:00Z' }), {
        code: 'value-refused',
      })
    })

    it('manages a demo account from elsewhere', async () => {
      const settings = createSettings(storage)
      await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_plugin_callmanager_configs')
          .values({ name: 'demo_accounts', value: String(BOB) })
          .execute(),
      )
      const marked = createAccounts(storage, settings)
      const remote = { ...LOCAL, address: '192.0.2.1' }
      const forwarded = { ...LOCAL, forwarded: true }
      for (const caller of [remote, forwarded]) {
        for (const attempt of [
          () => marked.setPassword(alice, caller, BOB, 'long enough'),
          () => marked.bin(alice, caller, BOB),
          () => marked.purge(alice, caller, BOB),
        ]) {
          await refused(attempt, { code: 'right-missing' })
        }
      }
      await marked.setPassword(alice, LOCAL, BOB, 'long enough')
      expect((await settings.read()).demoAccounts).toEqual(new Set([BOB]))
    })
  })

  describe('removing somebody', () => {
    const DORA = 30
    beforeEach(async () => {
      await people.addUser({
        id: DORA,
        login: 'dora',
        rio: '1234567',
        emails: ['dora@example.org'],
        memberships: [{ entity: LYON, profile: selfService }],
      })
    })

    it('into the bin keeps everything, and can be undone', async () => {
      await accounts.bin(bob, LOCAL, DORA)
      const isDeleted = async () =>
        (
          await storage.db
            .selectFrom('glpi_users')
            .select('is_deleted')
            .where('id', '=', DORA)
            .executeTakeFirstOrThrow()
        ).is_deleted
      expect(await isDeleted()).toBe(1)
      const before = await everything()
      await accounts.bin(bob, LOCAL, DORA)
      expect(await everything()).toBe(before)
      await users.update(bob, DORA, { deleted: false })
      expect(await isDeleted()).toBe(0)
      const lines = await storage.db
        .selectFrom('glpi_logs')
        .select('linked_action')
        .where('items_id', '=', DORA)
        .orderBy('id')
        .execute()
      expect(lines.slice(-2)).toEqual([{ linked_action: 13 }, { linked_action: 14 }])
    })

    it('for good leaves a line of history and nothing else', async () => {
      await accounts.purge(bob, LOCAL, DORA)
      for (const table of [
        'glpi_useremails',
        'glpi_profiles_users',
        'glpi_plugin_callmanager_users',
      ] as const) {
        expect(
          await storage.db.selectFrom(table).select('id').where('users_id', '=', DORA).execute(),
        ).toEqual([])
      }
      expect(await storage.db.selectFrom('glpi_users').select('id').where('id', '=', DORA).execute()).toEqual(
        [],
      )
      expect(
        await storage.db
          .selectFrom('glpi_logs')
          .select('linked_action')
          .where('items_id', '=', DORA)
          .orderBy('id', 'desc')
          .executeTakeFirst(),
      ).toEqual({ linked_action: 13 })
    })

    it('needs the right', async () => {
      const without = (bits: number) => ({ ...bob, rights: { ...bob.rights, user: 1055 & ~bits } })
      await refused(() => accounts.bin(without(8), LOCAL, DORA), { code: 'right-missing' })
      await refused(() => accounts.purge(without(16), LOCAL, DORA), { code: 'right-missing' })
      await accounts.bin(bob, LOCAL, DORA)
      await refused(() => users.update(without(8), DORA, { deleted: false }), { code: 'right-missing' })
    })

    it('needs all of their entities', async () => {
      await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_profiles_users')
          .values({ users_id: DORA, profiles_id: selfService, entities_id: LILLE, is_recursive: 0 })
          .execute(),
      )
      await refused(() => accounts.bin(bob, LOCAL, DORA), { code: 'user-unknown' })
      await refused(() => accounts.purge(bob, LOCAL, DORA), { code: 'user-unknown' })
    })
  })
})
