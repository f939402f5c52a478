import { expect, it } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { fullScans, noting } from '../../test/support/explain.ts'
import { EVERYTHING, peopleIn } from '../../test/support/people.ts'
import { analyse, forEachEmbeddedEngine, forEachHost } from '../../test/support/storages.ts'
import { ticketsIn } from '../../test/support/tickets.ts'
import type { Storage } from '../storage/storage.ts'
import { createTicketWrites } from './embedded/tickets.ts'
import { createEntityTree } from './entity-tree.ts'
import { purgeKeys } from './idempotency.ts'
import { createTicketReads } from './tickets.ts'

const TICKETS = 10_000
const USERS = 2000

/** Read whole on purpose: there are few of them. */
const SMALL = ['glpi_entities']

async function fill(storage: Storage): Promise<number> {
  const people = peopleIn(storage)
  const tickets = ticketsIn(storage)
  for (let id = 1; id <= 20; id++) await people.addEntity(id, `Entity ${id}`)
  const users = await people.addUsers(USERS, (number) => ({
    login: `user ${number}`,
    memberships: [{ entity: number % 20 }],
  }))
  const first = users[0] ?? 0
  const user = (number: number) => first + (number % USERS)
  for (let group = 0; group < 50; group++) {
    await tickets.addGroup(`Group ${group}`, 0, 1, user(group), user(group + 7))
    await tickets.addCategory({ name: `Category ${group}` })
  }
  const ids = await tickets.addTickets(
    Array.from({ length: TICKETS }, (_, number) => ({
      entity: number % 20,
      status: (number % 6) + 1,
      itilcategories_id: (number % 50) + 1,
      users_id_recipient: user(number + 3),
      // The first has asked for a good part of them.
      users: {
        requester: [number % 10 === 0 ? first : user(number)],
        assigned: [user(number % 40)],
        observer: [user(number + 2)],
      },
      groups: { assigned: [(number % 50) + 1] },
      validators: [user(number + 1)],
    })),
  )
  const host = asHost(storage)
  await host.write('normal', async (tx) => {
    await host.insertMany(
      tx,
      'glpi_itilfollowups',
      ids.flatMap((id) =>
        [0, 1].map((isPrivate) => ({
          itemtype: 'Ticket',
          items_id: id,
          users_id: user(id),
          content: 'Called back',
          is_private: isPrivate,
          requesttypes_id: 3,
          date: null,
          date_mod: null,
          date_creation: null,
        })),
      ),
    )
    await host.insertMany(
      tx,
      'glpi_plugin_callmanager_idempotency',
      Array.from({ length: 5000 }, (_, number) => ({
        users_id: user(number),
        idempotency_key: `k${number}`,
        request_hash: '',
        items_id: 1,
        created_at: Date.now() - (number % 2) * 90_000_000,
      })),
    )
  })
  await analyse(storage)
  return first
}

/** Asks for everything that there is to ask about tickets, and answers what was read for it. */
async function everyReading(real: Storage) {
  const first = await fill(real)
  const { storage, asked } = noting(real)
  const decodeText = (stored: string) => stored
  const reads = createTicketReads({ storage, helpdesk: { decodeText, decodeContent: decodeText } })
  const everything = await peopleIn(real).agent('all', EVERYTHING, first)
  const limited = { ...everything, rights: { ...EVERYTHING, ticket: 1 + 4, followup: 1 + 4 } }
  const agents = [everything, limited]
  for (const agent of agents) {
    const found = await reads.ofUser(agent, first, {
      status: 'all',
      sort: 'open',
      limit: 25,
      cursor: undefined,
    })
    expect(found.items).toHaveLength(25)
    const { ticket } = await reads.one(agent, found.items[0]?.id ?? 0)
    await reads.followups(agent, ticket.id, 1)
    const followup = await ticketsIn(real).addFollowup(ticket.id, first, 'Call')
    await reads.followup(agent, ticket.id, followup)
  }
  await purgeKeys(storage)
  return { asked, storage, agents, first }
}

/** And writes what can be written of them, where that is done by SQL. */
async function everyQuery(real: Storage) {
  const { asked, storage, agents, first } = await everyReading(real)
  const writes = createTicketWrites({
    storage,
    entityTree: createEntityTree(storage),
    phoneSource: async () => 3,
  })
  const ticket = {
    requesterId: first,
    title: 'No tone',
    description: '',
    type: 'incident',
    urgency: 3,
    categoryId: 7,
    entityId: 0,
  } as const
  for (const agent of agents) {
    const made = await writes.create(agent, ticket, { key: `ticket ${agent.rights.ticket}`, hash: '' })
    await writes.addFollowup(agent, { ticketId: made.id, content: 'Call', isPrivate: false })
  }
  return asked
}

forEachEmbeddedEngine((engine) => {
  it('reads by indexes, whatever is asked about tickets', async () => {
    const storage = await engine.migrated()
    const asked = await everyQuery(storage)
    expect(asked.length).toBeGreaterThan(40)
    for (const query of asked) expect(await fullScans(storage, query, SMALL), query.sql).toEqual([])
  })

  it('would notice a table that is read whole', async () => {
    const storage = await engine.migrated()
    await fill(storage)
    const query = storage.db
      .selectFrom('glpi_tickets')
      .select('id')
      .where('users_id_lastupdater', '=', 4711)
      .compile()
    expect(await fullScans(storage, { sql: query.sql, values: query.parameters }, SMALL)).toHaveLength(1)
  })
})

forEachHost((engine) => {
  it('reads by the indexes of a host, whatever is asked about tickets', async () => {
    const storage = await engine.migrated()
    const { asked } = await everyReading(storage)
    expect(asked.length).toBeGreaterThan(25)
    for (const query of asked) expect(await fullScans(storage, query, SMALL), query.sql).toEqual([])
  })
})
