import { beforeAll, beforeEach, expect, it } from 'vitest'
import { EVERYTHING, type People, PROFILES, peopleIn } from '../../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agent } from '../helpdesk.ts'
import { createProfileReads } from '../profiles.ts'
import { createProfileWrites } from './profiles.ts'

const NONE = { config: { update: false }, access: { read: false, update: false } }
const CONFIG = { ...NONE, config: { update: true } }

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let people: People
  let alice: Agent
  let profiles: ReturnType<typeof createProfileReads> & ReturnType<typeof createProfileWrites>

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    profiles = { ...createProfileReads(storage, (text) => text), ...createProfileWrites(storage) }
    alice = await people.agent('all', EVERYTHING)
    await people.addUser({ login: 'super', memberships: [{ entity: 0, profile: PROFILES.superAdmin }] })
    await people.addUser({ login: 'reader', memberships: [{ entity: 0, profile: PROFILES.readOnly }] })
    for (const id of [PROFILES.superAdmin, PROFILES.readOnly])
      await profiles.setRights(alice, id, CONFIG, '*')
  })

  it('lets one of two pass who take the right from each other’s profile at the same moment', async () => {
    const outcomes = await Promise.allSettled(
      [PROFILES.superAdmin, PROFILES.readOnly].map((id) => profiles.setRights(alice, id, NONE, '*')),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'last-administrator' },
    })
  })

  it('lets one of many pass who have seen the same', async () => {
    const { tag } = await profiles.read(PROFILES.technician)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        profiles.setRights(
          alice,
          PROFILES.technician,
          { config: { update: true }, access: { read: true, update: index % 2 === 0 } },
          new Set([tag]),
        ),
      ),
    )
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(failures).toEqual(Array(7).fill('changed-meanwhile'))
    await profiles.setRights(alice, PROFILES.technician, NONE, '*')
  })

  it('keeps one row of each right', async () => {
    await storage.write('normal', (tx) =>
      tx.deleteFrom('glpi_profilerights').where('profiles_id', '=', PROFILES.technician).execute(),
    )
    for (const rights of [CONFIG, NONE, { ...NONE, access: { read: true, update: false } }, NONE]) {
      await profiles.setRights(alice, PROFILES.technician, rights, '*')
    }
    const rows = await storage.db
      .selectFrom('glpi_profilerights')
      .select(['name', 'rights'])
      .where('profiles_id', '=', PROFILES.technician)
      .orderBy('name')
      .execute()
    expect(rows).toEqual([
      { name: 'plugin_callmanager_access', rights: 0 },
      { name: 'plugin_callmanager_config', rights: 0 },
    ])
  })

  it.each([['WyJhIl0'], ['W251bGxd']])('refuses a cursor of something else: %s', async (cursor) => {
    await expect(profiles.list({ cursor })).rejects.toMatchObject({ code: 'value-refused' })
  })

  it('needs the right', async () => {
    const without = { ...alice, rights: { ...EVERYTHING, config: 1 } }
    await expect(profiles.setRights(without, PROFILES.technician, CONFIG, '*')).rejects.toMatchObject({
      code: 'right-missing',
    })
  })
})
