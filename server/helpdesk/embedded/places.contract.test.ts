import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EVERYTHING, type People, PROFILES, peopleIn } from '../../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import { putSetting } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agent, PlaceWrites } from '../helpdesk.ts'
import { createPlaceReads, type PlaceReads } from '../places.ts'
import { createEntityWrites } from './entities.ts'
import { createLocationWrites } from './locations.ts'

const ALICE = 1

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let people: People
  let reads: PlaceReads
  let places: PlaceWrites
  let forgotten: number

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addUser({
      id: ALICE,
      login: 'alice',
      memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }],
    })
    forgotten = 0
    places = {
      entities: createEntityWrites(storage, () => forgotten++),
      locations: createLocationWrites(storage),
    }
    reads = createPlaceReads(storage, (stored) => stored)
  })

  /** Alice with the scope of this moment. */
  const alice = async (): Promise<Agent> => ({
    ...(await people.agent('all', EVERYTHING, ALICE)),
    profileId: PROFILES.superAdmin,
  })
  const entity = async (name: string, parentId = 0) =>
    places.entities.create(await alice(), { name, parentId })
  const pathOf = async (id: number) => (await reads.entities.made(id)).place.path

  describe('entities', () => {
    it('made at the same time get ids of their own, and each forgets the tree that was remembered', async () => {
      const agent = await alice()
      const ids = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          places.entities.create(agent, { name: `Entity ${number}`, parentId: 0 }),
        ),
      )
      expect(ids.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
      expect(forgotten).toBe(12)
    })

    it('of one name made at the same time are one', async () => {
      const agent = await alice()
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, () => places.entities.create(agent, { name: 'Lyon', parentId: 0 })),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toMatchObject({ code: 'conflict', field: 'name' })
        }
      }
    })

    it('moved below each other at the same time make no circle', async () => {
      const [one, other] = [await entity('One'), await entity('Other')]
      const agent = await alice()
      await Promise.allSettled([
        places.entities.change(agent, one, { parentId: other }, '*'),
        places.entities.change(agent, other, { parentId: one }, '*'),
      ])
      const parents = await storage.db.selectFrom('glpi_entities').select(['id', 'entities_id']).execute()
      const parentOf = new Map(parents.map((row) => [row.id, row.entities_id]))
      expect(parentOf.get(one) === other && parentOf.get(other) === one).toBe(false)
      expect([await pathOf(one), await pathOf(other)].toSorted()[0]).toMatch(/^Root entity > (One|Other)$/)
    })

    it.each([
      ['where entities have countries of their own', true],
      ['nowhere else', false],
    ])('that moves has its people’s numbers read anew %s', async (_where, hasCountry) => {
      const [reunion, lyon] = [await entity('La Réunion'), await entity('Lyon')]
      await storage.write('normal', async (tx) => {
        await tx.updateTable('glpi_plugin_callmanager_index').set({ rebuild_after: null }).execute()
        if (hasCountry) await putSetting(tx, `default_country.${reunion}`, 'RE')
      })
      await places.entities.change(await alice(), lyon, { parentId: reunion }, '*')
      const state = storage.db.selectFrom('glpi_plugin_callmanager_index').select('rebuild_after')
      expect(await state.execute()).toEqual([{ rebuild_after: hasCountry ? 0 : null }])
    })

    it('carry deep trees along', async () => {
      const ids = [await entity('0')]
      for (let depth = 1; depth < 12; depth++) ids.push(await entity(String(depth), ids.at(-1)))
      const elsewhere = await entity('Elsewhere')
      await places.entities.change(await alice(), ids[1] ?? 0, { parentId: elsewhere, name: 'moved' }, '*')
      expect(await pathOf(ids.at(-1) ?? 0)).toBe(
        'Root entity > Elsewhere > moved > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9 > 10 > 11',
      )
      expect(await pathOf(ids[0] ?? 0)).toBe('Root entity > 0')
    })

    it('are listed in order, page by page, everyone once', async () => {
      for (const name of ['Lyon', 'Évreux', 'lille', 'Brest', '👩‍💻', 'Arles', '<b>']) {
        const id = await entity(name)
        await entity('Accueil', id)
        await entity('Zone', id)
      }
      const agent = await alice()
      const all = (await reads.entities.list(agent, { limit: 100 })).items.map(({ id }) => id)
      expect(new Set(all).size).toBe(22)
      const paged: number[] = []
      for (let cursor: string | undefined, pages = 0; pages < 30; pages++) {
        const page = await reads.entities.list(agent, { limit: 3, ...(cursor !== undefined && { cursor }) })
        paged.push(...page.items.map(({ id }) => id))
        if (page.cursor === null) break
        cursor = page.cursor
      }
      expect(paged).toEqual(all)
      const found = await reads.entities.list(agent, { q: 'EVREUX accueil' })
      expect(found.items.map(({ path }) => path)).toEqual(['Root entity > Évreux > Accueil'])
    })
  })

  describe('locations', () => {
    it('carry what lies within along, whatever entity it belongs to', async () => {
      const lyon = await entity('Lyon')
      const agent = await alice()
      const site = await places.locations.create(agent, { name: 'Site', entityId: 0, recursive: true })
      const room = await places.locations.create(agent, { name: 'Room', entityId: lyon, parentId: site })
      const desk = await places.locations.create(agent, { name: 'Desk', entityId: lyon, parentId: room })
      await places.locations.change(agent, site, { name: 'Campus' }, '*')
      expect((await reads.locations.made(desk)).place.path).toBe('Campus > Room > Desk')
      await places.locations.change(agent, room, { parentId: null }, '*')
      expect((await reads.locations.made(desk)).place.path).toBe('Room > Desk')
      expect((await reads.locations.made(room)).place.parentId).toBeNull()
    })

    it('do not lie within themselves, nor twice beside each other', async () => {
      const agent = await alice()
      const site = await places.locations.create(agent, { name: 'Site', recursive: true })
      const room = await places.locations.create(agent, { name: 'Room', parentId: site, recursive: true })
      await expect(places.locations.change(agent, site, { parentId: room }, '*')).rejects.toMatchObject({
        code: 'value-refused',
        field: 'parentId',
      })
      await expect(places.locations.create(agent, { name: 'Room', parentId: site })).rejects.toMatchObject({
        code: 'conflict',
        field: 'name',
      })
    })
  })
})
