import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { EVERYTHING, type People, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../test/support/storages.ts'
import { AppError } from '../domain/errors.ts'
import { createEmbeddedHelpdesk } from '../helpdesk/embedded/embedded.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import { createSettings, type SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { DemandRioFree } from './policy.ts'
import { createUserEdits, type UserEdits } from './user-writes.ts'

const METHODS: RioStorageMethod[] = ['custom_table', 'name', 'registration_number']
const TAKEN = '5550000'

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let settings: SettingsStore
  let helpdesk: Helpdesk
  let people: People
  let edits: UserEdits
  let alice: Agent
  /** What the policy was asked about. */
  let asked: { usersId: number; rio: string; method: RioStorageMethod }[]

  const policy = async (): Promise<DemandRioFree> => async (_tx, wanted) => {
    asked.push(wanted)
    if (wanted.rio === TAKEN) throw new AppError('rio-shared', { field: 'rio' })
  }

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    settings = createSettings(storage)
    helpdesk = createEmbeddedHelpdesk({ storage, settings, sessionIdleMs: 60_000 })
    people = peopleIn(storage)
    edits = createUserEdits({ storage, settings, helpdesk, policy })
    alice = await people.agent('all', EVERYTHING)
    asked = []
  })

  const row = (id: number) =>
    storage.db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['user.name', 'user.registration_number', 'kept.rio_number'])
      .where('user.id', '=', id)
      .executeTakeFirst()
  const count = async () => (await storage.db.selectFrom('glpi_users').select('id').execute()).length

  const EXPECTED = {
    custom_table: { name: 'dora', registration_number: null, rio_number: '12 34' },
    name: { name: '12 34', registration_number: null, rio_number: null },
    registration_number: { name: 'dora', registration_number: '12 34', rio_number: null },
  }

  describe.each(METHODS)('creating somebody with a RIO, kept in %s', (method) => {
    beforeEach(() => settings.set('rio_storage_method', method))
    const login = method === 'name' ? {} : { login: 'dora' }

    it('writes it there, after asking whether it is free', async () => {
      const id = await edits.create(alice, { ...login, rio: ' 12 34 ' })
      expect(await row(id)).toEqual(EXPECTED[method])
      expect(asked[0]).toEqual({ usersId: 0, rio: '12 34', method })
      expect(asked.at(-1)).toEqual({ usersId: id, rio: '12 34', method })
    })

    it('does so beside a host as well, where there is no transaction over both', async () => {
      const { within: _within, ...users } = helpdesk.users
      const beside = createUserEdits({ storage, settings, helpdesk: { ...helpdesk, users }, policy })
      expect(await row(await beside.create(alice, { ...login, rio: '12 34' }))).toEqual(EXPECTED[method])
      await expect(beside.create(alice, { ...login, rio: TAKEN })).rejects.toMatchObject({
        code: 'rio-shared',
      })
      expect(await count()).toBe(1)
    })

    it('writes nothing where the RIO is taken', async () => {
      await expect(edits.create(alice, { ...login, rio: TAKEN })).rejects.toMatchObject({
        code: 'rio-shared',
      })
      expect(await count()).toBe(0)
    })

    it('asks about nobody’s RIO', async () => {
      const id = await edits.create(alice, { login: 'dora', rio: '  ' })
      expect((await row(id))?.rio_number).toBeNull()
      if (method !== 'name') expect(asked).toEqual([])
    })
  })

  it('leaves no RIO behind when the user cannot be made', async () => {
    await people.addUser({ login: 'dora' })
    await expect(edits.create(alice, { login: 'dora', rio: '1234' })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await storage.db.selectFrom('glpi_plugin_callmanager_users').select('id').execute()).toEqual([])
  })

  it('hashes no password for whoever may not create', async () => {
    let hashed = 0
    const accounts = {
      ...helpdesk.accounts,
      hashPassword: async () => {
        hashed++
        return ''
      },
    } as Helpdesk['accounts']
    const counting = createUserEdits({
      storage,
      settings,
      helpdesk: { ...helpdesk, ...(accounts && { accounts }) },
      policy,
    })
    const powerless = { ...alice, rights: { ...EVERYTHING, user: 1 } }
    await expect(
      counting.create(powerless, { login: 'dora', password: 'long enough' }),
    ).rejects.toMatchObject({
      code: 'right-missing',
    })
    expect(hashed).toBe(0)
  })

  it('sets no password beside a host', async () => {
    const { accounts: _accounts, ...beside } = helpdesk
    const there = createUserEdits({ storage, settings, helpdesk: beside, policy })
    await expect(there.create(alice, { login: 'dora', password: 'long enough' })).rejects.toMatchObject({
      code: 'done-by-host',
    })
  })

  describe('changing a column that is the RIO', () => {
    test.each<[RioStorageMethod, object, boolean]>([
      ['custom_table', { login: 'eve', registrationNumber: '77' }, false],
      ['name', { login: 'eve', changesRio: true }, true],
      ['name', { login: ' dora ' }, false],
      ['name', { registrationNumber: '77' }, false],
      ['registration_number', { registrationNumber: '77' }, true],
      ['registration_number', { registrationNumber: '12' }, false],
      ['registration_number', { login: 'eve' }, false],
    ])('kept in %s: %j asks whether it is free: %s', async (method, change, asks) => {
      await settings.set('rio_storage_method', method)
      const id = await people.addUser({ login: 'dora', registration_number: '12' })
      await edits.update(alice, id, change, '*')
      expect(asked.length > 0).toBe(asks)
      for (const { usersId } of asked) expect(usersId).toBe(id)
    })

    it('writes nothing where it is taken', async () => {
      await settings.set('rio_storage_method', 'registration_number')
      const id = await people.addUser({ login: 'dora', registration_number: '12' })
      await expect(
        edits.update(alice, id, { registrationNumber: TAKEN, lastname: 'Durand' }, '*'),
      ).rejects.toMatchObject({ code: 'rio-shared' })
      expect((await row(id))?.registration_number).toBe('12')
    })
  })
})
