import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { SharedRio } from '../../contract/shared-rios.ts'
import { asHost } from '../../test/support/as-host.ts'
import { fullScans, noting } from '../../test/support/explain.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, hostTimeIn, type People, peopleIn } from '../../test/support/people.ts'
import { analyse, emptyTables, forEachEngine } from '../../test/support/storages.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { createFollower } from '../identifiers/follow.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createSharedRios, type SharedRios } from './shared-rios.ts'

const HERE = 1
const THERE = 2

forEachEngine((engine) => {
  let storage: Storage
  let people: People
  let alice: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addEntity(HERE, 'Here')
    await people.addEntity(THERE, 'There')
    alice = await people.agent('all', EVERYTHING)
  })

  /** The list of one server, over this or a noting storage; the index is whole. */
  async function listOver(on: Storage): Promise<SharedRios> {
    const settings = createSettings(on)
    const index = { storage: on, settings, ...helpdeskOf(on, settings) }
    await bringUpToDate(index)
    return createSharedRios({ storage: on, follow: createFollower(index, () => undefined) })
  }

  const brief = (items: readonly SharedRio[]) =>
    items.map(({ rio, people, first }) => [rio, people, first.map(({ id }) => id)])

  it('names each RIO that several people have, with these, in whichever spelling', async () => {
    const list = await listOver(storage)
    const ids = await people.addUsers(6, (number) => ({
      login: `person ${number}`,
      rio: ['0012345', '12 34 567', '00-12-345', '7654321', '1234567', '0012345'][number] ?? null,
    }))
    const { items, cursor } = await list(alice, {})
    expect(brief(items)).toEqual([
      ['0012345', 3, [ids[0], ids[2], ids[5]]],
      ['12 34 567', 2, [ids[1], ids[4]]],
    ])
    expect(cursor).toBeNull()
  })

  it('looks where RIOs are kept now, and at no other place', async () => {
    await people.addUsers(2, (number) => ({
      login: `person ${number}`,
      registration_number: '7777777',
      rio: `765432${number}`,
    }))
    expect((await (await listOver(storage))(alice, {})).items).toEqual([])
    await createSettings(storage).set('rio_storage_method', 'registration_number')
    expect((await (await listOver(storage))(alice, {})).items).toMatchObject([{ rio: '7777777', people: 2 }])
  })

  it('shows people of the agent’s entities alone, and no RIO of which there are none', async () => {
    const [, here] = [
      await people.addUser({ login: 'a', rio: '1111111', memberships: [{ entity: THERE }] }),
      await people.addUser({ login: 'b', rio: '1111111', memberships: [{ entity: HERE }] }),
    ]
    for (const login of ['c', 'd']) {
      await people.addUser({ login, rio: '2222222', memberships: [{ entity: THERE }] })
    }
    const list = await listOver(storage)
    const bob = await people.agent([HERE], EVERYTHING)
    expect(brief((await list(bob, {})).items)).toEqual([['1111111', 2, [here]]])
    expect((await list(alice, {})).items).toHaveLength(2)
  })

  it('shows who is disabled, and leaves out who is in the bin', async () => {
    const ids = await people.addUsers(3, (number) => ({
      login: `person ${number}`,
      rio: '1234567',
      is_active: number === 1 ? 0 : 1,
      is_deleted: number === 2 ? 1 : 0,
    }))
    const { items } = await (await listOver(storage))(alice, {})
    expect(brief(items)).toEqual([['1234567', 3, ids.slice(0, 2)]])
    expect(items[0]?.first.map(({ active }) => active)).toEqual([true, false])
  })

  it('follows what has changed before it answers', async () => {
    const ids = await people.addUsers(2, (number) => ({ login: `person ${number}`, rio: '1234567' }))
    const list = await listOver(storage)
    expect((await list(alice, {})).items).toHaveLength(1)
    await people.setRio(ids[0] ?? 0, '7654321', { at: hostTimeIn(60) })
    expect((await list(alice, {})).items).toEqual([])
  })

  it('comes in pages, of few people who share among many who do not', async () => {
    const total = 6000
    await people.addUsers(total, (number) => ({
      login: `person ${number}`,
      rio: String(2_000_000 + (number % 100 === 99 ? number - 1 : number)),
    }))
    const list = await listOver(storage)
    const whole = brief((await list(alice, { limit: 100 })).items)
    expect(whole).toHaveLength(total / 100)
    const read: unknown[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await list(alice, { limit: 7, ...(cursor !== undefined && { cursor }) })
      read.push(...brief(page.items))
      if (page.cursor === null) break
      cursor = page.cursor
    }
    expect(read).toEqual(whole)
    await expect(list(alice, { cursor: 'x' })).rejects.toMatchObject({
      code: 'value-refused',
      field: 'cursor',
    })
  })

  it('reads by indexes, however many people there are', async () => {
    // Not all in the last second: where that is every row, reading any of them is as good as an index.
    await people.addUsers(
      2000,
      (number) => ({ login: `person ${number}`, rio: String(2_000_000 + Math.floor(number / 2)) }),
      { at: hostTimeIn(-3600) },
    )
    await people.addUser({ login: 'newest', rio: '1' })
    const { storage: noted, asked } = noting(storage)
    const list = await listOver(noted)
    await analyse(asHost(storage))
    asked.length = 0
    const { cursor } = await list(alice, {})
    await list(alice, { cursor: cursor ?? '' })
    expect(asked.length).toBeGreaterThan(4)
    // Nobody has an address here.
    const small = [
      'address',
      'entity',
      'location',
      'state',
      'glpi_plugin_callmanager_configs',
      'glpi_entities',
    ]
    for (const query of asked) expect(await fullScans(storage, query, small), query.sql).toEqual([])
  })
})
