import fc from 'fast-check'
import type { Insertable } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StatisticsQuery } from '../../contract/statistics.ts'
import { killedAfter } from '../../test/support/killed-after.ts'
import { EVERYTHING, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine, onlyOn } from '../../test/support/storages.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { createJournal } from '../identifiers/journal.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { rollUp } from './roll-up.ts'
import { createStatistics } from './statistics.ts'

type Lookup = Partial<Insertable<Tables['glpi_plugin_callmanager_lookups']>> & { looked_up_at: number }

const HOUR = 3_600_000
const DAY = 24 * HOUR

const at = (time: string): number => Date.parse(time)

function lookUp(storage: Storage, ...lookups: Lookup[]): Promise<void> {
  const rows = lookups.map((lookup) => ({
    users_id: 1,
    impersonator_id: 0,
    entities_id: 0,
    address: '127.0.0.1',
    kind: 'rio',
    identifier_masked: '1***',
    hits: 1,
    ...lookup,
  }))
  return storage.write('normal', (tx) => storage.insertMany(tx, 'glpi_plugin_callmanager_lookups', rows))
}

forEachEngine((engine) => {
  let storage: Storage
  let alice: Agent

  function statisticsOf(of: Storage) {
    return createStatistics({
      storage: of,
      helpdesk: { decodeText: (text) => text, entityTree: createEntityTree(of) },
    })
  }
  const ask = (query: StatisticsQuery, agent = alice) => statisticsOf(storage).read(agent, query)
  const position = async () =>
    (await storage.db.selectFrom('glpi_plugin_callmanager_statistics_position').selectAll().execute())[0]
      ?.lookups_id
  const journalLength = async () =>
    (await storage.db.selectFrom('glpi_plugin_callmanager_lookups').select('id').execute()).length

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    alice = await peopleIn(storage).agent('all', EVERYTHING)
  })

  describe('look-ups are counted', () => {
    it('by what they found, whether rolled up or not, and searches are not', async () => {
      const [old, now] = [Date.now() - DAY, Date.now()]
      const both = [0, 1, 2, 100].map((hits) => ({ hits }))
      await lookUp(storage, ...both.map((lookup) => ({ ...lookup, looked_up_at: old })))
      await lookUp(storage, { looked_up_at: old, kind: 'search' })
      await rollUp(storage)
      await lookUp(storage, ...both.map((lookup) => ({ ...lookup, looked_up_at: now, kind: 'phone' })))
      await lookUp(storage, { looked_up_at: now, kind: 'search' }, { looked_up_at: now, kind: 'extension' })
      const { totals } = await ask({ by: 'agent' })
      expect(totals).toEqual({ found: 3, none: 2, several: 4, total: 9 })
    })

    it('not at all in an empty store', async () => {
      const answer = await ask({ by: 'day', from: '2026-11-01', to: '2026-11-02' })
      const nothing = { found: 0, none: 0, several: 0, total: 0 }
      expect(answer).toEqual({
        from: '2026-11-01T00:00:00Z',
        to: '2026-11-03T00:00:00Z',
        timeZone: 'UTC',
        totals: nothing,
        items: [
          { day: '2026-11-01', ...nothing },
          { day: '2026-11-02', ...nothing },
        ],
      })
      expect((await ask({ by: 'hour' })).items).toHaveLength(30 * 24 - 24 + new Date().getUTCHours() + 1)
      for (const by of ['agent', 'entity'] as const) expect((await ask({ by })).items).toEqual([])
    })

    it('by hour, with zeros where nobody looked up', async () => {
      await lookUp(
        storage,
        { looked_up_at: at('2026-05-01T10:00:00Z') },
        { looked_up_at: at('2026-05-01T10:59:59.999Z'), hits: 0 },
        { looked_up_at: at('2026-05-01T12:00:00Z') },
      )
      const { items } = await ask({ by: 'hour', from: '2026-05-01T10:00:00Z', to: '2026-05-01T13:00:00Z' })
      expect(items.map(({ hour, total }) => [hour, total])).toEqual([
        ['2026-05-01T10:00:00Z', 2],
        ['2026-05-01T11:00:00Z', 0],
        ['2026-05-01T12:00:00Z', 1],
      ])
    })

    it('by day of the time zone, however long it is', async () => {
      const perHour = Array.from({ length: 72 }, (_, hour) => at('2026-10-24T00:30:00Z') + hour * HOUR)
      await lookUp(storage, ...perHour.map((looked_up_at) => ({ looked_up_at })))
      await rollUp(storage)
      const days = async (from: string, to: string) =>
        (await ask({ by: 'day', from, to, timeZone: 'Europe/Paris' })).items.map(({ day, total }) => [
          day,
          total,
        ])
      expect(await days('2026-10-24', '2026-10-26')).toEqual([
        ['2026-10-24', 22],
        ['2026-10-25', 25],
        ['2026-10-26', 24],
      ])
    })

    it('by agent, the most first, by the names of those who are there and to be seen', async () => {
      const people = peopleIn(storage)
      await people.addEntity(5, 'Villefranche')
      const name = engine.asStored("O'Brien <b> 👩‍💻")
      const [alicia, bob, gone] = [
        await people.addUser({ login: 'alicia', realname: name, memberships: [{ entity: 5 }] }),
        await people.addUser({ login: 'bob', memberships: [{ entity: 0 }] }),
        4711,
      ]
      const looked_up_at = Date.now() - HOUR
      await lookUp(
        storage,
        ...[alicia, bob, bob, bob, gone, gone].map((users_id) => ({
          users_id,
          looked_up_at,
          entities_id: 5,
        })),
      )
      const items = async (agent: Agent) =>
        (await ask({ by: 'agent' }, agent)).items.map((item) => item.agent)
      expect(await items(await people.agent('all', EVERYTHING))).toEqual([
        { id: bob, name: 'bob' },
        { id: gone, name: '' },
        { id: alicia, name },
      ])
      // Bob belongs to another entity now.
      expect(await items(await people.agent([5], EVERYTHING))).toEqual([
        { id: bob, name: '' },
        { id: gone, name: '' },
        { id: alicia, name },
      ])
    })

    it('by entity, in the scope of who asks alone', async () => {
      const people = peopleIn(storage)
      await people.addEntity(5, 'North')
      await people.addEntity(6, 'North > Villefranche', 5)
      await people.addEntity(7, 'South')
      const looked_up_at = Date.now() - HOUR
      const rows = [0, 5, 6, 6, 7, 99].map((entities_id) => ({
        entities_id,
        users_id: entities_id,
        looked_up_at,
      }))
      await lookUp(storage, ...rows)
      const seenBy = async (agent: Agent, entity?: number) => {
        const { items, totals } = await ask(
          { by: 'entity', ...(entity !== undefined && { entityId: entity }) },
          agent,
        )
        const agents = await ask({ by: 'agent', ...(entity !== undefined && { entityId: entity }) }, agent)
        expect(agents.totals).toEqual(totals)
        return items.map((item) => [item.entity?.id, item.entity?.path, item.total])
      }
      const everywhere = await people.agent('all', EVERYTHING)
      expect(await seenBy(everywhere)).toEqual([
        [6, 'North > Villefranche', 2],
        [0, expect.any(String), 1],
        [5, 'North', 1],
        [7, 'South', 1],
        [99, '', 1],
      ])
      expect(await seenBy(everywhere, 5)).toEqual([
        [6, 'North > Villefranche', 2],
        [5, 'North', 1],
      ])
      const north = await people.agent([5], EVERYTHING)
      expect(await seenBy(north)).toEqual([[5, 'North', 1]])
      expect(await seenBy(north, 5)).toEqual([[5, 'North', 1]])
      for (const entity of [6, 7, 99]) {
        await expect(seenBy(north, entity)).rejects.toMatchObject({ code: 'entity-unknown' })
      }
      expect(await seenBy(await people.agent([], EVERYTHING))).toEqual([])
    })

    it('alike by everything, over any time, wherever they are rolled up', async () => {
      const first = at('2025-12-01T00:00:00Z')
      const lookup = fc.record({
        looked_up_at: fc.integer({ min: first, max: first + 100 * DAY }),
        users_id: fc.integer({ min: 1, max: 4 }),
        entities_id: fc.integer({ min: 0, max: 3 }),
        hits: fc.integer({ min: 0, max: 3 }),
      })
      const range = fc.tuple(fc.integer({ min: -5, max: 105 }), fc.integer({ min: 0, max: 60 * 24 }))
      await fc.assert(
        fc.asyncProperty(
          fc.array(lookup, { maxLength: 60 }),
          fc.array(lookup, { maxLength: 20 }),
          range,
          async (rolledUp, live, [day, hours]) => {
            await emptyTables(storage)
            await lookUp(storage, ...rolledUp)
            await rollUp(storage)
            await lookUp(storage, ...live)
            const from = first + day * DAY
            const to = from + hours * HOUR
            const asked = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
            const inTime = [...rolledUp, ...live].filter(
              ({ looked_up_at }) => looked_up_at >= from && looked_up_at < to,
            )
            const expected = {
              found: inTime.filter(({ hits }) => hits === 1).length,
              none: inTime.filter(({ hits }) => hits === 0).length,
              several: inTime.filter(({ hits }) => hits > 1).length,
              total: inTime.length,
            }
            for (const by of ['hour', 'day', 'agent', 'entity'] as const) {
              const { totals, items } = await ask({ by, ...asked })
              expect({ by, totals }).toEqual({ by, totals: expected })
              expect(items.reduce((sum, { total }) => sum + total, 0)).toBe(inTime.length)
              if (by !== 'agent' && by !== 'entity') continue
              const column = by === 'agent' ? 'users_id' : 'entities_id'
              for (const item of items) {
                const id = item[by]?.id
                expect(item.total).toBe(inTime.filter((one) => one[column] === id).length)
              }
            }
          },
        ),
        { numRuns: 15 },
      )
    }, 60_000)
  })

  describe('each once', () => {
    const old = Date.now() - 40 * DAY
    const many = (count: number, from = old): Lookup[] =>
      Array.from({ length: count }, (_, index) => ({
        looked_up_at: from + index * 60_000,
        users_id: index % 3,
        hits: index % 4,
      }))
    const total = async () => (await ask({ by: 'agent', from: '2020-01-01' })).totals.total

    it('by several processes at once, while more is looked up', async () => {
      await lookUp(storage, ...many(1500))
      await Promise.all([
        ...Array.from({ length: 4 }, () => rollUp(storage)),
        ...Array.from({ length: 20 }, (_, index) => lookUp(storage, ...many(10, old + index * HOUR))),
      ])
      await rollUp(storage)
      expect(await total()).toBe(1700)
      expect(await position()).toBeGreaterThan(0)
    })

    it('by questions that are asked while it is rolled up', async () => {
      await lookUp(storage, ...many(1200))
      const answers = await Promise.all([rollUp(storage), total(), total(), rollUp(storage), total()])
      expect(answers).toEqual([undefined, 1200, 1200, undefined, 1200])
    })

    it('however often it is killed', async () => {
      await lookUp(storage, ...many(300))
      let killed = 0
      for (let statements = 0; ; statements++) {
        const outcome = await rollUp(killedAfter(storage, statements)).then(
          () => 'finished',
          () => 'killed',
        )
        expect(await total()).toBe(300)
        if (outcome === 'finished') break
        killed++
      }
      expect(killed).toBeGreaterThan(4)
    })

    it('when all of the journal has been dropped, and its numbers begin again', async () => {
      const journal = createJournal(storage)
      for (let round = 1; round <= 3; round++) {
        await lookUp(storage, ...many(5))
        await rollUp(storage)
        await journal.purge(30)
        expect(await journalLength()).toBe(0)
        expect(await total()).toBe(round * 5)
      }
    })

    it('when the journal is kept for less long than is asked for', async () => {
      const journal = createJournal(storage)
      await lookUp(storage, ...many(10), { looked_up_at: Date.now() })
      // Not yet counted, and so not yet dropped.
      await journal.purge(1)
      expect(await journalLength()).toBe(11)
      await rollUp(storage)
      await journal.purge(1)
      expect(await journalLength()).toBe(1)
      expect(await total()).toBe(11)
    })

    it('when more waits than is counted live', async () => {
      await lookUp(storage, ...many(5200))
      expect(await total()).toBe(5200)
      expect(await position()).toBeGreaterThan(0)
    })

    onlyOn(engine, 'mysql', 'although a row of a lower number is committed later', async () => {
      const release = Promise.withResolvers<void>()
      const numbered = Promise.withResolvers<void>()
      const late = storage.write('normal', async (tx) => {
        const row = {
          impersonator_id: 0,
          entities_id: 0,
          address: '',
          kind: 'rio',
          identifier_masked: '',
          hits: 1,
        }
        await storage.insertMany(tx, 'glpi_plugin_callmanager_lookups', [
          { ...row, users_id: 9, looked_up_at: Date.now() },
        ])
        numbered.resolve()
        await release.promise
      })
      await numbered.promise
      await lookUp(storage, { looked_up_at: Date.now() })
      await rollUp(storage)
      expect(await total()).toBe(1)
      release.resolve()
      await late
      expect(await total()).toBe(2)
      const later = Date.now() + HOUR
      vi.useFakeTimers({ toFake: ['Date'], now: later })
      try {
        await rollUp(storage)
      } finally {
        vi.useRealTimers()
      }
      expect(await position()).toBeGreaterThan(1)
      expect(await total()).toBe(2)
    })
  })
})
