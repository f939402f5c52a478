import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { asHost } from '../../test/support/as-host.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, type People, PROFILES, peopleIn, type TestUser } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { type KeyRules, readKeyRules } from '../identifiers/refresh.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createMethodChange, type MethodChangeLine, type MethodChangeProblem } from './method-change.ts'

const METHODS: RioStorageMethod[] = ['custom_table', 'name', 'registration_number']
const WAYS = METHODS.flatMap((from) => METHODS.filter((to) => to !== from).map((to) => [from, to] as const))

forEachEngine((engine) => {
  /** To our own table beside any helpdesk; the other places are the host's. */
  const ways = WAYS.filter(([, to]) => to === 'custom_table' || engine.writesUsers)
  let storage: Storage
  let people: People
  let rules: KeyRules
  let alice: Agent
  let change: ReturnType<typeof createMethodChange>
  let index: Parameters<typeof bringUpToDate>[0]

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    const settings = createSettings(storage)
    const helpdesk = helpdeskOf(storage, settings)
    index = { storage, settings, entityTree: helpdesk.entityTree, decodeText: helpdesk.decodeText }
    rules = await readKeyRules(index)
    alice = await people.agent('all', EVERYTHING)
    change = createMethodChange({ storage, helpdesk })
  })

  /** Somebody with these values in the three places. */
  const add = (
    login: string,
    rio: string | null,
    registration: string | null,
    more: Partial<TestUser> = {},
  ) => people.addUser({ login, rio, registration_number: registration, ...more })

  const places = () =>
    storage.db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['user.name', 'user.registration_number', 'kept.rio_number as custom_table'])
      .orderBy('user.id')
      .execute()
  const column = async (method: RioStorageMethod) => (await places()).map((row) => row[method] ?? '')

  const everything = async () =>
    JSON.stringify([
      await places(),
      await asHost(storage).db.selectFrom('glpi_logs').selectAll().orderBy('id').execute(),
      await asHost(storage).db.selectFrom('glpi_users').selectAll().orderBy('id').execute(),
      await storage.db.selectFrom('glpi_plugin_callmanager_identifiers').selectAll().execute(),
    ])

  /** The whole of a change, in chunks. */
  async function run(
    what: 'previewChunk' | 'copyChunk',
    from: RioStorageMethod,
    to: RioStorageMethod,
    { limit = 3, replaces = false, repeats = false } = {},
  ) {
    const total = { examined: 0, copied: 0, empty: 0, same: 0 }
    const problems: MethodChangeProblem[] = []
    const undo: MethodChangeLine[] = []
    for (let after = 0; ; ) {
      const chunk = { from, to, after, limit, replaces }
      const once = () => storage.write('full', (tx) => change[what](tx, chunk, { agent: alice, rules }))
      const outcome = await once()
      if (repeats) await once()
      total.examined += outcome.examined
      total.copied += outcome.copied
      total.empty += outcome.empty
      total.same += outcome.same
      problems.push(...outcome.problems)
      undo.push(...outcome.undo)
      if (outcome.last === null) break
      after = outcome.last
    }
    return { ...total, problems, undo }
  }

  describe.each(ways)('from %s to %s', (from, to) => {
    const NAMES = ['anne', 'Bernard', "c.o'brien", 'é'.repeat(255), '0012345', 'last one']

    /** People who have each of these in the old place, and nothing of their own in the new one. */
    async function fill(): Promise<number[]> {
      const ids: number[] = []
      for (const [number, value] of NAMES.entries()) {
        const login = from === 'name' ? value : `login ${number}`
        ids.push(
          await add(
            login,
            from === 'custom_table' ? value : null,
            from === 'registration_number' ? value : number % 2 === 0 ? '' : null,
          ),
        )
      }
      await bringUpToDate(index)
      return ids
    }

    it('copies everybody, leaves the old place as it is, and finds its work done when it runs again', async () => {
      const ids = await fill()
      const before = await column(from)
      const preview = await run('previewChunk', from, to)
      const copied = await run('copyChunk', from, to, { repeats: true })
      expect(copied).toEqual(preview)
      expect(copied).toMatchObject({ examined: 6, copied: 6, problems: [] })
      expect(copied.undo.map(({ usersId, after }) => [usersId, after])).toEqual(
        ids.map((id, number) => [id, NAMES[number]]),
      )
      expect(await column(to)).toEqual(NAMES)
      expect(await column(from)).toEqual(before)
      const state = await everything()
      expect(await run('copyChunk', from, to)).toMatchObject({ copied: 0, same: 6, problems: [], undo: [] })
      expect(await everything()).toBe(state)
    })

    it('previews without writing', async () => {
      await fill()
      const before = await everything()
      expect(await run('previewChunk', from, to)).toMatchObject({ copied: 6 })
      expect(await everything()).toBe(before)
    })

    it('leads to everybody by the new place at once, and leaves a line of history each', async () => {
      const ids = await fill()
      await asHost(storage).write('normal', (tx) => tx.deleteFrom('glpi_logs').execute())
      await run('copyChunk', from, to)
      const indexed = await storage.db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select('users_id')
        .where('source', '=', to)
        .where('kind', '=', 'rio')
        .orderBy('users_id')
        .execute()
      expect(indexed.map((row) => row.users_id)).toEqual(ids)
      const lines = await storage.db
        .selectFrom('glpi_logs')
        .select(['items_id', 'user_name'])
        .orderBy('id')
        .execute()
      expect(lines).toEqual(ids.map((id) => ({ items_id: id, user_name: alice.name })))
    })

    it('is undone', async () => {
      await fill()
      const before = await column(to)
      const { undo } = await run('copyChunk', from, to)
      const back = () =>
        storage.write('full', (tx) => change.undoChunk(tx, { to, lines: undo }, { agent: alice, rules }))
      expect(await back()).toEqual({ undone: 6, problems: [] })
      expect(await column(to)).toEqual(before)
      expect(await back()).toEqual({ undone: 0, problems: [] })
    })
  })

  test.each(ways.filter(([from]) => from !== 'name'))(
    'from %s to %s passes over who has no RIO',
    async (from, to) => {
      for (const [number, empty] of [null, '', '  '].entries()) await add(`login ${number}`, empty, empty)
      expect(await run('copyChunk', from, to)).toMatchObject({
        examined: 3,
        copied: 0,
        empty: 3,
        problems: [],
      })
    },
  )

  describe('what another value stands in the place of', () => {
    const pairs = [
      ['custom_table', 'registration_number'],
      ['registration_number', 'custom_table'],
    ] as const
    test.each(pairs.filter((pair) => ways.some((way) => way.join() === pair.join())))(
      'from %s to %s is replaced only when that is asked for',
      async (from, to) => {
        const id = await add(
          'dora',
          from === 'custom_table' ? 'new' : 'old',
          from === 'custom_table' ? 'old' : 'new',
        )
        await add('eve', 'NEW', 'new')
        await bringUpToDate(index)
        expect(await run('copyChunk', from, to)).toMatchObject({
          copied: 0,
          same: 1,
          problems: [{ usersId: id, field: to, reason: 'occupied' }],
        })
        expect(await run('copyChunk', from, to, { replaces: true })).toMatchObject({
          copied: 1,
          problems: [],
          undo: [{ usersId: id, before: 'old', after: 'new' }],
        })
        expect((await column(to))[0]).toBe('new')
      },
    )
  })

  it('copies to our own table what a directory owns elsewhere', async () => {
    await add('anne', null, '1234567', { authtype: 3 })
    await bringUpToDate(index)
    expect(await run('copyChunk', 'registration_number', 'custom_table')).toMatchObject({
      copied: 1,
      problems: [],
    })
  })

  it('is all or nothing in its chunk', async () => {
    await add('anne', null, '0000001')
    await bringUpToDate(index)
    const before = await everything()
    const way = { from: 'registration_number', to: 'custom_table' } as const
    const killed = storage.write('full', async (tx) => {
      await change.copyChunk(tx, { ...way, after: 0, limit: 10, replaces: false }, { agent: alice, rules })
      throw new Error('killed')
    })
    await expect(killed).rejects.toThrow('killed')
    expect(await everything()).toBe(before)
  })

  // The other places are the host's to write.
  if (!engine.writesUsers) return

  describe('logins', () => {
    it('go to nobody where several have the RIO, whoever comes first', async () => {
      const ids = [await add('anne', '12 34-567', null), await add('bert', '1234567', null)]
      await add('carl', '7654321', null)
      await bringUpToDate(index)
      for (const limit of [1, 10]) {
        expect(await run('previewChunk', 'custom_table', 'name', { limit })).toMatchObject({
          copied: 1,
          problems: ids.map((usersId) => ({ usersId, field: 'name', reason: 'shared' })),
        })
      }
      await run('copyChunk', 'custom_table', 'name', { limit: 1 })
      expect(await column('name')).toEqual(['anne', 'bert', '7654321'])
    })

    it('are not taken from somebody else, in any letter case', async () => {
      const anne = await add('anne', 'BERT', null)
      await add('bert', null, null)
      await bringUpToDate(index)
      const problems = [{ usersId: anne, field: 'name', reason: 'taken' }]
      expect(await run('previewChunk', 'custom_table', 'name')).toMatchObject({ copied: 0, problems })
      expect(await run('copyChunk', 'custom_table', 'name')).toMatchObject({ copied: 0, problems })
      expect(await column('name')).toEqual(['anne', 'bert'])
    })

    it('do not fail the others where only the database knows that two are one', async () => {
      const [anne, bert] = [await add('anne', 'élan', null), await add('bert', 'elan', null)]
      await add('carl', '7654321', null)
      await bringUpToDate(index)
      const { copied, problems } = await run('copyChunk', 'custom_table', 'name', { limit: 10 })
      // MariaDB's collation folds accents as the host's does; SQLite's does not.
      const taken = engine.name === 'mysql' ? [{ usersId: bert, field: 'name', reason: 'taken' }] : []
      expect({ copied, problems }).toEqual({ copied: 3 - taken.length, problems: taken })
      expect((await column('name'))[0]).toBe('élan')
      expect(anne).toBeLessThan(bert)
    })

    test.each(['a/b', 'a+b', '<b>', '👩‍💻'])('cannot be %s', async (rio) => {
      const id = await add('anne', rio, null)
      await bringUpToDate(index)
      expect((await run('copyChunk', 'custom_table', 'name')).problems).toEqual([
        { usersId: id, field: 'name', reason: 'not_allowed' },
      ])
    })

    it('stay where they lead to the person already', async () => {
      await add('Anne', 'anne', null)
      expect(await run('copyChunk', 'custom_table', 'name')).toMatchObject({ same: 1, copied: 0 })
    })
  })

  test.each([
    ['name', 3],
    ['registration_number', 4],
  ] as const)('%s of an account of type %i is the directory’s', async (to, authtype) => {
    const id = await add('anne', '1234567', null, { authtype })
    await bringUpToDate(index)
    expect(await run('copyChunk', 'custom_table', to)).toMatchObject({
      copied: 0,
      problems: [{ usersId: id, field: to, reason: 'directory_owned' }],
    })
    expect(await run('copyChunk', to, 'custom_table', { replaces: true })).toMatchObject({ problems: [] })
  })

  it('leaves alone whom the agent may not change, and says so', async () => {
    const [here, there] = [1, 2].map((entity) => ({ memberships: [{ entity }] }))
    await people.addEntity(1, 'Here')
    await people.addEntity(2, 'There')
    await add('anne', '0000001', null, here)
    const far = await add('bert', '0000002', null, there)
    const chief = await add('carl', '0000003', null, {
      memberships: [{ entity: 1, profile: PROFILES.superAdmin }],
    })
    await bringUpToDate(index)
    alice = await people.agent([1], EVERYTHING)
    expect((await run('copyChunk', 'custom_table', 'name')).problems).toEqual(
      [far, chief].map((usersId) => ({ usersId, field: 'name', reason: 'beyond_you' })),
    )
    expect(await column('name')).toEqual(['0000001', 'bert', 'carl'])
  })

  it('does not copy what cannot be looked up', async () => {
    const id = await add('anne', '12\n34', null)
    expect((await run('copyChunk', 'custom_table', 'registration_number')).problems).toEqual([
      { usersId: id, field: 'registration_number', reason: 'not_allowed' },
    ])
  })

  it('does not undo what somebody has changed since, nor bring back a login that is taken', async () => {
    const anne = await add('anne', '0000001', null)
    const bert = await add('bert', '0000002', null)
    const carl = await add('carl', '0000003', null)
    await bringUpToDate(index)
    const { undo } = await run('copyChunk', 'custom_table', 'name')
    await people.changeUser(anne, { name: 'anne2' })
    await people.changeUser(carl, { name: 'bert' })
    const lines = undo.filter(({ usersId }) => usersId !== carl)
    const outcome = await storage.write('full', (tx) =>
      change.undoChunk(tx, { to: 'name', lines }, { agent: alice, rules }),
    )
    expect(outcome).toEqual({
      undone: 0,
      problems: [
        { usersId: anne, field: 'name', reason: 'changed_meanwhile' },
        { usersId: bert, field: 'name', reason: 'taken' },
      ],
    })
    expect(await column('name')).toEqual(['anne2', '0000002', 'bert'])
  })

  it('is all or nothing in its chunk where it changes logins', async () => {
    await add('anne', '0000001', null)
    await bringUpToDate(index)
    const before = await everything()
    const chunk = { from: 'custom_table', to: 'name', after: 0, limit: 10, replaces: false } as const
    const killed = storage.write('full', async (tx) => {
      await change.copyChunk(tx, chunk, { agent: alice, rules })
      throw new Error('killed')
    })
    await expect(killed).rejects.toThrow('killed')
    expect(await everything()).toBe(before)
  })
})
