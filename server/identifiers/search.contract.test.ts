import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { Accounts } from '../../contract/search.ts'
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
} from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import { wordsOf } from '../domain/words.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import { createFollower } from './follow.ts'
import { createJournal } from './journal.ts'
import { createSearch } from './search.ts'

function processOn(storage: Storage) {
  const settings = createSettings(storage)
  const dependencies = {
    storage,
    settings,
    entityTree: createEntityTree(storage),
    decodeText: (stored: string) => stored,
  }
  const answers: number[] = []
  const search = createSearch({
    storage,
    journal: createJournal(storage),
    onAnswer: (_kind, hits) => answers.push(hits),
  })
  const follow = createFollower(dependencies, () => undefined)
  return { settings, dependencies, search, follow, answers }
}

forEachEngine((engine) => {
  let storage: Storage
  let people: People
  let process: ReturnType<typeof processOn>
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
    await bringUpToDate(process.dependencies)
  })

  const ask = async (typed: string, { agent = alice, limit = 25 } = {}) =>
    process.search(agent, LOCAL, { typed, limit }, await process.follow())
  const find = async (typed: string, options: { agent?: Agent; limit?: number } = {}) =>
    (await ask(typed, options)).items.map(({ user }) => user.id)
  /** Why each was found, as one line. */
  const why = async (typed: string) =>
    (await ask(typed)).items.map(({ matched }) =>
      matched.map(({ field, exact }) => (exact ? `=${field}` : field)).join(' '),
    )
  const bobOf = (entities: readonly number[]) => people.agent(entities, TECHNICIAN, 2)

  describe('by names', () => {
    test.each([
      ['Élodie', 'elodie'],
      ['Élodie', 'ÉLODIE'],
      ['Élodie', 'E\u0301lo'],
      ['Œuvrard', 'oeuv'],
      ['Jean-Pierre', 'jean pierre'],
      ['Jean-Pierre', 'pierre'],
      ['Jean-Pierre', 'Pierre-Jean'],
      ['de La Tour', 'la tour'],
      ['de La Tour', 'tour de'],
      ["O'Brien", 'o’brien'],
      ["O'Brien", 'obrien'],
      ["O'Brien", 'brien'],
      ['<b>Bob</b>', '<b>bob'],
      ['👩‍💻 Ada', 'ada 👩‍💻'],
      ['王小明', '王'],
      ['王小明', '王小'],
      ['김철수', '김철'],
      ['محمد علی', 'محمد'],
      ['דוד', 'דו'],
      ['Straße', 'STRASSE'],
      ['100%_a', '100%_a'],
      ['é'.repeat(255), 'e'.repeat(255)],
    ])('finds %j by %j', async (...texts) => {
      const [name = '', typed = ''] = texts.map(engine.asStored)
      const [last, first] = [
        await people.addUser({ login: 'x1', realname: name }),
        await people.addUser({ login: 'x2', firstname: name }),
      ]
      await people.addUser({ login: 'x3', realname: 'Zzyzx' })
      expect((await find(typed)).sort()).toEqual([last, first].sort())
    })

    it('wants every word, of whichever field and in whichever order', async () => {
      const id = await people.addUser({
        login: 'jm42',
        realname: 'Martin',
        firstname: 'Jeanne',
        emails: ['jeanne.durand@example.org'],
      })
      await people.addUser({ login: 'pm', realname: 'Martin', firstname: 'Paul' })
      for (const typed of ['jeanne martin', 'mar jea', 'martin jm42', 'durand jeanne', 'm j d'])
        expect(await find(typed)).toEqual([id])
      for (const typed of ['jeanne dupont', 'martin org', 'eanne', 'artin jeanne', 'jeannes'])
        expect(await find(typed)).toEqual([])
    })

    it('finds nothing special in % and _', async () => {
      await people.addUser({ login: 'someone', realname: 'Martin' })
      for (const typed of ['%', '_artin', 'm%n', '%%%', '*', 'mar*in']) expect(await find(typed)).toEqual([])
    })

    it('whatever is written into a name is found by every beginning of its words', async () => {
      const name = fc.oneof(
        fc.constantFrom(
          'Élodie',
          'Jean-Pierre',
          "d'Alembert",
          'Œuvre',
          '王小明',
          'محمد علی',
          'ﬁn',
          '<b>',
          '😀 a1',
        ),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/\p{Cc}/u.test(text)),
      )
      let number = 0
      await fc.assert(
        fc.asyncProperty(name.map(engine.asStored), fc.nat(), async (text, at) => {
          const id = await people.addUser({ login: `law ${++number}`, firstname: text, realname: 'Unik' })
          const words = wordsOf(text).filter((word) => [...word].length >= 2)
          const letters = [...(words[at % Math.max(words.length, 1)] ?? '')]
          if (letters.length === 0) return
          const typed = letters.slice(0, 2 + (at % (letters.length - 1))).join('')
          // Groups of digits are a number.
          if (!/\p{L}/u.test(typed)) return
          // With the number of the login, since others may begin so too.
          expect(await find(`${typed} ${number}`)).toContain(id)
        }),
        { numRuns: 60 },
      )
    })
  })

  describe('by identifiers', () => {
    test.each([
      '0478123456',
      '04 78 12 34 56',
      '+33478123456',
      '+33 (0)4 78 12 34 56',
      '0033478123456',
      'tel:+33478123456',
      '0478',
      '04 78 1',
      '+33478',
      '0033478',
      '33478123',
    ])('finds a phone number by %j', async (typed) => {
      const id = await people.addUser({ login: 'x1', mobile: '04.78.12.34.56' })
      await people.addUser({ login: 'x2', phone: '0499000000' })
      expect(await find(typed)).toEqual([id])
    })

    test.each<[RioStorageMethod, string]>([
      ['custom_table', '71 23-45.6'],
      ['name', '8123456'],
      ['registration_number', '9123456'],
    ])('finds the RIO that %s keeps, whole and begun', async (method, rio) => {
      const id = await people.addUser({ login: '8123456', rio: '7123456', registration_number: '9123456' })
      await process.settings.set('rio_storage_method', method)
      expect(await find(rio)).toEqual([id])
      expect(await find(rio.slice(0, 2))).toEqual([id])
      const others = ['7123456', '9123456'].filter((other) => other[0] !== rio[0])
      // The login is found as a login all the same.
      for (const other of others) expect(await find(other)).toEqual([])
    })

    it('finds a portability code before it is whole', async () => {
      const id = await people.addUser({ login: 'x1', rio: '01P123456ABC' })
      for (const typed of ['01P', '01 p 123', '01P123456ABC', '01 P 123456 ABC'])
        expect(await find(typed)).toEqual([id])
    })

    it('finds a login as a whole before everybody whose words fit', async () => {
      const others = await people.addUsers(30, (number) => ({
        login: `jm${number}`,
        realname: 'Martin',
        firstname: 'J',
      }))
      const id = await people.addUser({ login: 'j.martin', realname: 'Zola' })
      const { items, incomplete } = await ask('j.martin')
      expect(items[0]?.user.id).toBe(id)
      expect(items).toHaveLength(25)
      expect(incomplete).toBe(true)
      expect(others).toContain(items[1]?.user.id)
    })

    it('finds an address, whichever of several, and its beginning from the @ on', async () => {
      const id = await people.addUser({
        login: 'x1',
        emails: ['Élodie.D@Example.org', { email: 'second@home.example', isDefault: 1 }],
      })
      for (const typed of ['elodie.d@example.org', 'ELODIE.D@', 'second@ho', 'elodie', 'second'])
        expect(await find(typed)).toEqual([id])
      for (const typed of ['example.org', '@example.org', 'lodie@', 'home'])
        expect(await find(typed)).toEqual([])
    })

    it('finds a login that is an address by its beginning', async () => {
      const id = await people.addUser({
        login: 'Ada.Lovelace@example.org',
        emails: ['ada.lovelace@example.org'],
      })
      for (const typed of ['ada.lovelace@ex', 'ada.lovelace@example.org', 'lovelace org'])
        expect(await find(typed)).toEqual([id])
      expect(await find('ada@')).toEqual([])
    })

    it('finds everybody who shares a number', async () => {
      const ids = await people.addUsers(3, (number) => ({ login: `x${number}`, phone: '0478000000' }))
      expect((await find('0478000000')).sort()).toEqual(ids)
    })

    it('finds an extension as a whole only', async () => {
      const id = await people.addUser({ login: 'a', phone: '0478000000 poste 4521' })
      expect(await find('4521')).toEqual([id])
      expect(await find('poste 4521')).toEqual([id])
      expect(await find('452')).toEqual([])
    })
  })

  describe('answers', () => {
    it('say why, in what order, and show people as lists do', async () => {
      await people.addEntity(1, 'Lyon')
      const user = { realname: 'Martin', firstname: 'Zoé', entities_id: 1, memberships: [{ entity: 1 }] }
      const id = await people.addUser({
        ...user,
        login: 'zm',
        rio: '0012345',
        phone: '04 78 12 34 56',
        phone2: '0499000000',
        mobile: '06 12 34 56 78',
        emails: ['zoe.martin@example.org'],
      })
      expect((await ask('0012345')).items).toEqual([
        {
          user: {
            id,
            login: 'zm',
            lastname: 'Martin',
            firstname: 'Zoé',
            rio: '0012345',
            phone: '04 78 12 34 56',
            mobile: '06 12 34 56 78',
            email: 'zoe.martin@example.org',
            entity: 'Lyon',
            location: '',
            active: true,
          },
          matched: [{ field: 'rio', exact: true }],
        },
      ])
      expect(await why('001')).toEqual(['rio'])
      expect(await why('0478123456')).toEqual(['=phone'])
      expect(await why('0499')).toEqual(['phone2'])
      expect(await why('0612')).toEqual(['mobile'])
      expect(await why('zm')).toEqual(['=login'])
      expect(await why('zoe')).toEqual(['=firstname =email'])
      expect(await why('martin z')).toEqual(['=lastname firstname login email'])
    })

    it('begin with whole identifiers, then whole words, then beginnings, each by name', async () => {
      const add = (login: string, realname: string, firstname: string, more = {}) =>
        people.addUser({ login, realname, firstname, ...more })
      const ids = {
        beginning: await add('a', 'Martineau', 'Al'),
        laterName: await add('b', 'Martin', 'Zoé'),
        rio: await add('c', 'Zola', 'Émile', { rio: 'martin' }),
        accented: await add('d', 'Mârtin', 'Élodie'),
        login: await add('martin', 'Yves', 'Yves'),
        firstname: await add('e', 'Bernard', 'Martin'),
      }
      expect(await find('martin')).toEqual([
        ids.rio,
        ids.login,
        ids.firstname,
        ids.accented,
        ids.laterName,
        ids.beginning,
      ])
    })

    it('hold as many as were asked for, last names first, and say that there are more', async () => {
      await people.addUsers(300, (number) => ({
        login: `f${number}`,
        realname: 'Dupont',
        firstname: 'Martin',
      }))
      const lastNames = await people.addUsers(5, (number) => ({ login: `l${number}`, realname: 'Martin' }))
      const { items, incomplete } = await ask('martin', { limit: 5 })
      expect(items.map(({ user }) => user.id).sort()).toEqual(lastNames)
      expect(incomplete).toBe(true)
      expect((await ask('martin', { limit: 100 })).items).toHaveLength(100)
      expect(await ask('f299', { limit: 1 })).toMatchObject({ items: [{}], incomplete: false })
    })

    it('are complete where all were found', async () => {
      const ids = await people.addUsers(20, (number) => ({ login: `x${number}`, realname: 'Martin' }))
      const { items, incomplete } = await ask('martin', { limit: 20 })
      expect(items.map(({ user }) => user.id)).toEqual(ids)
      expect(incomplete).toBe(false)
    })

    test.each([
      ['', false],
      ['   ', false],
      ['\u00a0', false],
      ['m', true],
      ['-', true],
      ['ma', false],
      ['nobody', false],
    ])('to %j hold nobody, incomplete: %s', async (typed, incomplete) => {
      await people.addUser({ login: 'x', realname: 'Zola', firstname: 'm' })
      expect(await ask(typed)).toEqual({ items: [], incomplete })
    })

    it('say that there may be more while the index is being built', async () => {
      const id = await people.addUser({ login: 'x', realname: 'Zola' })
      expect(await find('zola')).toEqual([id])
      await storage.write('normal', (tx) =>
        tx.updateTable('glpi_plugin_callmanager_index').set({ rebuild_after: 0 }).execute(),
      )
      expect(await ask('zola')).toMatchObject({ items: [{ user: { id } }], incomplete: true })
    })
  })

  describe('whom', () => {
    it('leaves out who is inactive, in the bin, not yet or no longer there', async () => {
      for (const [index, columns] of [
        { is_active: 0 },
        { is_deleted: 1 },
        { begin_date: hostTimeIn(3600) },
        { end_date: hostTimeIn(-3600) },
      ].entries()) {
        await people.addUser({
          login: `x${index}`,
          realname: 'Martin',
          phone: '0478000000',
          rio: '7654321',
          ...columns,
        })
      }
      for (const typed of ['martin', '0478000000', '7654321', '765', 'x1'])
        expect(await find(typed)).toEqual([])
      const id = await people.addUser({ login: 'y', realname: 'Martin', end_date: hostTimeIn(3600) })
      expect(await find('martin')).toEqual([id])
    })

    it('shows those as well, or those in the bin alone, to who may change people', async () => {
      const [usable, inactive, ended, binned] = [
        await people.addUser({ login: 'x0', realname: 'Martin' }),
        await people.addUser({ login: 'x1', realname: 'Martin', is_active: 0 }),
        await people.addUser({ login: 'x2', realname: 'Martin', end_date: hostTimeIn(-3600) }),
        await people.addUser({ login: 'x3', realname: 'Martin', is_deleted: 1 }),
      ]
      const found = async (accounts: Accounts, agent = alice) => {
        const asked = { typed: 'martin', limit: 25, accounts }
        const { items } = await process.search(agent, LOCAL, asked, await process.follow())
        return items.map(({ user }) => [user.id, user.active])
      }
      expect(await found('usable')).toEqual([[usable, true]])
      expect(await found('all')).toEqual([
        [usable, true],
        [inactive, false],
        [ended, false],
      ])
      expect(await found('binned')).toEqual([[binned, false]])
      for (const rights of [TECHNICIAN, { ...EVERYTHING, access: 1 }, { ...EVERYTHING, user: 1 }]) {
        const reader = await people.agent('all', rights, 2)
        expect(await found('usable', reader)).toHaveLength(1)
        for (const accounts of ['all', 'binned'] as const)
          await expect(found(accounts, reader)).rejects.toMatchObject({ code: 'right-missing' })
      }
    })

    it('goes by what people are called now, before the index knows', async () => {
      const id = await people.addUser({ login: 'x', realname: 'Martin', phone: '0478000000' })
      expect(await find('martin')).toEqual([id])
      // A change that leaves no trace for the index to follow.
      const change = (realname: string) =>
        asHost(storage).write('normal', (tx) =>
          tx.updateTable('glpi_users').set({ realname, phone: '0499' }).where('id', '=', id).execute(),
        )
      await change('Durand')
      for (const typed of ['martin', 'mart', '0478000000', '0478']) expect(await find(typed)).toEqual([])
    })

    it('follows a new name, a new address and a purge at once', async () => {
      const id = await people.addUser({ login: 'x', realname: 'Martin' })
      await people.changeUser(id, { realname: 'Durand' })
      expect(await find('durand')).toEqual([id])
      expect(await find('martin')).toEqual([])
      await asHost(storage).write('normal', (tx) =>
        tx
          .insertInto('glpi_useremails')
          .values({ users_id: id, email: 'new@example.org', is_default: 0 })
          .execute(),
      )
      await people.changeUser(id, {})
      expect(await find('new@')).toEqual([id])
      await people.purgeUser(id)
      expect(await find('durand')).toEqual([])
    })

    it('keeps to the scope, recursion from above included', async () => {
      for (const [entity, parent] of [
        [1, 0],
        [2, 1],
        [3, 0],
      ] as const)
        await people.addEntity(entity, `Entity ${entity}`, parent)
      const add = (login: string, entity: number, recursive: 0 | 1 = 0) =>
        people.addUser({
          login,
          realname: 'Martin',
          phone: '0478000000',
          memberships: [{ entity, recursive }],
        })
      const [inside, above, aboveAlone, elsewhere] = [
        await add('a', 2),
        await add('b', 1, 1),
        await add('c', 1),
        await add('d', 3),
      ]
      const nowhere = await people.addUser({ login: 'e', realname: 'Martin', memberships: [] })
      const bob = await bobOf([2])
      expect(await find('martin', { agent: bob })).toEqual([inside, above])
      expect(await find('0478000000', { agent: bob })).toEqual([inside, above])
      expect(await find('martin')).toEqual([inside, above, aboveAlone, elsewhere, nowhere])
    })

    it('finds the one Martin of a small entity among thousands', async () => {
      await people.addEntity(1, 'Large')
      await people.addEntity(2, 'Small')
      await people.addUsers(5000, (number) => ({
        login: `x${number}`,
        realname: 'Martin',
        firstname: 'Jean',
        memberships: [{ entity: 1 }],
      }))
      await bringUpToDate(process.dependencies)
      const id = await people.addUser({
        login: 'zz',
        realname: 'Martin',
        firstname: 'Zoé',
        memberships: [{ entity: 2 }],
      })
      const above = await people.addUser({
        login: 'z',
        realname: 'Martin',
        memberships: [{ entity: 0, recursive: 1 }],
      })
      const bob = await bobOf([2])
      expect(await ask('martin', { agent: bob })).toMatchObject({
        items: [{ user: { id: above } }, { user: { id } }],
        incomplete: false,
      })
      expect(await find('mar zo', { agent: bob })).toEqual([id])
      expect(await find('martin zoe')).toEqual([id])
      // Of a large one, by the full name.
      const rare = await people.addUser({
        login: 'r',
        realname: 'Martin',
        firstname: 'Roxane',
        memberships: [{ entity: 1 }],
      })
      const carol = await bobOf([1])
      expect(await find('roxane martin', { agent: carol })).toEqual([rare])
      expect(await find('martin rox', { agent: carol })).toEqual([rare])
      const { items, incomplete } = await ask('martin', { agent: carol })
      expect([items.length, incomplete]).toEqual([25, true])
    })

    it('stops looking after so many who may not be seen, and says so', async () => {
      await people.addEntity(1, 'Large')
      await people.addEntity(2, 'Also large')
      await people.addUsers(4000, (number) => ({
        login: `x${number}`,
        realname: 'Martin',
        memberships: [{ entity: number < 2500 ? 1 : 2 }],
      }))
      await bringUpToDate(process.dependencies)
      const bob = await bobOf([1])
      const answer = await ask('martin', { agent: bob })
      expect(answer.incomplete).toBe(true)
      await asHost(storage).write('normal', (tx) =>
        tx.updateTable('glpi_users').set({ is_active: 0 }).execute(),
      )
      expect(await ask('martin')).toEqual({ items: [], incomplete: true })
    })
  })

  describe('the asker', () => {
    it('needs the rights', async () => {
      const charlie = await people.agent('all', NOTHING)
      await expect(ask('martin', { agent: charlie })).rejects.toMatchObject({ code: 'right-missing' })
      const half = await people.agent('all', { ...TECHNICIAN, user: 0 })
      await expect(ask('', { agent: half })).rejects.toMatchObject({ code: 'right-missing' })
    })

    test.each(['a\nb', '\u0000', 'a\ud800', 'x'.repeat(256)])('cannot ask for %j', async (typed) => {
      await expect(ask(typed)).rejects.toMatchObject({ code: 'identifier-malformed', field: 'q' })
    })

    it('leaves a line in the journal, masked, unless nothing was asked', async () => {
      await people.addUser({ login: 'x', realname: 'Martin' })
      await ask('martin jean')
      await ask('martin')
      await ask('')
      const rows = await storage.db
        .selectFrom('glpi_plugin_callmanager_lookups')
        .select(['kind', 'identifier_masked', 'hits'])
        .orderBy('id')
        .execute()
      expect(rows).toEqual([
        { kind: 'search', identifier_masked: 'ma*********', hits: 0 },
        { kind: 'search', identifier_masked: 'm*****', hits: 1 },
      ])
      expect(process.answers).toEqual([0, 1])
    })
  })

  it('an index of an older release is rebuilt and then searched', async () => {
    const id = await people.addUser({ login: 'x', realname: 'Martin', firstname: 'Zoé', rio: '7654321' })
    await process.follow()
    await storage.write('normal', async (tx) => {
      await tx
        .deleteFrom('glpi_plugin_callmanager_identifiers')
        .where('kind', 'in', ['word', 'name', 'email'])
        .execute()
      await tx.updateTable('glpi_plugin_callmanager_index').set({ version: 1 }).execute()
    })
    expect(await ask('martin')).toEqual({ items: [], incomplete: true })
    expect(await find('7654321')).toEqual([id])
    expect(await bringUpToDate(process.dependencies)).toBe(true)
    expect(await ask('martin zo')).toMatchObject({ items: [{ user: { id } }], incomplete: false })
  })
})
