import { expect, it } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { fullScans, noting } from '../../test/support/explain.ts'
import { EVERYTHING, LOCAL, PROFILES, peopleIn } from '../../test/support/people.ts'
import { analyse, forEachEmbeddedEngine, forEachHost } from '../../test/support/storages.ts'
import { createAccounts } from '../helpdesk/embedded/accounts.ts'
import { createUserWrites } from '../helpdesk/embedded/users.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createUserReads } from './user-reads.ts'

const USERS = 6000
const LARGE = 1
const SMALL_ONE = 2

/** Read whole on purpose, by the names the queries give them: there are few of them. */
const SMALL = [
  'glpi_entities',
  'glpi_locations',
  'entity',
  'location',
  'glpi_profiles',
  'profile',
  'glpi_plugin_callmanager_configs',
]

async function fill(storage: Storage): Promise<number[]> {
  const people = peopleIn(storage)
  await people.addEntity(LARGE, 'Large')
  await people.addEntity(SMALL_ONE, 'Small')
  const ids = await people.addUsers(USERS, (number) => ({
    login: `user ${number}`,
    realname: number % 50 === 0 ? null : `Name ${number % 700}`,
    ...(number % 2 === 0 && { rio: String(1_000_000 + number) }),
    memberships: [{ entity: number % 60 === 0 ? SMALL_ONE : LARGE }],
  }))
  const host = asHost(storage)
  await host.write('normal', (tx) =>
    host.insertMany(
      tx,
      'glpi_useremails',
      ids.map((id) => ({ users_id: id, email: `user${id}@example.org` })),
    ),
  )
  await analyse(storage)
  return ids
}

/** Asks for everything that there is to ask about people. */
async function everyReading(real: Storage) {
  const ids = await fill(real)
  const { storage, asked } = noting(real)
  const settings = createSettings(real)
  const reads = createUserReads({
    storage,
    settings,
    entityTree: createEntityTree(real),
    decodeText: (stored) => stored,
  })
  const people = peopleIn(real)
  const everyone = await people.agent('all', EVERYTHING, 999_999)
  const large = await people.agent([LARGE], EVERYTHING)
  const small = await people.agent([SMALL_ONE], EVERYTHING)
  for (const agent of [everyone, large, small]) {
    for (const sort of ['name', '-name', 'login', '-login', 'id', '-id'] as const) {
      const first = await reads.list(agent, { sort, rio: 'with' })
      expect(first.items).toHaveLength(25)
      await reads.list(agent, { sort, active: true, cursor: first.cursor ?? '' })
    }
  }
  const [first = 0] = ids
  await reads.read(everyone, first)
  await reads.history(everyone, first, {})
  return { asked, storage, settings, everyone, ids }
}

/** And writes what can be written of them, where that is done by SQL. */
async function everyQuery(real: Storage) {
  const { asked, storage, settings, everyone, ids } = await everyReading(real)
  const [one = 0, other = 0, third = 0] = ids
  const users = createUserWrites(storage)
  const accounts = createAccounts(storage, settings)
  const alice = { ...everyone, profileId: PROFILES.superAdmin }
  await users.create(alice, { login: 'dora', entityId: 0, emails: ['dora@example.org'] })
  await users.update(alice, one, { lastname: 'Durand', emails: ['new@example.org'], enabled: false })
  await accounts.setPassword(alice, LOCAL, one, 'long enough')
  await accounts.setProfiles(alice, one, [
    { profileId: PROFILES.technician, entityId: LARGE, recursive: false },
  ])
  await accounts.bin(alice, LOCAL, other)
  await accounts.purge(alice, LOCAL, third)
  return asked
}

forEachEmbeddedEngine((engine) => {
  it('reads by indexes, whatever is asked about people', async () => {
    const storage = await engine.migrated()
    const asked = await everyQuery(storage)
    expect(asked.length).toBeGreaterThan(100)
    for (const query of asked) expect(await fullScans(storage, query, SMALL), query.sql).toEqual([])
  })
})

forEachHost((engine) => {
  it('reads by the indexes of a host, whatever is asked about people', async () => {
    const storage = await engine.migrated()
    const { asked } = await everyReading(storage)
    expect(asked.length).toBeGreaterThan(50)
    for (const query of asked) expect(await fullScans(storage, query, SMALL), query.sql).toEqual([])
  })
})
