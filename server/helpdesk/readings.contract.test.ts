import { beforeAll, expect, it, test } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, type People, PROFILES, peopleIn } from '../../test/support/people.ts'
import { forEachEngine } from '../../test/support/storages.ts'
import { ticketsIn } from '../../test/support/tickets.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'
import { createPlaceReads, type PlaceReads } from './places.ts'
import { demandCategoryFits } from './ticket-category.ts'

const LYON = 1
const BRON = 2
const LILLE = 3

/** What every helpdesk's tables are read for beside people and tickets. */
forEachEngine((engine) => {
  let storage: Storage
  let helpdesk: Helpdesk
  let places: PlaceReads
  let people: People
  let alice: Agent
  let bob: Agent
  let phones: number

  beforeAll(async () => {
    storage = await engine.migrated()
    people = peopleIn(storage)
    helpdesk = helpdeskOf(storage, createSettings(storage))
    places = createPlaceReads(storage, (stored) => stored)
    await people.addEntity(LYON, 'Lyon')
    await people.addEntity(BRON, 'Bron', LYON)
    await people.addEntity(LILLE, 'Lille')
    await people.addLocation('Building A')
    const tickets = ticketsIn(storage)
    phones = await tickets.addCategory({ name: 'Phones', entities_id: LYON, is_recursive: 1, is_request: 0 })
    await tickets.addCategory({ name: 'Elsewhere', entities_id: LILLE })
    await people.addUser({
      id: 101,
      login: 'alice',
      realname: 'Martin',
      memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }, { entity: LYON }],
    })
    alice = { ...(await people.agent('all', EVERYTHING, 101)), profileId: PROFILES.superAdmin }
    bob = await people.agent([BRON], EVERYTHING, 102)
  })

  const names = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name)

  it('entities, as far as they are in scope, in the order of their paths', async () => {
    expect(names(await places.entities.list(alice, {}))).toEqual(['Bron', 'Lille', 'Lyon', 'Root entity'])
    expect(names(await places.entities.list(bob, {}))).toEqual(['Bron'])
    expect((await places.entities.read(alice, 0)).place.parentId).toBeNull()
    expect((await places.entities.read(bob, BRON)).place.parentId).toBe(LYON)
    await expect(places.entities.read(bob, LYON)).rejects.toMatchObject({ code: 'entity-unknown' })
  })

  it('in pages, whatever a cursor is made of', async () => {
    const first = await places.entities.list(alice, { limit: 2 })
    const rest = await places.entities.list(alice, { limit: 2, cursor: first.cursor ?? '' })
    expect([...names(first), ...names(rest)]).toEqual(['Bron', 'Lille', 'Lyon', 'Root entity'])
    const strange = Buffer.from(JSON.stringify(['📞', 1])).toString('base64url')
    const page = places.entities.list(alice, { cursor: strange })
    // It stands behind all letters, where there are none left.
    if (engine.asStored('📞') === '📞') expect(names(await page)).toEqual([])
    else await expect(page).rejects.toMatchObject({ code: 'value-refused', field: 'cursor' })
  })

  it('locations, categories and sources of tickets', async () => {
    expect(names(await places.locations.list(alice, {}))).toEqual(['Building A'])
    expect(names(await places.listCategories(alice, {}))).toEqual(['Elsewhere', 'Phones'])
    expect(names(await places.listCategories(bob, {}))).toEqual(['Phones'])
    expect(names(await places.listCategories(bob, { type: 'request' }))).toEqual([])
    expect(names(await places.listRequestTypes(alice, {}))).toEqual([
      'Helpdesk',
      'E-Mail',
      'Phone',
      'Direct',
      'Written',
      'Other',
    ])
  })

  test.each([
    ['of an entity above, recursive', 'incident', BRON, true],
    ['not meant for such tickets', 'request', BRON, false],
    ['of another entity', 'incident', LILLE, false],
  ] as const)('whether a ticket may have a category %s', async (_what, type, entityId, fits) => {
    const tree = await helpdesk.entityTree()
    const asked = demandCategoryFits(storage.db, tree, { categoryId: phones, type, entityId })
    if (fits) await asked
    else await expect(asked).rejects.toMatchObject({ code: 'value-refused', field: 'categoryId' })
  })

  it('profiles with our two rights, as they are at this moment', async () => {
    const { items } = await helpdesk.profiles.list({})
    expect(names({ items })).toEqual([
      'Self-Service',
      'Observer',
      'Admin',
      'Super-Admin',
      'Hotliner',
      'Technician',
      'Supervisor',
      'Read-Only',
    ])
    const { tag } = await helpdesk.profiles.read(PROFILES.technician)
    await asHost(storage).write('normal', async (tx) => {
      const right = { profiles_id: PROFILES.technician, name: 'plugin_callmanager_config' }
      await tx
        .deleteFrom('glpi_profilerights')
        .where(({ and }) => and(right))
        .execute()
      await tx
        .insertInto('glpi_profilerights')
        .values({ ...right, rights: 2 })
        .execute()
    })
    expect((await helpdesk.profiles.read(PROFILES.technician)).tag).not.toBe(tag)
  })

  it('what there is to tell of a session', async () => {
    expect(await helpdesk.describe(alice)).toMatchObject({
      user: { id: 101, login: 'alice', lastname: 'Martin' },
      profile: { id: PROFILES.superAdmin, name: 'Super-Admin', rights: { user: 7327, ticket: 261_151 } },
      profiles: [{ name: 'Self-Service' }, { name: 'Super-Admin' }],
      activeEntities: [0, LYON, BRON, LILLE],
      parentEntities: [],
      entity: { id: 0, name: 'Root entity' },
      showsAllEntities: true,
    })
  })
})
