import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { asHost } from '../../test/support/as-host.ts'
import {
  EVERYTHING,
  hostTimeIn,
  LOCAL,
  NOTHING,
  type People,
  peopleIn,
  TECHNICIAN,
  type TestUser,
} from '../../test/support/people.ts'
import { emptyTables, forEachEngine, onlyOn } from '../../test/support/storages.ts'
import { KEYS_VERSION, keysOf } from '../domain/user-identifiers.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { rollUp } from '../statistics/roll-up.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import { createFollower } from './follow.ts'
import { createJournal } from './journal.ts'
import { holdLease, releaseLease } from './lease.ts'
import { createLookups } from './lookup.ts'
import { continueRebuild, startRebuild } from './rebuild.ts'

/** One process beside a storage: what it remembers between look-ups, and how often it asked for help in the background. */
function processOn(storage: Storage) {
  const settings = createSettings(storage)
  const dependencies = {
    storage,
    settings,
    entityTree: createEntityTree(storage),
    decodeText: (stored: string) => stored,
  }
  const asked = { background: 0 }
  const follow = createFollower(dependencies, () => {
    asked.background++
  })
  const journal = createJournal(storage)
  const lookups = createLookups({ storage, follow, journal, onAnswer: () => undefined })
  return { settings, dependencies, asked, follow, journal, lookups }
}

type Process = ReturnType<typeof processOn>

interface IndexRow {
  kind: string
  identifier_key: string
  source: string
  users_id: number
}

const inOrder = (rows: IndexRow[]) =>
  rows.map((row) => `${row.users_id} ${row.kind} ${row.source} ${row.identifier_key}`).sort()

async function indexRows(storage: Storage): Promise<string[]> {
  return inOrder(await storage.db.selectFrom('glpi_plugin_callmanager_identifiers').selectAll().execute())
}

/** What the index ought to hold, computed from the users without any of the code that keeps it. */
async function expectedRows(storage: Storage): Promise<string[]> {
  const { db } = asHost(storage)
  const users = await db.selectFrom('glpi_users').selectAll().execute()
  const rios = await db.selectFrom('glpi_plugin_callmanager_users').selectAll().execute()
  const emails = await db.selectFrom('glpi_useremails').selectAll().execute()
  return inOrder(
    users.flatMap((user) => {
      const rio = rios.find(({ users_id: id }) => id === user.id)?.rio_number ?? null
      const addresses = emails.filter(({ users_id: id }) => id === user.id).map(({ email }) => email)
      return keysOf({ ...user, custom_table: rio }, addresses, 'FR').map(({ kind, key, source }) => ({
        kind,
        identifier_key: key,
        source,
        users_id: user.id,
      }))
    }),
  )
}

