import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import type { Storage } from '../storage/storage.ts'
import { removePurgedRios } from './purged.ts'

forEachEngine((engine) => {
  describe('RIOs of purged users', () => {
    let storage: Storage
    let people: ReturnType<typeof peopleIn>
    beforeAll(async () => {
      storage = await engine.migrated()
      people = peopleIn(storage)
    })
    beforeEach(() => emptyTables(storage))

    const keptFor = async () =>
      (
        await storage.db
          .selectFrom('glpi_plugin_callmanager_users')
          .select('users_id')
          .orderBy('users_id')
          .execute()
      ).map((row) => row.users_id)

    it('are removed, and nobody else’s, in the bin or disabled', async () => {
      const alice = await people.addUser({ login: 'alice', rio: '1000001' })
      const bob = await people.addUser({ login: 'bob', rio: '1000002' })
      const binned = await people.addUser({ login: 'binned', rio: '1000003', is_deleted: 1 })
      const disabled = await people.addUser({ login: 'disabled', rio: '1000004', is_active: 0 })
      const charlie = await people.addUser({ login: 'charlie', rio: '' })
      const dora = await people.addUser({ login: 'dora', rio: '1000006' })
      await people.purgeUser(bob)
      await people.purgeUser(charlie)
      expect(await keptFor()).toEqual([alice, bob, binned, disabled, charlie, dora])
      expect(await removePurgedRios(storage)).toBe(2)
      expect(await keptFor()).toEqual([alice, binned, disabled, dora])
      expect(await removePurgedRios(storage)).toBe(0)
    })

    it('are removed however many there are', async () => {
      const first = await people.addUser({ login: 'first', rio: '1000000' })
      await people.addUsers(1300, (number) => ({ login: `person ${number}`, rio: `${2_000_000 + number}` }))
      const last = await people.addUser({ login: 'last', rio: '1000001' })
      for (let id = first + 1; id < last; id++) if (id % 100 !== 0) await people.purgeUser(id)
      const left = Array.from({ length: last - first - 1 }, (_, index) => first + 1 + index).filter(
        (id) => id % 100 === 0,
      )
      expect(await removePurgedRios(storage)).toBe(1300 - left.length)
      expect(await keptFor()).toEqual([first, ...left, last])
    })

    it('stay while users may only not be there yet, as in a table that is being filled from a dump', async () => {
      const ids = []
      for (const login of ['alice', 'bob', 'charlie']) ids.push(await people.addUser({ login, rio: login }))
      await people.purgeUser(ids[2] ?? 0)
      expect(await removePurgedRios(storage)).toBe(0)
      for (const id of ids) await people.purgeUser(id)
      expect(await removePurgedRios(storage)).toBe(0)
      expect(await keptFor()).toEqual(ids)
    })
  })
})
