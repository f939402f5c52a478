import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EVERYTHING, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine, forEachEngine } from '../../test/support/storages.ts'
import { ticketsIn } from '../../test/support/tickets.ts'
import type { Storage } from '../storage/storage.ts'
import { createTicketWrites } from './embedded/tickets.ts'
import { createEntityTree } from './entity-tree.ts'
import type { Agent, Helpdesk, NewTicket, Once } from './helpdesk.ts'
import { makeOnce, purgeKeys } from './idempotency.ts'

const REPEATS = 50

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let writes: Helpdesk['tickets']
  let alice: Agent
  let ticket: NewTicket

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    const people = peopleIn(storage)
    writes = createTicketWrites({
      storage,
      entityTree: createEntityTree(storage),
      phoneSource: async () => 3,
    })
    await people.addUser({ id: 2, login: 'alice' })
    alice = await people.agent('all', EVERYTHING, 2)
    const requesterId = await people.addUser({ login: 'dora' })
    ticket = {
      requesterId,
      title: 'No tone',
      description: '',
      type: 'incident',
      urgency: 3,
      categoryId: 0,
    }
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const once = (key: string, hash = 'the same'): Once => ({ key, hash })
  const count = async (
    table: 'glpi_tickets' | 'glpi_itilfollowups' | 'glpi_plugin_callmanager_idempotency',
  ) => (await storage.db.selectFrom(table).selectAll().execute()).length

  describe('a request under a key', () => {
    it('is done once, however often it is repeated at the same moment', async () => {
      const made = await Promise.all(
        Array.from({ length: REPEATS }, () => writes.create(alice, ticket, once('k'))),
      )
      expect(new Set(made.map(({ id }) => id)).size).toBe(1)
      expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(await count('glpi_tickets')).toBe(1)
      expect(await storage.db.selectFrom('glpi_tickets_users').selectAll().execute()).toHaveLength(1)
    })

    it('is done once for a followup too', async () => {
      const ticketId = await ticketsIn(storage).addTicket({})
      const followup = { ticketId, content: 'Called back', isPrivate: false }
      const made = await Promise.all(
        Array.from({ length: REPEATS }, () => writes.addFollowup(alice, followup, once('k'))),
      )
      expect(new Set(made.map(({ id }) => id)).size).toBe(1)
      expect(await count('glpi_itilfollowups')).toBe(1)
    })

    it('is answered from what it made, and another one refused, also among many', async () => {
      const first = await writes.create(alice, ticket, once('k'))
      expect(first.replayed).toBe(false)
      const answers = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          writes.create(alice, ticket, once('k', index % 2 === 0 ? 'the same' : 'another')),
        ),
      )
      for (const [index, answer] of answers.entries()) {
        if (index % 2 === 0) expect(answer).toMatchObject({ value: { id: first.id, replayed: true } })
        else expect(answer).toMatchObject({ reason: { code: 'idempotency-key-reused' } })
      }
      expect(await count('glpi_tickets')).toBe(1)
    })

    it('keeps keys apart by letter case and by agent; without one, every request counts', async () => {
      const dora = { ...alice, id: 3 }
      for (const [agent, key] of [
        [alice, 'k'],
        [alice, 'K'],
        [dora, 'k'],
      ] as const)
        expect((await writes.create(agent, ticket, once(key))).replayed).toBe(false)
      await writes.create(alice, ticket)
      await writes.create(alice, ticket)
      expect(await count('glpi_tickets')).toBe(5)
    })

    it('that fails does not use its key up, even where many fail at once', async () => {
      const wrong = { ...ticket, categoryId: 4711 }
      const failed = await Promise.allSettled(
        Array.from({ length: 10 }, () => writes.create(alice, wrong, once('k'))),
      )
      for (const one of failed) expect(one).toMatchObject({ reason: { code: 'value-refused' } })
      expect(await count('glpi_plugin_callmanager_idempotency')).toBe(0)
      expect(await writes.create(alice, ticket, once('k', 'mended'))).toMatchObject({ replayed: false })
    })
  })

  it('keys are forgotten after a day, and not before', async () => {
    await writes.create(alice, ticket, once('old'))
    await storage.write('normal', (tx) =>
      storage.insertMany(
        tx,
        'glpi_plugin_callmanager_idempotency',
        Array.from({ length: 1200 }, (_, index) => ({
          users_id: 9,
          idempotency_key: `k${index}`,
          request_hash: '',
          items_id: 1,
          created_at: index,
        })),
      ),
    )
    await purgeKeys(storage)
    expect(await count('glpi_plugin_callmanager_idempotency')).toBe(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 23 * 3_600_000 })
    await writes.create(alice, ticket, once('young'))
    await purgeKeys(storage)
    expect((await writes.create(alice, ticket, once('old'))).replayed).toBe(true)
    vi.setSystemTime(Date.now() + 2 * 3_600_000)
    await purgeKeys(storage)
    const kept = await storage.db
      .selectFrom('glpi_plugin_callmanager_idempotency')
      .select('idempotency_key')
      .execute()
    expect(kept).toEqual([{ idempotency_key: 'young' }])
  })
})

forEachEngine((engine) => {
  const ALICE = 2
  let storage: Storage
  /** What another process has; a file of SQLite has one server. */
  let other: Storage

  beforeAll(async () => {
    storage = await engine.migrated()
    other = engine.name === 'mysql' ? await engine.again(storage) : storage
  })
  beforeEach(() => emptyTables(storage))

  /** Makes a line of a table that is ours on any host, by either process; with its number, or without an end. */
  const make = (line: number, { key = 'k', hash = 'the same', fails = false } = {}) =>
    makeOnce(line % 2 === 0 ? storage : other, ALICE, { key, hash }, async (tx) => {
      const row = { jobs_id: 1, line, field: '', reason: '' }
      await tx.insertInto('glpi_plugin_callmanager_job_lines').values(row).execute()
      if (fails) throw new Error('refused')
      return line
    })
  const lines = async () =>
    (await storage.db.selectFrom('glpi_plugin_callmanager_job_lines').select('line').execute()).map(
      ({ line }) => line,
    )

  it('keeps many that come together to one, with nothing but what is ours', async () => {
    const made = await Promise.all(Array.from({ length: REPEATS }, (_, index) => make(index + 1)))
    const [id] = await lines()
    expect(made.filter(({ replayed }) => !replayed)).toEqual([{ id, replayed: false }])
    expect(made.filter(({ replayed }) => replayed)).toEqual(
      Array.from({ length: REPEATS - 1 }, () => ({ id, replayed: true })),
    )
    await expect(make(99, { hash: 'another' })).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  it('leaves the key free where what was to be made has failed, among many as well', async () => {
    const failed = await Promise.allSettled(
      Array.from({ length: REPEATS }, (_, index) => make(index + 1, { fails: true })),
    )
    for (const one of failed) expect(one).toMatchObject({ reason: { message: 'refused' } })
    expect(await lines()).toEqual([])
    expect(await make(7, { hash: 'mended' })).toEqual({ id: 7, replayed: false })
  })

  it('holds up nobody who has another key', async () => {
    const held = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const slow = makeOnce(storage, ALICE, { key: 'slow', hash: '' }, async () => {
      begun.resolve()
      // SQLite has one writer, and nothing but the database is awaited within.
      if (storage.engine === 'mysql') await held.promise
      return 1
    })
    await begun.promise
    expect(await make(2, { key: 'quick' })).toEqual({ id: 2, replayed: false })
    held.resolve()
    await slow
  })
})
