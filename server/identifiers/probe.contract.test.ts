import { CompiledQuery } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EVERYTHING, hostTimeIn, LOCAL, type People, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine, onlyOn } from '../../test/support/storages.ts'
import { createAgents } from '../helpdesk/agents.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { logSlack } from '../storage/dialect.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import { createFollower } from './follow.ts'
import { createJournal } from './journal.ts'
import { createLookups } from './lookup.ts'
import { selectStanding } from './position.ts'

/** A storage that counts what it is asked, and how many journeys to it follow one another. */
function counting(real: Storage) {
  const asked = { reads: 0, writes: 0, appends: 0, depth: 0 }
  let under = 0
  async function journey<Result>(work: () => Promise<Result>): Promise<Result> {
    if (under++ === 0) asked.depth++
    return work().finally(() => under--)
  }
  const storage: Storage = {
    ...real,
    prepare(build) {
      const read = real.prepare(build)
      return (params) => {
        asked.reads++
        return journey(() => read(params))
      }
    },
    write(durability, work) {
      asked.writes++
      return journey(() => real.write(durability, work))
    },
    append(table, rows) {
      asked.appends++
      return journey(() => real.append(table, rows))
    },
  }
  return { storage, asked }
}

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
    alice = await people.agent('all', EVERYTHING)
  })

  function processOn(real: Storage) {
    const { storage, asked } = counting(real)
    const settings = createSettings(storage)
    const entityTree = createEntityTree(storage)
    const dependencies = { storage, settings, entityTree, decodeText: (stored: string) => stored }
    const follow = createFollower(dependencies, () => undefined)
    const journal = createJournal(storage)
    const lookups = createLookups({ storage, follow, journal, onAnswer: () => undefined })
    const byRio = async (rio: string) => (await lookups.byRio(alice, LOCAL, rio)).map(({ id }) => id)
    return { storage, asked, dependencies, entityTree, lookups, byRio, follow }
  }

  const addOtherLogs = (count: number) =>
    storage.write('normal', (tx) =>
      storage.insertMany(
        tx,
        'glpi_logs',
        Array.from({ length: count }, (_, number) => ({
          itemtype: 'Computer',
          items_id: number,
          itemtype_link: '',
          user_name: 'Bob (7)',
          date_mod: hostTimeIn(0),
          old_value: '',
          new_value: '',
        })),
      ),
    )

  onlyOn(
    engine,
    'mysql',
    'answers a look-up that comes alone in two journeys, account and journal included',
    async () => {
      const id = await people.addUser({
        login: 'alice',
        rio: '1234567',
        memberships: [{ entity: 0, profile: 4 }],
      })
      const one = processOn(storage)
      await bringUpToDate(one.dependencies)
      const readAgent = createAgents(one.storage, one.entityTree)
      const facts = {
        sessionKey: 'session',
        usersId: id,
        profilesId: 4,
        impersonatorId: null,
        entityId: 0,
        isRecursive: false,
        activeEntities: (given: ReadonlySet<number>) => given,
        activeChoice: 'all',
      }
      // Settings and the entity tree are remembered.
      await one.byRio('1234567')
      Object.assign(one.asked, { reads: 0, writes: 0, appends: 0, depth: 0 })
      // A host's profiles have none of our rights by themselves.
      const asker = readAgent(facts).then((agent) => ({ ...agent, rights: alice.rights }))
      expect(await one.lookups.byRio(asker, LOCAL, '1234567')).toMatchObject([{ id }])
      expect(one.asked).toEqual({ reads: 2, writes: 0, appends: 1, depth: 2 })
    },
  )

  it('shares the probe among look-ups that come together', async () => {
    const ids = await people.addUsers(8, (number) => ({ login: `user ${number}`, rio: `123456${number}` }))
    const one = processOn(storage)
    await bringUpToDate(one.dependencies)
    await one.byRio('1234560')
    one.asked.reads = 0
    const found = await Promise.all(ids.map((_, number) => one.byRio(`123456${number}`)))
    expect(found).toEqual(ids.map((id) => [id]))
    expect(one.asked.reads).toBe(8 + 1)
  })

  describe('history of other things', () => {
    onlyOn(engine, 'mysql', 'makes no look-up write, until much of it has come', async () => {
      const id = await people.addUser({ login: 'alice', rio: '1234567' })
      const one = processOn(storage)
      await bringUpToDate(one.dependencies)
      expect(await one.byRio('1234567')).toEqual([id])
      one.asked.writes = 0
      for (let round = 0; round < 10; round++) {
        await addOtherLogs(logSlack.mysql / 10)
        expect(await one.byRio('1234567')).toEqual([id])
      }
      expect(one.asked.writes).toBe(0)
      await addOtherLogs(1)
      expect(await one.byRio('1234567')).toEqual([id])
      expect(one.asked.writes).toBe(1)
      // For every process.
      const other = processOn(storage)
      expect(await other.byRio('1234567')).toEqual([id])
      expect(other.asked.writes).toBe(0)
    })

    it.each([0, 1, 299, 300, 301, 1000])('hides no change behind %i lines of it', async (count) => {
      const id = await people.addUser({ login: 'alice', phone: '0123456789' })
      const one = processOn(storage)
      await bringUpToDate(one.dependencies)
      const byPhone = async (key: string) =>
        (await one.lookups.byNumber(alice, LOCAL, { kind: 'phone', key }, key)).map(({ id }) => id)
      await addOtherLogs(count)
      await people.changeUser(id, { phone: '0123456780' }, { at: hostTimeIn(-3600) })
      await addOtherLogs(2)
      expect(await byPhone('+33123456780')).toEqual([id])
      expect(await byPhone('+33123456789')).toEqual([])
    })

    it('hides no change that takes the place of a line that was purged', async () => {
      const [alicesId, bobsId] = [
        await people.addUser({ login: 'alice', phone: '0123456789' }),
        await people.addUser({ login: 'bob' }),
      ]
      const one = processOn(storage)
      await bringUpToDate(one.dependencies)
      await one.byRio('none')
      await people.purgeUser(bobsId)
      await people.changeUser(alicesId, { phone: '0123456780' }, { at: hostTimeIn(-3600) })
      const key = '+33123456780'
      expect(await one.lookups.byNumber(alice, LOCAL, { kind: 'phone', key }, key)).toMatchObject([
        { id: alicesId },
      ])
    })

    onlyOn(engine, 'mysql', 'hides no change that is committed late, in the middle of it', async () => {
      const id = await people.addUser({ login: 'alice', phone: '0123456789' })
      // So many that the newest two hundred are all there, before and behind the one that is to come.
      await addOtherLogs(300)
      const one = processOn(storage)
      await bringUpToDate(one.dependencies)
      const { released, committed } = await people.changePhoneLate(id, '0123456780')
      await addOtherLogs(150)
      await one.follow()
      await people.changeUser(await people.addUser({ login: 'bob' }), { firstname: 'Bob' })
      await one.follow()
      released.resolve()
      await committed
      const key = '+33123456780'
      expect(await one.lookups.byNumber(alice, LOCAL, { kind: 'phone', key }, key)).toMatchObject([{ id }])
    })
  })

  onlyOn(engine, 'mysql', 'reads few lines of history, however far behind the index is', async () => {
    const one = processOn(storage)
    await bringUpToDate(one.dependencies)
    await people.addUsers(2000, (number) => ({ login: `user ${number}` }))
    const { sql: text, parameters } = selectStanding(storage.db, engine.name).compile()
    const { rows } = await storage.db.executeQuery<{ table: string | null; r_rows: string | number | null }>(
      CompiledQuery.raw(`analyze ${text}`, [...parameters]),
    )
    const read = rows.map(({ table, r_rows: read }) => (table === 'glpi_logs' ? Number(read) : 0))
    expect(read.length).toBeGreaterThan(0)
    expect(Math.max(...read)).toBeLessThanOrEqual(logSlack.mysql)
  })
})
