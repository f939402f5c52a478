import { expect, it } from 'vitest'
import { fullScans, noting } from '../../test/support/explain.ts'
import { EVERYTHING, peopleIn } from '../../test/support/people.ts'
import { forEachEngine } from '../../test/support/storages.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import { createJournal } from '../identifiers/journal.ts'
import { rollUp } from './roll-up.ts'
import { createStatistics } from './statistics.ts'

const LOOKUPS = 20_000
const HOUR = 3_600_000

/** Read whole on purpose: there are few of them. */
const SMALL = ['glpi_entities']

forEachEngine((engine) => {
  it('counting, answering and purging read no table from end to end', async () => {
    const real = await engine.migrated()
    const people = peopleIn(real)
    for (let id = 1; id <= 20; id++) await people.addEntity(id, `Entity ${id}`)
    const users = await people.addUsers(1000, (number) => ({
      login: `user ${number}`,
      memberships: [{ entity: number % 20 }],
    }))
    const start = Date.now() - 200 * 24 * HOUR
    const rows = Array.from({ length: LOOKUPS }, (_, number) => ({
      looked_up_at: start + Math.floor((number / LOOKUPS) * 200 * 24 * HOUR),
      users_id: users[number % 50] ?? 0,
      impersonator_id: 0,
      entities_id: number % 20,
      address: '',
      kind: 'rio',
      identifier_masked: '',
      hits: number % 3,
    }))
    await real.write('normal', (tx) => real.insertMany(tx, 'glpi_plugin_callmanager_lookups', rows))

    const { storage, asked } = noting(real)
    await rollUp(storage)
    await createJournal(storage).purge(180)
    const entityTree = createEntityTree(real)
    const statistics = createStatistics({ storage, helpdesk: { decodeText: (text) => text, entityTree } })
    for (const agent of [await people.agent('all', EVERYTHING), await people.agent([3, 4], EVERYTHING)]) {
      for (const by of ['hour', 'day', 'agent', 'entity'] as const) {
        await statistics.read(agent, { by, from: new Date(Date.now() - 80 * 24 * HOUR).toISOString() })
      }
    }
    expect(asked.length).toBeGreaterThan(30)
    const distinct = new Map(asked.map((query) => [query.sql, query]))
    for (const query of distinct.values()) {
      expect({ query: query.sql, scans: await fullScans(real, query, SMALL) }).toEqual({
        query: query.sql,
        scans: [],
      })
    }
  }, 60_000)
})
