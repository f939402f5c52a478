import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, LOCAL, NOTHING, type People, peopleIn, TECHNICIAN } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { createFollower } from '../identifiers/follow.ts'
import { createJournal } from '../identifiers/journal.ts'
import { createLookups, type Lookups } from '../identifiers/lookup.ts'
import { createSettings, type SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createRioPolicy } from './policy.ts'
import { createRios, type Rios } from './rios.ts'

const METHODS: RioStorageMethod[] = ['custom_table', 'name', 'registration_number']
const WHATEVER = '*'

/** Everything of one server process that RIOs are written with. */
function processOver(storage: Storage) {
  const settings = createSettings(storage)
  const helpdesk = helpdeskOf(storage, settings)
  const { entityTree, decodeText } = helpdesk
  const index = { storage, settings, entityTree, decodeText }
  const follow = createFollower(index, () => undefined)
  const lookups = createLookups({
    storage,
    follow,
    journal: createJournal(storage),
    onAnswer: () => undefined,
  })
  const policy = createRioPolicy({ engine: storage.engine, settings, follow })
  const rios = createRios({ storage, settings, helpdesk, policy, follow })
  return { settings, index, lookups, rios }
}

forEachEngine((engine) => {
  /** Where RIOs can be written by SQL; the other places are the host's. */
  const written = engine.writesUsers ? METHODS : METHODS.slice(0, 1)
  let storage: Storage
  let settings: SettingsStore
  let lookups: Lookups
  let rios: Rios
  let people: People
  let alice: Agent
  let bob: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    const process = processOver(storage)
    ;({ settings, lookups, rios } = process)
    await people.addEntity(1, 'Here')
    await people.addEntity(2, 'There')
    alice = await people.agent('all', EVERYTHING)
    bob = await people.agent([1], { ...TECHNICIAN, access: 3 }, 2)
    await bringUpToDate(process.index)
  })

  const found = async (rio: string): Promise<number[]> =>
    (await lookups.byRio(alice, LOCAL, rio)).map(({ id }) => id)

  const history = (usersId: number) =>
    storage.db
      .selectFrom('glpi_logs')
      .select(['linked_action', 'id_search_option', 'old_value', 'new_value', 'user_name'])
      .where('items_id', '=', usersId)
      .where('itemtype', '=', 'User')
      .orderBy('id')
      .execute()

  describe.each(written)('kept in %s', (method) => {
    beforeEach(() => settings.set('rio_storage_method', method))

    it('is found by the new RIO at once, and by the old one no more', async () => {
      const dora = await people.addUser({ login: 'dora', rio: 'dora', registration_number: 'dora' })
      expect(await found('dora')).toEqual([dora])
      const before = await rios.read(alice, dora)
      const change = { rio: ' 0012345 ', changesLogin: true }
      const after = await rios.set(alice, dora, change, new Set([before.tag]))
      expect(after.rio).toMatchObject({
        rio: '0012345',
        method,
        kind: 'ministry',
        writable: true,
        reason: '',
      })
      expect([await found('0012345'), await found('dora')]).toEqual([[dora], []])
      expect(await rios.read(alice, dora)).toEqual(after)
    })

    it('refuses what was read before somebody else’s change, and says so of whatever was seen', async () => {
      const dora = await people.addUser({ login: 'dora', rio: '1' })
      const { tag } = await rios.read(alice, dora)
      await rios.set(alice, dora, { rio: '0000002', changesLogin: true }, new Set([tag]))
      const late = rios.set(alice, dora, { rio: '0000003', changesLogin: true }, new Set([tag]))
      await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' })
      expect(await found('0000002')).toEqual([dora])
      await rios.set(alice, dora, { rio: '0000003', changesLogin: true }, WHATEVER)
      expect(await found('0000003')).toEqual([dora])
    })

    it('lets one of many editors pass who have seen the same', async () => {
      const dora = await people.addUser({ login: 'dora' })
      const { tag } = await rios.read(alice, dora)
      const writes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          rios.set(alice, dora, { rio: `edit ${index}`, changesLogin: true }, new Set([tag])),
        ),
      )
      expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const write of writes) {
        if (write.status === 'rejected') expect(write.reason).toMatchObject({ code: 'changed-meanwhile' })
      }
    })

    it('writes nothing where nothing changes', async () => {
      const dora = await people.addUser({ login: 'same', rio: 'same', registration_number: 'same' })
      const before = await history(dora)
      await rios.set(alice, dora, { rio: 'same' }, WHATEVER)
      expect(await history(dora)).toEqual(before)
    })

    test.each(["O'Brien", 'x_y-z.w@v', 'é'.repeat(255)])('keeps %s as it is typed', async (rio) => {
      const dora = await people.addUser({ login: 'dora' })
      const written = await rios.set(alice, dora, { rio, changesLogin: true }, WHATEVER)
      expect(written.rio.rio).toBe(rio)
      expect(await found(rio)).toEqual([dora])
    })

    it('stays within rights and scope', async () => {
      const here = await people.addUser({ login: 'here', memberships: [{ entity: 1 }] })
      const there = await people.addUser({ login: 'there', memberships: [{ entity: 2 }] })
      const above = await people.addUser({ login: 'above', memberships: [{ entity: 0, recursive: 1 }] })
      const set = (agent: Agent, id: number) =>
        rios.set(agent, id, { rio: '77', changesLogin: true }, WHATEVER)
      await expect(set(bob, there)).rejects.toMatchObject({ code: 'user-unknown' })
      await expect(set(bob, above)).rejects.toMatchObject({ code: 'user-unknown' })
      await expect(set(bob, 4711)).rejects.toMatchObject({ code: 'user-unknown' })
      await expect(set({ ...bob, rights: TECHNICIAN }, here)).rejects.toMatchObject({ code: 'right-missing' })
      await expect(rios.read({ ...bob, rights: NOTHING }, here)).rejects.toMatchObject({
        code: 'right-missing',
      })
      await expect(rios.read(bob, there)).rejects.toMatchObject({ code: 'user-unknown' })
      expect((await rios.read(bob, above)).rio).toMatchObject({
        writable: false,
        reason: expect.stringContaining('entities'),
      })
      expect((await rios.read({ ...bob, rights: TECHNICIAN }, here)).rio).toMatchObject({
        writable: false,
        reason: expect.stringContaining('plugin_callmanager_access'),
      })
      expect((await set(bob, here)).rio.rio).toBe('77')
    })

    describe('where shared RIOs are refused', () => {
      beforeEach(() => settings.set('shared_rios', 'refused'))

      it('refuses one that somebody has, however it is written and wherever they are', async () => {
        const dora = await people.addUser({ login: 'dora', memberships: [{ entity: 1 }] })
        const other = { login: '12 34-567', rio: '12 34-567', registration_number: '12 34-567' }
        await people.addUser({ ...other, memberships: [{ entity: 2 }], is_deleted: 1 })
        const write = rios.set(bob, dora, { rio: '1234567', changesLogin: true }, WHATEVER)
        await expect(write).rejects.toMatchObject({ code: 'rio-shared', field: 'rio' })
        expect(await found('1234567')).toEqual([])
      })

      it('takes one that is free again, and one’s own in another spelling', async () => {
        const eve = await people.addUser({ login: '1234567', rio: '1234567', registration_number: '1234567' })
        const dora = await people.addUser({ login: 'dora' })
        await rios.set(alice, eve, { rio: '12 34 567', changesLogin: true }, WHATEVER)
        await rios.set(alice, eve, { rio: '7654321', changesLogin: true }, WHATEVER)
        await rios.set(alice, dora, { rio: '1234567', changesLogin: true }, WHATEVER)
        expect([await found('1234567'), await found('7654321')]).toEqual([[dora], [eve]])
      })

      it('lets one of twenty pass who want the same at the same moment, from several servers', async () => {
        const servers = [processOver(storage), processOver(await engine.again(storage)), processOver(storage)]
        const ids = await people.addUsers(20, (number) => ({ login: `user ${number}` }))
        const writes = await Promise.allSettled(
          ids.map((id, index) =>
            (servers[index % servers.length] ?? servers[0])?.rios.set(
              alice,
              id,
              { rio: index % 2 === 0 ? '1234567' : '12-34-567', changesLogin: true },
              WHATEVER,
            ),
          ),
        )
        const failures = writes.flatMap((write) => (write.status === 'rejected' ? [write.reason] : []))
        expect(failures.map(({ code, message }) => `${code} ${message}`)).toEqual(
          Array(19).fill(expect.stringMatching(/^rio-shared /)),
        )
        expect(await found('1234567')).toHaveLength(1)
      })
    })
  })

  describe('kept in custom_table', () => {
    it('is written for many people who have none, all at once', async () => {
      const ids = await people.addUsers(40, (number) => ({ login: `user ${number}` }))
      const server = processOver(await engine.again(storage))
      const writes = ids.map((id, index) =>
        (index % 2 === 0 ? rios : server.rios).set(alice, id, { rio: `many ${id}` }, WHATEVER),
      )
      expect((await Promise.all(writes)).map(({ rio }) => rio.rio)).toEqual(ids.map((id) => `many ${id}`))
      expect(await found(`many ${ids[7]}`)).toEqual([ids[7]])
    })

    it('leaves a line of history that the host shows, with who did it', async () => {
      const dora = await people.addUser({ login: 'dora' }, { logged: false })
      const [long, boss] = ['9'.repeat(255), await people.addUser({ login: 'boss', realname: 'Boss' })]
      await rios.set(alice, dora, { rio: '<b>👩‍💻' }, WHATEVER)
      await rios.set({ ...alice, impersonatorId: boss }, dora, { rio: long }, WHATEVER)
      await rios.clear(alice, dora, WHATEVER)
      const line = { linked_action: 12, id_search_option: 0, old_value: '', user_name: alice.name }
      expect(await history(dora)).toEqual([
        { ...line, new_value: 'RIO: – → <b>\uFFFD\u200D\uFFFD' },
        {
          ...line,
          new_value: `RIO: <b>\uFFFD\u200D\uFFFD → ${'9'.repeat(80)}…`,
          user_name: `${alice.name} impersonated by Boss (${boss})`,
        },
        { ...line, new_value: `RIO: ${'9'.repeat(80)}… → –` },
      ])
    })

    it('is cleared to nothing, once', async () => {
      const dora = await people.addUser({ login: 'dora', rio: '0012345' })
      const { tag } = await rios.read(alice, dora)
      expect((await rios.clear(alice, dora, new Set([tag]))).rio).toMatchObject({ rio: '', kind: 'none' })
      expect(await found('0012345')).toEqual([])
      await expect(rios.clear(alice, dora, new Set([tag]))).rejects.toMatchObject({
        code: 'changed-meanwhile',
      })
      await rios.clear(alice, dora, WHATEVER)
      const [row] = await storage.db.selectFrom('glpi_plugin_callmanager_users').selectAll().execute()
      expect(row).toMatchObject({ users_id: dora, rio_number: null })
    })

    it('may be shared, and tells with whom, as far as one may see them', async () => {
      const both = { rio: '0012345' }
      const dora = await people.addUser({ login: 'dora', ...both, memberships: [{ entity: 1 }] })
      const here = await people.addUser({ login: 'here', rio: '00 12 345', memberships: [{ entity: 1 }] })
      const there = await people.addUser({ login: 'there', ...both, memberships: [{ entity: 2 }] })
      await people.addUser({ login: 'binned', ...both, is_deleted: 1 })
      const sharers = async (agent: Agent) =>
        (await rios.read(agent, dora)).rio.sharedWith.map(({ id, login, rio }) => ({ id, login, rio }))
      expect(await sharers(bob)).toEqual([{ id: here, login: 'here', rio: '00 12 345' }])
      expect((await sharers(alice)).map(({ id }) => id)).toEqual([here, there])
    })

    it('takes what another server has written, in every column', async () => {
      const dora = await people.addUser({ login: 'dora', rio: '1' }, { at: '2020-01-01 00:00:00' })
      await rios.set(alice, dora, { rio: '👩‍💻 📞' }, WHATEVER)
      expect(await found('👩‍💻 📞')).toEqual([dora])
    })

    it('is written for somebody whom a directory owns', async () => {
      const dora = await people.addUser({ login: 'dora', authtype: 3 })
      expect((await rios.set(alice, dora, { rio: '0012345' }, WHATEVER)).rio.writable).toBe(true)
    })
  })

  it('is not written to a place that is no longer in force', async () => {
    const dora = await people.addUser({ login: 'dora' })
    await settings.read()
    // Another server's change, which this one has not seen yet.
    await createSettings(storage).set('rio_storage_method', 'registration_number')
    const write = rios.set(alice, dora, { rio: '0012345' }, WHATEVER)
    await expect(write).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect(await storage.db.selectFrom('glpi_plugin_callmanager_users').selectAll().execute()).toEqual([])
  })

  it('refuses to promise that a RIO is free while the index is not whole', async () => {
    await settings.set('shared_rios', 'refused')
    const dora = await people.addUser({ login: 'dora' })
    await storage.write('normal', (tx) =>
      tx
        .updateTable('glpi_plugin_callmanager_index')
        .set({ version: 0, rebuilt_at: 0, rebuild_after: 0 })
        .execute(),
    )
    const write = rios.set(alice, dora, { rio: '0012345' }, WHATEVER)
    await expect(write).rejects.toMatchObject({ code: 'index-building' })
    await rios.clear(alice, dora, WHATEVER)
  })

  // The other places are the host's to write.
  if (!engine.writesUsers) return

  describe('kept elsewhere', () => {
    test.each([
      ['name', 3],
      ['name', 4],
      ['registration_number', 2],
      ['registration_number', 6],
    ] as const)('is the directory’s in %s of an account of type %i', async (method, authtype) => {
      await settings.set('rio_storage_method', method)
      const dora = await people.addUser({ login: 'dora', authtype, registration_number: '1' })
      expect((await rios.read(alice, dora)).rio).toMatchObject({
        writable: false,
        reason: expect.stringContaining('directory'),
      })
      const write = rios.set(alice, dora, { rio: '0012345', changesLogin: true }, WHATEVER)
      await expect(write).rejects.toMatchObject({ code: 'directory-owned' })
    })

    it('changes a login only when that is asked for, never to nothing or to what no login is', async () => {
      await settings.set('rio_storage_method', 'name')
      const dora = await people.addUser({ login: 'dora' })
      await people.addUser({ login: 'taken' })
      const set = (rio: string, changesLogin?: boolean) =>
        rios.set(alice, dora, { rio, ...(changesLogin !== undefined && { changesLogin }) }, WHATEVER)
      await expect(set('0012345')).rejects.toMatchObject({ code: 'value-refused', field: 'changesLogin' })
      await expect(set('0012345', false)).rejects.toMatchObject({ field: 'changesLogin' })
      await expect(set('a/b', true)).rejects.toMatchObject({ code: 'value-refused', field: 'rio' })
      await expect(set('Taken', true)).rejects.toMatchObject({ code: 'conflict', field: 'rio' })
      await expect(rios.clear(alice, dora, WHATEVER)).rejects.toMatchObject({
        code: 'value-refused',
        field: 'rio',
      })
      expect((await rios.read(alice, dora)).rio.rio).toBe('dora')
      expect((await set('dora')).rio.rio).toBe('dora')
    })

    it('is cleared in the registration number', async () => {
      await settings.set('rio_storage_method', 'registration_number')
      const dora = await people.addUser({ login: 'dora', registration_number: '0012345' })
      expect((await rios.clear(alice, dora, WHATEVER)).rio.rio).toBe('')
      expect(await found('0012345')).toEqual([])
    })
  })
})
