import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, test, vi } from 'vitest'
import {
  hostTimeIn,
  LOCAL,
  type People,
  PROFILES,
  peopleIn,
  type TestUser,
} from '../../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import { createSettings, DEMO_ACCOUNTS, putSetting, type SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Caller, Helpdesk, Logins } from '../helpdesk.ts'
import { createEmbeddedHelpdesk } from './embedded.ts'
import { hashPassword } from './passwords.ts'

const PASSWORD = 'correct horse'
const TOKEN = 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789aBcD'

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let settings: SettingsStore
  let people: People
  let helpdesk: Helpdesk
  let logins: Logins
  let hash: string

  beforeAll(async () => {
    storage = await engine.migrated()
    hash = await hashPassword(PASSWORD)
  })
  beforeEach(async () => {
    await emptyTables(storage)
    settings = createSettings(storage)
    people = peopleIn(storage)
    helpdesk = createEmbeddedHelpdesk({ storage, settings, sessionIdleMs: 60_000 })
    if (helpdesk.logins === undefined) throw new Error('the embedded helpdesk keeps accounts')
    logins = helpdesk.logins
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const addBob = (columns: Partial<TestUser> = {}) =>
    people.addUser({
      login: 'bob',
      password: hash,
      api_token: TOKEN,
      memberships: [{ entity: 0, profile: PROFILES.technician }],
      ...columns,
    })

  async function markAsDemo(id: number): Promise<void> {
    await storage.write('full', (tx) => putSetting(tx, DEMO_ACCOUNTS, String(id)))
    settings.forget()
  }

  describe('logging in', () => {
    it('opens a session by login and password, and one by user token', async () => {
      const id = await addBob()
      for (const token of [
        await logins.byPassword('bob', PASSWORD, LOCAL),
        await logins.byUserToken(TOKEN, LOCAL),
      ]) {
        expect(await helpdesk.agent(token, LOCAL)).toMatchObject({
          id,
          profileId: PROFILES.technician,
          name: `bob (${id})`,
        })
      }
    })

    it('knows a login in any letter case, as the host does', async () => {
      await addBob()
      expect(await logins.byPassword('BOB', PASSWORD, LOCAL)).toMatch(/^[a-v0-9]{26}$/)
    })

    test.each<[string, Partial<TestUser>]>([
      ['inactive', { is_active: 0 }],
      ['deleted', { is_deleted: 1 }],
      ['not begun', { begin_date: hostTimeIn(3600) }],
      ['ended', { end_date: hostTimeIn(-3600) }],
      ['without a profile', { memberships: [] }],
    ])(
      'refuses an account that is %s, but tells so only to who knows its secret',
      async (_state, columns) => {
        await addBob(columns)
        await expect(logins.byPassword('bob', PASSWORD, LOCAL)).rejects.toMatchObject({
          code: 'account-refused',
        })
        await expect(logins.byUserToken(TOKEN, LOCAL)).rejects.toMatchObject({ code: 'account-refused' })
        await expect(logins.byPassword('bob', 'wrong', LOCAL)).rejects.toMatchObject({ code: 'login-failed' })
        expect(await storage.db.selectFrom('glpi_plugin_callmanager_sessions').selectAll().execute()).toEqual(
          [],
        )
      },
    )

    test.each<[string, Partial<TestUser>, string, string]>([
      ['a wrong password', {}, 'bob', 'wrong'],
      ['an empty password', {}, 'bob', ''],
      ['an unknown login', {}, 'alice', PASSWORD],
      ['an empty login', {}, '', PASSWORD],
      ['an account without a password', { password: null }, 'bob', ''],
      ['an account of another directory', { authtype: 3 }, 'bob', PASSWORD],
      ['SQL', {}, "bob' or '1'='1", PASSWORD],
    ])('refuses %s alike', async (_what, columns, login, password) => {
      await addBob(columns)
      await expect(logins.byPassword(login, password, LOCAL)).rejects.toMatchObject({ code: 'login-failed' })
    })

    test.each([
      ['in another letter case', TOKEN.toUpperCase()],
      ['with a space behind it', `${TOKEN} `],
      ['cut short', TOKEN.slice(0, -1)],
      ['that is empty', ''],
    ])('refuses a user token %s', async (_what, token) => {
      await addBob()
      await people.addUser({ login: 'alice', api_token: '' })
      await expect(logins.byUserToken(token, LOCAL)).rejects.toMatchObject({ code: 'user-token-invalid' })
    })

    test.each<[string, Caller, boolean]>([
      ['this machine', LOCAL, true],
      ['this machine by IPv6', { ...LOCAL, address: '::1' }, true],
      ['this machine on a dual-stack socket', { ...LOCAL, address: '::ffff:127.0.0.1' }, true],
      ['a proxy on this machine', { ...LOCAL, forwarded: true }, false],
      ['another machine', { ...LOCAL, address: '192.0.2.7' }, false],
      ['a machine whose address looks like ours', { ...LOCAL, address: '::ffff:192.0.2.127' }, false],
    ])('a demo account from %s', async (_where, caller, allowed) => {
      const id = await addBob()
      await markAsDemo(id)
      const session = await logins.byPassword('bob', PASSWORD, LOCAL)
      const attempts = await Promise.allSettled([
        logins.byPassword('bob', PASSWORD, caller),
        logins.byUserToken(TOKEN, caller),
        helpdesk.agent(session, caller),
      ])
      if (allowed) expect(attempts.map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'))
      else expect(attempts).toMatchObject(Array(3).fill({ reason: { code: 'demo-login-remote' } }))
    })

    it('lets other accounts log in from anywhere', async () => {
      await addBob()
      await markAsDemo(4711)
      const caller = { address: '192.0.2.7', forwarded: true, appToken: undefined }
      const token = await logins.byPassword('bob', PASSWORD, caller)
      expect(await helpdesk.agent(token, caller)).toMatchObject({ name: expect.stringContaining('bob') })
    })
  })

  describe('a session', () => {
    const open = async (columns: Partial<TestUser> = {}) => {
      const id = await addBob(columns)
      return { id, token: await logins.byPassword('bob', PASSWORD, LOCAL) }
    }

    it('has the rights and the scope of this moment', async () => {
      await people.addEntity(1, 'Lyon')
      await people.addEntity(2, 'Bron', 1)
      const { id, token } = await open({
        entities_id: 1,
        memberships: [{ entity: 1, recursive: 1, profile: PROFILES.technician }],
      })
      const agent = await helpdesk.agent(token, LOCAL)
      expect(agent.rights).toEqual({ access: 1, config: 0, user: 1055, ticket: 166_919, followup: 13_319 })
      expect([...agent.scope.entities].sort()).toEqual([1, 2])
      expect(agent.entityId).toBe(1)

      await storage.write('full', (tx) =>
        tx.updateTable('glpi_profiles_users').set({ is_recursive: 0 }).where('users_id', '=', id).execute(),
      )
      expect([...(await helpdesk.agent(token, LOCAL)).scope.entities]).toEqual([1])
    })

    it('loses its rights with its profile', async () => {
      const { id, token } = await open()
      await storage.write('full', (tx) =>
        tx.deleteFrom('glpi_profiles_users').where('users_id', '=', id).execute(),
      )
      const agent = await helpdesk.agent(token, LOCAL)
      expect(Object.values(agent.rights)).toEqual([0, 0, 0, 0, 0])
      expect(agent.scope).toMatchObject({ all: false })
      expect(agent.scope.entities.size).toBe(0)
    })

    it('has no right of ours under a helpdesk-interface profile', async () => {
      const { token } = await open({
        memberships: [{ entity: 0, recursive: 1, profile: PROFILES.selfService }],
      })
      expect(Object.values((await helpdesk.agent(token, LOCAL)).rights)).toEqual([0, 0, 0, 0, 0])
    })

    test.each<[string, Partial<TestUser>]>([
      ['deactivated', { is_active: 0 }],
      ['deleted', { is_deleted: 1 }],
      ['ended', { end_date: hostTimeIn(-1) }],
    ])('ends at once when its account is %s', async (_what, columns) => {
      const { id, token } = await open()
      await helpdesk.agent(token, LOCAL)
      const { is_active, is_deleted, end_date } = { is_active: 1, is_deleted: 0, end_date: null, ...columns }
      await people.changeUser(id, { is_active, is_deleted, end_date })
      await expect(helpdesk.agent(token, LOCAL)).rejects.toMatchObject({ code: 'account-unusable' })
    })

    it('ends when its owner logs out', async () => {
      const { token } = await open()
      await logins.end(token)
      await expect(helpdesk.agent(token, LOCAL)).rejects.toMatchObject({ code: 'session-invalid' })
    })

    it('is in an entity that it covers, whatever the account’s default is', async () => {
      await people.addEntity(1, 'Lyon')
      await people.addEntity(2, 'Bron')
      const memberships = [1, 2].map((entity) => ({ entity, profile: PROFILES.technician }))
      const { token } = await open({ entities_id: 0, memberships })
      const agent = await helpdesk.agent(token, LOCAL)
      expect([...agent.scope.entities].sort()).toEqual([1, 2])
      expect([1, 2]).toContain(agent.entityId)
      expect((await helpdesk.describe(agent)).entity.id).toBe(agent.entityId)
    })
  })

  describe('the first account', () => {
    const ALICE = { login: 'alice', password: 'long enough' }

    it('is made by a set-up code, as a Super-Admin over everything', async () => {
      expect(await logins.hasAccounts()).toBe(false)
      await logins.setUp(await logins.newSetupCode(), ALICE)
      expect(await logins.hasAccounts()).toBe(true)
      const token = await logins.byPassword('alice', ALICE.password, LOCAL)
      expect(await helpdesk.agent(token, LOCAL)).toMatchObject({
        profileId: PROFILES.superAdmin,
        scope: { all: true },
      })
    })

    it('is made once by a code', async () => {
      const code = await logins.newSetupCode()
      await logins.setUp(code, ALICE)
      await expect(logins.setUp(code, { ...ALICE, login: 'bob' })).rejects.toMatchObject({
        code: 'setup-refused',
      })
    })

    it('is made once by a code that several use at the same time', async () => {
      const code = await logins.newSetupCode()
      // Holds the code's row, so that on MariaDB all three are in the middle of it before any can end.
      const blocked = Promise.withResolvers<void>()
      onTestFinished(() => blocked.resolve())
      const blocking = storage.write('normal', async (tx) => {
        await tx
          .updateTable('glpi_plugin_callmanager_configs')
          .set({ name: 'setup_code' })
          .where('name', '=', 'setup_code')
          .execute()
        await blocked.promise
      })
      const attempts = Promise.allSettled(
        ['alice', 'bob', 'charlie'].map((login) => logins.setUp(code, { ...ALICE, login })),
      )
      await sleep(400)
      blocked.resolve()
      await blocking
      const outcomes = await attempts
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'setup-refused' })
      }
      expect(await storage.db.selectFrom('glpi_users').select('name').execute()).toHaveLength(1)
    })

    it('is not made by a wrong, an empty or a replaced code', async () => {
      await expect(logins.setUp('', ALICE)).rejects.toMatchObject({ code: 'setup-refused' })
      const replaced = await logins.newSetupCode()
      const code = await logins.newSetupCode()
      for (const wrong of ['', 'wrong', replaced, code.toUpperCase()]) {
        await expect(logins.setUp(wrong, ALICE)).rejects.toMatchObject({ code: 'setup-refused' })
      }
      await logins.setUp(code, ALICE)
    })

    it('is not made by a code older than 30 minutes', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const code = await logins.newSetupCode()
      vi.setSystemTime(Date.now() + 30 * 60_000 + 1)
      await expect(logins.setUp(code, ALICE)).rejects.toMatchObject({ code: 'setup-refused' })
      const another = await logins.newSetupCode()
      vi.setSystemTime(Date.now() + 29 * 60_000)
      await logins.setUp(another, ALICE)
    })

    it('is not made where somebody can log in already', async () => {
      const code = await logins.newSetupCode()
      await addBob()
      await expect(logins.setUp(code, ALICE)).rejects.toMatchObject({ code: 'setup-refused' })
    })

    it('leaves the code as it was when its values are refused', async () => {
      const code = await logins.newSetupCode()
      for (const [field, account] of [
        ['login', { ...ALICE, login: '  ' }],
        ['login', { ...ALICE, login: 'a'.repeat(256) }],
        ['password', { ...ALICE, password: 'short' }],
        ['password', { ...ALICE, password: 'x'.repeat(256) }],
      ] as const) {
        await expect(logins.setUp(code, account)).rejects.toMatchObject({ code: 'value-refused', field })
      }
      await logins.setUp(code, ALICE)
    })

    it('does not keep the code itself', async () => {
      const code = await logins.newSetupCode()
      const stored = await storage.db.selectFrom('glpi_plugin_callmanager_configs').selectAll().execute()
      expect(JSON.stringify(stored)).not.toContain(code)
    })
  })

  describe('adding an account', () => {
    it('makes one that can log in, with a line of history', async () => {
      const id = await logins.addAccount({ login: ' bob ', password: PASSWORD }, 'technician')
      const token = await logins.byPassword('bob', PASSWORD, LOCAL)
      expect(await helpdesk.agent(token, LOCAL)).toMatchObject({ id, profileId: PROFILES.technician })
      const lines = await storage.db.selectFrom('glpi_logs').selectAll().execute()
      expect(lines).toMatchObject([{ itemtype: 'User', items_id: id, linked_action: 20 }])
    })

    test.each(['bob', 'BOB', ' Bob '])(
      'refuses the login %j when bob is there, and writes nothing',
      async (login) => {
        await addBob()
        const before = await storage.db.selectFrom('glpi_logs').select('id').execute()
        const adding = logins.addAccount({ login, password: PASSWORD }, 'Technician')
        await expect(adding).rejects.toMatchObject({ code: 'conflict', field: 'login' })
        expect(await storage.db.selectFrom('glpi_users').select('id').execute()).toHaveLength(1)
        expect(await storage.db.selectFrom('glpi_logs').select('id').execute()).toEqual(before)
      },
    )

    it('names the profiles there are when asked for another', async () => {
      await expect(logins.addAccount({ login: 'bob', password: PASSWORD }, 'Emperor')).rejects.toMatchObject({
        code: 'value-refused',
        field: 'profile',
        detail: expect.stringContaining('Super-Admin'),
      })
    })
  })
})