forEachEngine((engine) => {
  let storage: Storage
  let people: People
  let process: Process
  /** Sees everything. */
  let alice: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })

  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    process = processOn(storage)
    alice = await people.agent('all', EVERYTHING)
  })

  const build = () => bringUpToDate(process.dependencies)
  const callersByRio = async (rio: string, agent = alice, caller = LOCAL) =>
    process.lookups.byRio(agent, caller, rio)
  const byRio = async (rio: string, agent = alice) => (await callersByRio(rio, agent)).map(({ id }) => id)
  const callersByNumber = async (kind: 'phone' | 'extension', key: string, agent = alice, one = process) =>
    one.lookups.byNumber(agent, LOCAL, { kind, key }, key)
  const byPhone = async (key: string, agent = alice, one = process) =>
    (await callersByNumber('phone', key, agent, one)).map(({ id }) => id)

  describe('finding', () => {
    test.each<[RioStorageMethod, string]>([
      ['custom_table', '1111111'],
      ['name', '2222222'],
      ['registration_number', '3333333'],
    ])('finds by the RIO that %s keeps, and by no other column', async (method, rio) => {
      const id = await people.addUser({ login: '2222222', rio: '1111111', registration_number: '3333333' })
      await process.settings.set('rio_storage_method', method)
      await build()
      expect(await callersByRio(rio)).toMatchObject([{ id, rio }])
      for (const other of ['1111111', '2222222', '3333333']) {
        if (other !== rio) expect(await byRio(other)).toEqual([])
      }
    })

    it('answers every field as stored, and empty text for what is missing', async () => {
      await people.addEntity(1, 'Lyon')
      const location = await people.addLocation('Building A')
      const id = await people.addUser({
        login: 'alice',
        realname: 'Martin',
        firstname: 'Alice',
        rio: '0012345',
        phone: '01 23 45 67 89',
        entities_id: 1,
        locations_id: location,
        emails: ['first@example.org', { email: 'default@example.org', isDefault: 1 }],
      })
      const bare = await people.addUser({
        login: 'bob',
        rio: '0012346',
        emails: ['old@example.org', 'new@example.org'],
      })
      const empty = await people.addUser({
        login: 'charlie',
        rio: '0012347',
        entities_id: 99,
        locations_id: 99,
      })
      await build()
      alice = await people.agent('all', EVERYTHING)
      expect(await callersByRio('0012345')).toEqual([
        {
          id,
          phone: '01 23 45 67 89',
          lastname: 'Martin',
          firstname: 'Alice',
          rio: '0012345',
          email: 'default@example.org',
          entity: 'Lyon',
          location: 'Building A',
        },
      ])
      expect(await callersByRio('0012346')).toMatchObject([
        { id: bare, email: 'old@example.org', entity: 'Root entity' },
      ])
      expect(await callersByRio('0012347')).toEqual([
        {
          id: empty,
          phone: '',
          lastname: '',
          firstname: '',
          rio: '0012347',
          email: '',
          entity: '',
          location: '',
        },
      ])
    })

    test.each([
      ['1234567', ' 12 34-567 ', true],
      ['12.34.567', '1234567', true],
      ['0123456', '0123456', true],
      ['0123456', '123456', false],
      ['01P123456ABC', '01-p 123456-abc', true],
      ['J.Martin', 'j.martin', true],
      ['j.martin', 'jmartin', false],
      ['Éloïse', 'ÉLOÏSE', true],
      ['eloise', 'éloïse', false],
      ['o\'brien\\%_"', 'O\'Brien\\%_"', true],
      ['100%', '1000', false],
      ['a_b', 'axb', false],
    ])('a RIO stored as %j and asked for as %j: %s', async (stored, asked, found) => {
      const id = await people.addUser({ login: 'alice', rio: stored })
      await build()
      expect(await byRio(asked)).toEqual(found ? [id] : [])
    })

    it('finds a RIO of 4-byte characters', async () => {
      const id = await people.addUser({ login: 'alice', rio: '📞007' })
      await build()
      expect(await byRio('📞007')).toEqual([id])
      expect(await byRio('📟007')).toEqual([])
    })

    test.each(['phone', 'phone2', 'mobile'] as const)(
      'finds by the number in %s, and by extension',
      async (column) => {
        const id = await people.addUser({ login: 'alice', [column]: '01 23 45 67 89; poste 4521' })
        await build()
        expect(await byPhone('+33123456789')).toEqual([id])
        expect(await callersByNumber('extension', '4521')).toMatchObject([{ id }])
        expect(await byPhone('+33123456780')).toEqual([])
      },
    )

    it('finds one user once, in however many columns and entities the number stands', async () => {
      await people.addEntity(1, 'Lyon')
      const number = '01 23 45 67 89'
      const memberships = [{ entity: 0 }, { entity: 1 }, { entity: 0, recursive: 1 as const }]
      const id = await people.addUser({
        login: 'alice',
        phone: number,
        phone2: number,
        mobile: number,
        memberships,
      })
      await build()
      expect(await byPhone('+33123456789')).toEqual([id])
    })

    it('finds several callers sorted by id', async () => {
      const ids = [30, 7, 19, 8, 102]
      for (const id of ids)
        await people.addUser({ id, login: `user ${id}`, rio: '1234567', phone: '0123456789' })
      await build()
      expect(await byRio('1234567')).toEqual([7, 8, 19, 30, 102])
      expect(await byPhone('+33123456789')).toEqual([7, 8, 19, 30, 102])
    })

    test.each<[string, Partial<TestUser>, boolean]>([
      ['active', {}, true],
      ['deleted', { is_deleted: 1 }, false],
      ['deactivated', { is_active: 0 }, false],
      ['not begun', { begin_date: hostTimeIn(3600) }, false],
      ['begun', { begin_date: hostTimeIn(-3600) }, true],
      ['ended', { end_date: hostTimeIn(-3600) }, false],
      ['not ended', { end_date: hostTimeIn(3600) }, true],
    ])('an account that is %s is shown: %#', async (_state, columns, shown) => {
      const id = await people.addUser({ login: 'bob', rio: '1234567', phone: '0123456789', ...columns })
      await build()
      expect(await byRio('1234567')).toEqual(shown ? [id] : [])
      expect(await byPhone('+33123456789')).toEqual(shown ? [id] : [])
    })

    it('shows nothing but what the scope covers', async () => {
      for (const [id, parent] of [
        [1, 0],
        [2, 1],
        [3, 0],
      ] as const) {
        await people.addEntity(id, `Entity ${id}`, parent)
      }
      const add = (login: string, memberships: TestUser['memberships'] & object) =>
        people.addUser({ login, rio: '1234567', memberships })
      const here = await add('here', [{ entity: 2 }])
      const above = await add('above', [{ entity: 1 }])
      const aboveRecursive = await add('above, recursive', [{ entity: 1, recursive: 1 }])
      const rootRecursive = await add('root, recursive', [{ entity: 0, recursive: 1 }])
      const beside = await add('beside', [{ entity: 3, recursive: 1 }])
      const nowhere = await add('nowhere', [])
      const both = await add('beside and here', [{ entity: 3 }, { entity: 2 }])
      await build()

      const bob = await people.agent([2], TECHNICIAN)
      expect(await byRio('1234567', bob)).toEqual([here, aboveRecursive, rootRecursive, both])
      const wider = await people.agent([1, 2], TECHNICIAN)
      expect(await byRio('1234567', wider)).toEqual([here, above, aboveRecursive, rootRecursive, both])
      const nobody = await people.agent([], TECHNICIAN)
      expect(await byRio('1234567', nobody)).toEqual([])
      alice = await people.agent('all', EVERYTHING)
      expect(await byRio('1234567')).toEqual([
        here,
        above,
        aboveRecursive,
        rootRecursive,
        beside,
        nowhere,
        both,
      ])
    })

    it('refuses who has not the rights, and writes no journal', async () => {
      await people.addUser({ login: 'alice', rio: '1234567' })
      await build()
      const charlie = await people.agent('all', NOTHING)
      await expect(byRio('1234567', charlie)).rejects.toMatchObject({ code: 'right-missing' })
      await expect(byPhone('+33123456789', charlie)).rejects.toMatchObject({ code: 'right-missing' })
      const blind = await people.agent('all', { ...EVERYTHING, user: 2 })
      await expect(byRio('1234567', blind)).rejects.toMatchObject({
        code: 'right-missing',
        detail: expect.stringContaining('user'),
      })
      expect(await storage.db.selectFrom('glpi_plugin_callmanager_lookups').selectAll().execute()).toEqual([])
    })

    it('does not show a row that was changed behind the index’s back', async () => {
      const id = await people.addUser({ login: 'alice', rio: '1234567', phone: '0123456789' })
      await build()
      expect(await byRio('1234567')).toEqual([id])
      await asHost(storage).write('normal', async (tx) => {
        await tx.updateTable('glpi_users').set({ phone: null }).where('id', '=', id).execute()
        await tx.updateTable('glpi_plugin_callmanager_users').set({ rio_number: '7654321' }).execute()
      })
      expect(await process.follow()).toMatchObject({ current: true })
      expect(await byRio('1234567')).toEqual([])
      expect(await byPhone('+33123456789')).toEqual([])
    })

    it('shows a hundred callers at most', async () => {
      const ids = await people.addUsers(130, (number) => ({
        login: `user ${number}`,
        rio: '1234567',
        phone: '0123456789',
      }))
      await build()
      expect(await byRio('1234567')).toEqual(ids.slice(0, 100))
      expect(await byPhone('+33123456789')).toEqual(ids.slice(0, 100))
    })

    it('finds the visible ones behind a hundred who are out of scope', async () => {
      await people.addEntity(1, 'Lyon')
      const ids = await people.addUsers(215, (number) => ({
        login: `user ${number}`,
        rio: '1234567',
        phone: '0123456789',
        memberships: [{ entity: number < 210 ? 0 : 1 }],
      }))
      await build()
      const bob = await people.agent([1], TECHNICIAN)
      expect(await byRio('1234567', bob)).toEqual(ids.slice(210))
      expect(await byPhone('+33123456789', bob)).toEqual(ids.slice(210))
    })

    it('finds them too when one of that hundred has been purged, which the host tells nobody', async () => {
      await people.addEntity(1, 'Lyon')
      const ids = await people.addUsers(120, (number) => ({
        login: `user ${number}`,
        rio: '1234567',
        phone: '0123456789',
        memberships: [{ entity: number < 110 ? 0 : 1 }],
      }))
      await build()
      await asHost(storage).write('normal', (tx) =>
        tx
          .deleteFrom('glpi_users')
          .where('id', '=', ids[3] ?? 0)
          .execute(),
      )
      const bob = await people.agent([1], TECHNICIAN)
      expect(await byRio('1234567', bob)).toEqual(ids.slice(110))
      expect(await byPhone('+33123456789', bob)).toEqual(ids.slice(110))
    })
  })

  describe('following', () => {
    it('finds a new user at once', async () => {
      await build()
      const id = await people.addUser({ login: 'alice', rio: '1234567', phone: '0123456789' })
      expect(await byRio('1234567')).toEqual([id])
      expect(await byPhone('+33123456789')).toEqual([id])
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('follows a change whose request began an hour ago', async () => {
      const id = await people.addUser({ login: 'alice', phone: '0123456789' })
      await people.addUser({ login: 'bob' })
      await build()
      await people.changeUser(id, { phone: '0123456780' }, { at: hostTimeIn(-3600) })
      expect(await byPhone('+33123456780')).toEqual([id])
      expect(await byPhone('+33123456789')).toEqual([])
    })

    it('follows two changes of one second of which the second has the lower id', async () => {
      const [alicesId, bobsId] = [
        await people.addUser({ login: 'alice' }),
        await people.addUser({ login: 'bob' }),
      ]
      await build()
      const at = hostTimeIn(5)
      await people.changeUser(bobsId, { phone: '0123456789' }, { at })
      expect(await byPhone('+33123456789')).toEqual([bobsId])
      await people.changeUser(alicesId, { phone: '0123456780' }, { at })
      expect(await byPhone('+33123456780')).toEqual([alicesId])
      await people.changeUser(alicesId, { phone: '0123456781' }, { at })
      expect(await byPhone('+33123456781')).toEqual([alicesId])
    })

    it('follows a change that left no line of history', async () => {
      const id = await people.addUser({ login: 'alice' })
      await build()
      await people.changeUser(id, { phone: '0123456789' }, { at: hostTimeIn(5), logged: false })
      expect(await byPhone('+33123456789')).toEqual([id])
    })

    it('follows a number that moves from Alice to Bob', async () => {
      const [alicesId, bobsId] = [
        await people.addUser({ login: 'alice', phone: '0123456789' }),
        await people.addUser({ login: 'bob' }),
      ]
      await build()
      await people.changeUser(alicesId, { phone: '' })
      await people.changeUser(bobsId, { phone: '0123456789' })
      expect(await byPhone('+33123456789')).toEqual([bobsId])
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('follows a renamed login', async () => {
      const id = await people.addUser({ login: 'alice' })
      await process.settings.set('rio_storage_method', 'name')
      await build()
      await people.changeUser(id, { name: 'alice.martin' })
      expect(await byRio('alice')).toEqual([])
      expect(await byRio('ALICE.martin')).toEqual([id])
    })

    it('follows an account through deactivation, the bin, its return, another entity and its end', async () => {
      await people.addEntity(1, 'Lyon')
      const bob = await people.agent([0], TECHNICIAN)
      const id = await people.addUser({ login: 'alice', rio: '1234567' })
      await build()
      await people.changeUser(id, { is_active: 0 })
      expect(await byRio('1234567')).toEqual([])
      await people.changeUser(id, { is_active: 1 })
      expect(await byRio('1234567')).toEqual([id])
      await people.changeUser(id, { is_deleted: 1 })
      expect(await byRio('1234567')).toEqual([])
      await people.changeUser(id, { is_deleted: 0 })
      expect(await byRio('1234567', bob)).toEqual([id])
      await asHost(storage).write('normal', (tx) =>
        tx.updateTable('glpi_profiles_users').set({ entities_id: 1 }).execute(),
      )
      expect(await byRio('1234567', bob)).toEqual([])
      await people.purgeUser(id)
      expect(await byRio('1234567')).toEqual([])
    })

    it('follows the predecessor, which writes its own table and no history', async () => {
      const [alicesId, bobsId] = [
        await people.addUser({ login: 'alice', rio: '1111111' }),
        await people.addUser({ login: 'bob' }),
      ]
      await build()
      await people.setRio(alicesId, '2222222', { at: hostTimeIn(3) })
      expect(await byRio('2222222')).toEqual([alicesId])
      expect(await byRio('1111111')).toEqual([])
      await people.setRio(bobsId, '3333333', { at: hostTimeIn(4) })
      expect(await byRio('3333333')).toEqual([bobsId])
    })

    // The probe knows the newest (date_mod, id) only, and these writes leave it as it was: found by the column.
    it('follows the predecessor through two writes of one second, the second to the lower id', async () => {
      const alicesId = await people.addUser({ login: 'alice', rio: '1111111' })
      const bobsId = await people.addUser({ login: 'bob', rio: '2222222' })
      await build()
      const at = hostTimeIn(3)
      await people.setRio(bobsId, '3333333', { at })
      expect(await byRio('3333333')).toEqual([bobsId])
      await people.setRio(alicesId, '4444444', { at })
      expect(await byRio('4444444')).toEqual([alicesId])
    })

    it('answers exact RIOs by their own column while more changes wait than it takes at once, then finds all', async () => {
      await build()
      const ids = await people.addUsers(1800, (number) => ({
        login: `user ${number}`,
        rio: String(2_000_000 + number),
        phone: `01${String(number).padStart(8, '0')}`,
      }))
      expect(await process.follow()).toMatchObject({ current: false })
      expect(process.asked.background).toBe(1)
      expect(await byRio('2001799')).toEqual([ids[1799]])
      // Look-ups follow a little each meanwhile, and leave the rest to the background.
      expect(await process.follow()).toMatchObject({ current: false })
      expect(await build()).toBe(true)
      expect(await process.follow()).toMatchObject({ current: true })
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
      expect(await byRio('20 01 799')).toEqual([ids[1799]])
    })

    it('catches up in the background from however far behind', async () => {
      await build()
      await people.addUsers(1200, (number) => ({ login: `user ${number}`, rio: String(2_000_000 + number) }))
      expect(await build()).toBe(true)
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
      expect(await process.follow()).toMatchObject({ current: true })
    })

    it('asks by the column of the login too while it is behind', async () => {
      await process.settings.set('rio_storage_method', 'name')
      const id = await people.addUser({ login: 'alice', rio: '1111111' })
      expect(await process.follow()).toMatchObject({ current: false })
      expect(await byRio(' Alice ')).toEqual([id])
      expect(await byRio('1111111')).toEqual([])
    })

    onlyOn(
      engine,
      'mysql',
      'follows a change that is committed later than one with a higher id',
      async () => {
        const [alicesId, bobsId] = [
          await people.addUser({ login: 'alice' }),
          await people.addUser({ login: 'bob' }),
        ]
        await build()
        // The host's request began a minute ago, so its date_mod tells nothing either.
        const { released, committed } = await people.changePhoneLate(alicesId, '0123456789')
        onTestFinished(() => released.resolve())
        await people.changeUser(bobsId, { phone: '0123456780' })
        for (let change = 0; change < 20; change++)
          await people.changeUser(bobsId, { firstname: `Bob ${change}` })
        expect(await byPhone('+33123456780')).toEqual([bobsId])
        expect(await byPhone('+33123456789')).toEqual([])
        released.resolve()
        await committed
        expect(await byPhone('+33123456789')).toEqual([alicesId])
        expect(await process.follow()).toMatchObject({ current: true })
        // Another process, which has not seen any of those rows itself, is content as well.
        expect(await processOn(storage).follow()).toMatchObject({ current: true })
      },
    )

    it('follows a change whose transaction had to be run twice', async () => {
      const id = await people.addUser({ login: 'alice' })
      await build()
      const shaky: Storage = {
        ...storage,
        async write(durability, work) {
          const undone = storage.write(durability, async (tx) => {
            await work(tx)
            throw new Error('deadlock at the commit')
          })
          await expect(undone).rejects.toThrow('deadlock at the commit')
          return storage.write(durability, work)
        },
      }
      const { follow } = processOn(shaky)
      await people.changeUser(id, { phone: '0123456789' }, { at: hostTimeIn(-3600) })
      expect(await follow()).toMatchObject({ current: true })
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('keeps up in several processes at once', async () => {
      await build()
      const processes = [process, processOn(storage), processOn(storage)]
      for (let round = 0; round < 10; round++) {
        const id = await people.addUser({ login: `user ${round}`, phone: `01000000${round + 10}` })
        const found = await Promise.all(
          processes.map((one) => byPhone(`+331000000${round + 10}`, alice, one)),
        )
        expect(found).toEqual([[id], [id], [id]])
      }
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('equals an index made from scratch after any sequence of the host’s doings', async () => {
      const numbers = ['0123456789', '+33 1 23 45 67 80', 'poste 12', '', null]
      const rios = ['1234567', '12-34.567', 'J.Martin', '', null]
      const who = fc.nat({ max: 7 })
      const number = fc.constantFrom(...numbers)
      const past = fc.integer({ min: -3600, max: 0 })
      const doing = fc.oneof(
        fc.record({ kind: fc.constant('add' as const), phone: number, rio: fc.constantFrom(...rios) }),
        fc.record({ kind: fc.constant('phone' as const), who, phone: number, past }),
        fc.record({ kind: fc.constant('move' as const), who, other: who, past }),
        fc.record({ kind: fc.constant('rename' as const), who, past }),
        fc.record({ kind: fc.constant('disable' as const), who, past }),
        fc.record({ kind: fc.constant('look' as const) }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(doing, { minLength: 1, maxLength: 10 }), async (doings) => {
          await emptyTables(storage)
          process = processOn(storage)
          await build()
          const ids: number[] = []
          const pick = (wanted: number) => ids[wanted % ids.length] ?? 0
          for (const one of doings) {
            if (one.kind === 'add') {
              ids.push(await people.addUser({ login: randomUUID(), phone: one.phone, rio: one.rio }))
              continue
            }
            if (one.kind === 'look') {
              await process.follow()
              continue
            }
            if (ids.length === 0) continue
            const [id, at] = [pick(one.who), hostTimeIn(one.past)]
            if (one.kind === 'phone') await people.changeUser(id, { phone: one.phone }, { at })
            if (one.kind === 'rename') await people.changeUser(id, { name: randomUUID() }, { at })
            if (one.kind === 'disable') await people.changeUser(id, { is_active: 0 }, { at })
            if (one.kind === 'move') {
              const from = await storage.db
                .selectFrom('glpi_users')
                .select('phone')
                .where('id', '=', id)
                .executeTakeFirst()
              await people.changeUser(id, { phone: null }, { at })
              await people.changeUser(pick(one.other), { mobile: from?.phone ?? null }, { at })
            }
          }
          await process.follow()
          expect(await indexRows(storage)).toEqual(await expectedRows(storage))
        }),
        { numRuns: engine.name === 'sqlite' ? 60 : 25 },
      )
    }, 60_000)
  })

  describe('rebuilding', () => {
    const state = () =>
      storage.db.selectFrom('glpi_plugin_callmanager_index').selectAll().executeTakeFirstOrThrow()
    const plain = (number: number): TestUser => ({
      login: `user ${number}`,
      rio: String(2_000_000 + number),
      phone: `01${String(number).padStart(8, '0')}`,
    })

    it('goes on where it was aborted', async () => {
      const ids = await people.addUsers(3000, plain)
      await startRebuild(storage)
      let chunks = 0
      await continueRebuild(
        process.dependencies,
        () => {},
        async () => ++chunks <= 2,
      )
      const { rebuild_after: after } = await state()
      expect(after).toBeGreaterThan(ids[0] ?? 0)
      expect(after).toBeLessThan(ids[2999] ?? 0)
      const halfWay = (await indexRows(storage)).length
      expect(halfWay).toBeGreaterThan(0)

      const restarted = processOn(storage)
      const done: number[] = []
      await continueRebuild(restarted.dependencies, (progress) => done.push(progress.done))
      expect(done[0]).toBeGreaterThan(ids.filter((id) => id <= (after ?? 0)).length)
      expect(done.at(-1)).toBe(ids.length)
      expect(await state()).toMatchObject({ rebuild_after: null, version: KEYS_VERSION })
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('answers exact RIOs before the first build is done', async () => {
      const ids = await people.addUsers(300, plain)
      await startRebuild(storage)
      let chunks = 0
      await continueRebuild(
        process.dependencies,
        () => {},
        async () => ++chunks <= 1,
      )
      expect(await byRio('2000000')).toEqual([ids[0]])
      expect(await byRio('2000299')).toEqual([ids[299]])
      expect(process.asked.background).toBeGreaterThan(0)
    })

    it('keeps following the host while an index that was whole is swept', async () => {
      const ids = await people.addUsers(300, plain)
      await build()
      await startRebuild(storage)
      let chunks = 0
      await continueRebuild(
        process.dependencies,
        () => {},
        async () => ++chunks <= 1,
      )
      expect((await state()).rebuild_after).not.toBeNull()
      await people.changeUser(ids[0] ?? 0, { phone: '0612345678' })
      await people.changeUser(ids[299] ?? 0, { phone: '0612345679' })
      expect(await byPhone('+33612345678')).toEqual([ids[0]])
      expect(await byPhone('+33612345679')).toEqual([ids[299]])
      expect(await byPhone('+33100000150')).toEqual([ids[150]])
      expect(await build()).toBe(true)
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('finds what changed while it ran', async () => {
      const ids = await people.addUsers(300, plain)
      await startRebuild(storage)
      let changed = false
      await continueRebuild(
        process.dependencies,
        () => {},
        async () => {
          const { rebuild_after: after } = await state()
          if (!changed && (after ?? 0) > 0) {
            changed = true
            await people.changeUser(ids[0] ?? 0, { phone: '0612345678' }, { at: hostTimeIn(-600) })
          }
          return true
        },
      )
      expect(changed).toBe(true)
      expect(await byPhone('+33612345678')).toEqual([ids[0]])
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('does not get in the way of a process that follows a change of the very users it compares', async () => {
      const ids = await people.addUsers(5, plain)
      await build()
      const id = ids[2] ?? 0
      const { phone } = plain(2)
      await storage.write('normal', (tx) =>
        tx.deleteFrom('glpi_plugin_callmanager_identifiers').where('users_id', '=', id).execute(),
      )
      await startRebuild(storage)
      let following: Promise<number[]> | undefined
      const slow: Storage = {
        ...storage,
        async insertMany(tx, table, rows) {
          // The chunk has read the rows and knows what is missing; now somebody asks for that user.
          following ??= people
            .changeUser(id, { firstname: 'Dora' })
            .then(() => byPhone(`+33${phone?.slice(1)}`))
          await Promise.race([following, sleep(200)])
          await storage.insertMany(tx, table, rows)
        },
      }
      await continueRebuild({ ...process.dependencies, storage: slow }, () => {})
      expect(await following).toEqual([id])
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('corrects what has drifted, counts it, and drops the rows of purged users', async () => {
      const ids = await people.addUsers(30, plain)
      await build()
      const [first, second, last] = [ids[0] ?? 0, ids[1] ?? 0, ids[29] ?? 0]
      await asHost(storage).write('normal', async (tx) => {
        // One key lost, one that should not be there, one user purged in the middle and one at the end (5 keys each).
        await tx
          .deleteFrom('glpi_plugin_callmanager_identifiers')
          .where('users_id', '=', first)
          .where('kind', '=', 'phone')
          .execute()
        await tx
          .insertInto('glpi_plugin_callmanager_identifiers')
          .values({ kind: 'phone', identifier_key: '+33999999999', source: 'mobile', users_id: first })
          .execute()
        await tx.deleteFrom('glpi_users').where('id', 'in', [second, last]).execute()
        await tx.deleteFrom('glpi_plugin_callmanager_users').where('users_id', 'in', [second, last]).execute()
      })
      await startRebuild(storage)
      let corrected = 0
      await bringUpToDate(process.dependencies, (progress) => {
        corrected = progress.corrected
      })
      expect(corrected).toBe(2 + 5 + 5)
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
      await startRebuild(storage)
      await bringUpToDate(process.dependencies, (progress) => {
        corrected = progress.corrected
      })
      expect(corrected).toBe(0)
    })

    it('rebuilds an index whose keys were made by other rules', async () => {
      const ids = await people.addUsers(3, plain)
      await build()
      await storage.write('normal', async (tx) => {
        await tx
          .updateTable('glpi_plugin_callmanager_index')
          .set({ version: KEYS_VERSION - 1 })
          .execute()
        await tx
          .updateTable('glpi_plugin_callmanager_identifiers')
          .set({ identifier_key: 'old rules' })
          .where('kind', '=', 'phone')
          .execute()
      })
      expect(await process.follow()).toMatchObject({ current: false })
      expect(process.asked.background).toBe(1)
      expect(await byRio('2000000')).toEqual([ids[0]])
      expect(await build()).toBe(true)
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
      expect(await process.follow()).toMatchObject({ current: true })
    })

    it('goes on beside look-ups, changes and another process', async () => {
      const ids = await people.addUsers(1500, plain)
      await build()
      await startRebuild(storage)
      const other = processOn(storage)
      let running = true
      const sweep = build().finally(() => {
        running = false
      })
      for (let number = 0; running || number < 20; number++) {
        const id = ids[(number * 37) % ids.length] ?? 0
        const phone = `06${String(number).padStart(8, '0')}`
        await people.changeUser(id, { phone })
        const answers = await Promise.all(
          [process, other].map((one) => byPhone(`+33${phone.slice(1)}`, alice, one)),
        )
        expect(answers).toEqual([[id], [id]])
      }
      expect(await sweep).toBe(true)
      expect(await process.follow()).toMatchObject({ current: true })
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })
  })

  describe('the lease', () => {
    it('lets one of two processes work', async () => {
      expect(await holdLease(storage, 'alice')).toBe(true)
      expect(await holdLease(storage, 'bob')).toBe(false)
      expect(await holdLease(storage, 'alice')).toBe(true)
      await releaseLease(storage, 'bob')
      expect(await holdLease(storage, 'bob')).toBe(false)
      await releaseLease(storage, 'alice')
      expect(await holdLease(storage, 'bob')).toBe(true)
    })

    it('is won by one of many who ask at once', async () => {
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, number) => holdLease(storage, `process ${number}`)),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    it('leaves the building to the process that has it', async () => {
      await people.addUsers(10, (number) => ({ login: `user ${number}` }))
      await holdLease(storage, 'alice')
      expect(await build()).toBe(false)
      expect(await indexRows(storage)).toEqual([])
      await releaseLease(storage, 'alice')
      const other = processOn(storage)
      const both = await Promise.all([build(), bringUpToDate(other.dependencies)])
      expect(both.sort()).toEqual([false, true])
      expect(await indexRows(storage)).toEqual(await expectedRows(storage))
    })

    it('is taken over from a process that was killed', async () => {
      await holdLease(storage, 'the dead')
      await storage.write('normal', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_index')
          .set({ lease_until: Date.now() - 1 })
          .execute(),
      )
      expect(await holdLease(storage, 'alice')).toBe(true)
      expect(await holdLease(storage, 'the dead')).toBe(false)
    })
  })

  describe('the journal', () => {
    const lines = () =>
      storage.db.selectFrom('glpi_plugin_callmanager_lookups').selectAll().orderBy('id').execute()

    it('keeps who asked, from where and how many were found, and a mask of what for', async () => {
      await people.addUsers(2, (number) => ({ login: `user ${number}`, rio: '1234567', phone: '0123456789' }))
      await build()
      const agent = { ...alice, id: 7, impersonatorId: 9, entityId: 3 }
      const before = Date.now()
      await callersByRio('1234567', agent, { ...LOCAL, address: '2001:db8::1' })
      await callersByRio('7654321')
      await callersByRio('   ')
      await byPhone('+33123456789')
      const kept = await lines()
      expect(kept).toMatchObject([
        {
          users_id: 7,
          impersonator_id: 9,
          entities_id: 3,
          address: '2001:db8::1',
          kind: 'rio',
          identifier_masked: '1******',
          hits: 2,
        },
        { users_id: 1, impersonator_id: 0, kind: 'rio', identifier_masked: '7******', hits: 0 },
        { kind: 'rio', hits: 0 },
        { kind: 'phone', hits: 2 },
      ])
      expect(kept[0]?.looked_up_at).toBeGreaterThanOrEqual(before)
      expect(JSON.stringify(kept)).not.toMatch(/234567|654321|3123456/)
    })

    it('does not keep a malformed identifier', async () => {
      await build()
      await expect(byRio('12\n34')).rejects.toMatchObject({ code: 'identifier-malformed', field: 'rio' })
      await expect(byRio('1'.repeat(256))).rejects.toMatchObject({ code: 'identifier-malformed' })
      expect(await lines()).toEqual([])
    })

    it('keeps a line of every one of many look-ups at once', async () => {
      await build()
      await Promise.all(Array.from({ length: 300 }, (_, number) => byRio(String(3_000_000 + number))))
      expect(await lines()).toHaveLength(300)
    })

    it('drops what is older than the retention, and nothing else', async () => {
      const day = 86_400_000
      const line = (age: number) => ({
        looked_up_at: Date.now() - age,
        users_id: 1,
        impersonator_id: 0,
        entities_id: 0,
        address: '127.0.0.1',
        kind: 'rio',
        identifier_masked: '1***',
        hits: 1,
      })
      await storage.write('normal', (tx) =>
        storage.insertMany(tx, 'glpi_plugin_callmanager_lookups', [
          ...Array.from({ length: 1100 }, () => line(31 * day)),
          line(30 * day - 60_000),
          line(0),
        ]),
      )
      await process.journal.purge(30)
      // What is not counted yet is kept for the statistics.
      expect(await lines()).toHaveLength(1102)
      await rollUp(storage)
      await process.journal.purge(30)
      expect(await lines()).toHaveLength(2)
    })
  })
})
