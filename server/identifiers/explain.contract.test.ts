import { CompiledQuery } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { fullScans } from '../../test/support/explain.ts'
import { addLogLines, hostTimeIn, peopleIn } from '../../test/support/people.ts'
import { analyse, forEachEngine } from '../../test/support/storages.ts'
import { createAgents } from '../helpdesk/agents.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import { compilePrepared, type PreparedSql } from '../storage/prepared.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import { changesSince } from './catch-up.ts'
import { createFinder } from './find.ts'
import { createFollower } from './follow.ts'
import { createJournal } from './journal.ts'
import { selectPosition } from './position.ts'
import { createSearch } from './search.ts'

/** Lists of ids have a fixed length; what is not needed of it names nobody. */
const listOf = (name: string) =>
  Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`${name}${index}`, index === 0 ? 5 : -1]))

/** A value for every parameter that the prepared queries name. */
const VALUES: Record<string, string | number> = {
  ...listOf('number'),
  ...listOf('id'),
  from: '2000500',
  to: '2000501',
  otherFrom: 'user',
  otherTo: 'users',
  identifier_key: '2000500',
  users_id: 0,
  kind: 'rio',
  key: '2000500',
  after: 0,
  source: 'custom_table',
  value: '2000500',
  usersId: 500,
  profilesId: 6,
}

/** Read whole on purpose: they are small, and their answers are remembered. */
const SMALL = [
  'glpi_entities',
  'entity',
  'location',
  'glpi_apiclients',
  'glpi_plugin_callmanager_configs',
  'state',
  'glpi_plugin_callmanager_index',
]

/** Collects what is prepared, instead of running it. */
function collecting(storage: Storage): { storage: Storage; queries: PreparedSql<Record<string, unknown>>[] } {
  const queries: PreparedSql<Record<string, unknown>>[] = []
  return {
    queries,
    storage: {
      ...storage,
      prepare(build) {
        queries.push(compilePrepared(storage.db, build) as unknown as PreparedSql<Record<string, unknown>>)
        return async () => []
      },
    },
  }
}

/** Every query that a look-up prepares. */
function preparedQueries(real: Storage): { name: string; query: PreparedSql<Record<string, unknown>> }[] {
  const found: { name: string; query: PreparedSql<Record<string, unknown>> }[] = []
  const from = (name: string, prepare: (storage: Storage) => unknown) => {
    const { storage, queries } = collecting(real)
    prepare(storage)
    found.push(...queries.map((query, index) => ({ name: `${name} ${index + 1}`, query })))
  }
  from('find', (storage) => createFinder(storage))
  from('search', (storage) =>
    createSearch({ storage, journal: createJournal(real), onAnswer: () => undefined }),
  )
  from('position', (storage) =>
    createFollower(
      {
        storage,
        settings: createSettings(real),
        entityTree: createEntityTree(real),
        decodeText: (stored) => stored,
      },
      () => undefined,
    ),
  )
  from('agents', (storage) => createAgents(storage, createEntityTree(real)))
  return found
}

/** The steps of a query's plan that read a table from end to end. */
function scansOf(storage: Storage, query: PreparedSql<Record<string, unknown>>): Promise<string[]> {
  const values = query.values(VALUES)
  expect(values).not.toContain(undefined)
  return fullScans(storage, { sql: query.sql, values }, SMALL)
}

async function fill(storage: Storage): Promise<void> {
  const people = peopleIn(storage)
  for (let id = 1; id <= 20; id++) await people.addEntity(id, `Entity ${id}`)
  const users: number[] = []
  for (let second = 0; second < 20; second++) {
    const added = await people.addUsers(
      100,
      (index) => {
        const number = second * 100 + index
        return {
          login: `user ${number}`,
          rio: String(2_000_000 + number),
          phone: `01${String(number).padStart(8, '0')}`,
          memberships: [{ entity: number % 20 }],
        }
      },
      { at: hostTimeIn(second - 20) },
    )
    users.push(...added)
  }
  const host = asHost(storage)
  await host.write('normal', async (tx) => {
    await host.insertMany(
      tx,
      'glpi_useremails',
      users.map((id) => ({ users_id: id, email: `user${id}@example.org` })),
    )
    for (let round = 0; round < 5; round++) await addLogLines(tx, users, hostTimeIn(-round))
  })
  await bringUpToDate({
    storage,
    settings: createSettings(storage),
    entityTree: createEntityTree(storage),
    decodeText: (stored) => stored,
  })
}

forEachEngine((engine) => {
  let storage: Storage

  beforeAll(async () => {
    storage = await engine.migrated()
    await fill(storage)
    await analyse(storage)
  })

  it('reads by indexes in every prepared query', async () => {
    const prepared = preparedQueries(storage)
    const counts = Map.groupBy(prepared, ({ name }) => name.split(' ')[0])
    for (const room of ['find', 'search', 'position', 'agents'])
      expect(counts.get(room)?.length).toBeGreaterThan(0)
    for (const { name, query } of prepared)
      expect(await scansOf(storage, query), `${name}: ${query.sql}`).toEqual([])
  })

  it('reads no more of an index than what has changed', async () => {
    const position = await selectPosition(storage.db, engine.name).executeTakeFirstOrThrow()
    const { users, rios } = changesSince(storage.db, position)
    const ranges = [...users.map((one) => one.limit(500)), ...rios.map((one) => one.limit(500))]
    for (const { sql: text, parameters } of ranges.map((one) => one.compile())) {
      const { rows } = await storage.db.executeQuery<{ detail?: string; type?: string }>(
        CompiledQuery.raw(`explain ${engine.name === 'sqlite' ? 'query plan ' : ''}${text}`, [...parameters]),
      )
      expect(rows.length).toBeGreaterThan(0)
      for (const { detail, type } of rows) {
        expect(`${detail ?? type} of ${text}`).toMatch(/^(SEARCH .* USING (COVERING )?INDEX|ref|range|const)/)
      }
    }
  })

  it('would notice a table that is read whole', async () => {
    const query = compilePrepared(storage.db, (db, params: { value: string }) =>
      db.selectFrom('glpi_users').select('id').where('registration_number', '=', params.value),
    )
    expect(await scansOf(storage, query as unknown as PreparedSql<Record<string, unknown>>)).toHaveLength(1)
  })
})
