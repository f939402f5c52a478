import { beforeAll, describe, expect, test } from 'vitest'
import { createTicketReads, type TicketReads } from '../../server/helpdesk/tickets.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { peopleIn } from '../support/people.ts'
import { forEachEngine } from '../support/storages.ts'
import { type TestTicket, ticketsIn } from '../support/tickets.ts'
import { ENTITIES, PARENTS, sessionsOn } from './sessions.ts'

const { root, lyon, bron, lille } = ENTITIES
const [BOB, DORA, EVE] = [20, 21, 22]

/** The host's rights, one at a time (host-contract §2). */
const RIGHTS = {
  readMy: { ticket: 1 },
  readAll: { ticket: 1024 },
  readGroup: { ticket: 2048 },
  readAssign: { ticket: 4096 },
  readAssignAndAssign: { ticket: 4096 + 8192 },
  assign: { ticket: 8192 },
  own: { ticket: 32_768 },
  validateRequests: { ticketvalidation: 4096 },
  validateIncidents: { ticketvalidation: 8192 },
  askForValidation: { ticketvalidation: 1024 + 2048 },
  update: { ticket: 2 },
} as const
type Right = keyof typeof RIGHTS

const GROUPS = {
  mine: [lyon, 0, BOB],
  fromAbove: [root, 1, BOB],
  aboveAlone: [root, 0, BOB],
  elsewhere: [lille, 1, BOB],
  others: [lyon, 0, EVE],
} as const
type Group = keyof typeof GROUPS

interface Ticket extends Omit<TestTicket, 'groups'> {
  groups?: Partial<Record<'requester' | 'assigned' | 'observer', readonly Group[]>>
}

const NEW = 1
const ME = [BOB]
const everything = {
  users_id_recipient: BOB,
  users: { requester: ME, assigned: ME, observer: ME },
  validators: ME,
  status: NEW,
}

/** What Bob, whose session covers Lyon alone, is on a ticket; with which right he opens it, and with which it is listed only. */
const TICKETS: [what: string, ticket: Ticket, opens: readonly Right[], listsOnly?: readonly Right[]][] = [
  ['nothing', {}, ['readAll']],
  ['nothing, and it is new', { status: NEW }, ['readAll', 'readAssignAndAssign']],
  ['nothing, and it is solved', { status: 5 }, ['readAll']],
  ['who typed it', { users_id_recipient: BOB }, ['readAll', 'readMy']],
  ['requester', { users: { requester: ME } }, ['readAll', 'readMy']],
  ['observer', { users: { observer: ME } }, ['readAll', 'readMy']],
  ['assigned', { users: { assigned: ME } }, ['readAll', 'readAssign', 'readAssignAndAssign'], ['own']],
  ['of a group that asks', { groups: { requester: ['mine'] } }, ['readAll', 'readGroup']],
  ['of a group that observes', { groups: { observer: ['mine'] } }, ['readAll', 'readGroup']],
  [
    'of a group that is assigned',
    { groups: { assigned: ['mine'] } },
    ['readAll', 'readAssign', 'readAssignAndAssign'],
  ],
  ['of a recursive group from above', { groups: { requester: ['fromAbove'] } }, ['readAll', 'readGroup']],
  [
    'of a recursive group from above that is assigned',
    { groups: { assigned: ['fromAbove'] } },
    ['readAll', 'readAssign', 'readAssignAndAssign'],
  ],
  ['of a group above that is not recursive', { groups: { requester: ['aboveAlone'] } }, ['readAll']],
  ['of a group elsewhere', { groups: { assigned: ['elsewhere'], observer: ['elsewhere'] } }, ['readAll']],
  ['of no group of those on it', { groups: { requester: ['others'], assigned: ['others'] } }, ['readAll']],
  ['asked to approve it', { validators: [EVE, BOB] }, ['readAll', 'validateRequests', 'validateIncidents']],
  ['not the one asked to approve it', { validators: [EVE] }, ['readAll']],
  ['everything, but elsewhere', { ...everything, entity: lille }, []],
  ['everything, but below', { ...everything, entity: bron }, []],
  ['everything, but above', { ...everything, entity: root }, []],
  ['everything, but in the bin', { ...everything, is_deleted: 1 }, []],
]

forEachEngine((engine) => {
  let storage: Storage
  let sessions: ReturnType<typeof sessionsOn>
  let reads: TicketReads
  let ids: number[]
  const profileOf = (right: string) => 50 + Object.keys(RIGHTS).indexOf(right)

  beforeAll(async () => {
    storage = await engine.migrated()
    const [people, tickets] = [peopleIn(storage), ticketsIn(storage)]
    sessions = sessionsOn(storage)
    const asTyped = (stored: string) => stored
    reads = createTicketReads({ storage, helpdesk: { decodeText: asTyped, decodeContent: asTyped } })
    for (const [id, name, parent] of PARENTS) await people.addEntity(id, name, parent)
    for (const [right, bits] of Object.entries(RIGHTS)) {
      await sessions.addProfile(profileOf(right), { plugin_callmanager_access: 1, user: 1, ...bits })
    }
    const memberships = Object.keys(RIGHTS).map((right) => ({ entity: lyon, profile: profileOf(right) }))
    await people.addUser({ id: BOB, login: 'bob', memberships })
    await people.addUser({ id: DORA, login: 'dora', memberships: [{ entity: lyon }] })
    await people.addUser({ id: EVE, login: 'eve', memberships: [{ entity: lyon }] })
    const groups = new Map<Group, number>()
    for (const [name, [entity, recursive, member]] of Object.entries(GROUPS)) {
      groups.set(name as Group, await tickets.addGroup(name, entity, recursive, member))
    }
    const numbers = (names: readonly Group[] = []) => names.flatMap((name) => groups.get(name) ?? [])
    ids = await tickets.addTickets(
      TICKETS.map(([, { groups: named = {}, ...ticket }]) => ({
        entity: lyon,
        status: 2,
        ...ticket,
        // So that all stand in one list.
        users: { ...ticket.users, requester: [DORA, ...(ticket.users?.requester ?? [])] },
        groups: {
          requester: numbers(named.requester),
          assigned: numbers(named.assigned),
          observer: numbers(named.observer),
        },
      })),
    )
  })

  describe.each(Object.keys(RIGHTS) as Right[])('with %s', (right) => {
    const agent = () => sessions.agent(BOB, profileOf(right), [lyon])
    // Nothing of this lets one see any ticket.
    const seesNone = right === 'assign' || right === 'update' || right === 'askForValidation'

    test.each(TICKETS.map(([what, , opens, listsOnly = []], index) => ({ what, index, opens, listsOnly })))(
      'who is $what',
      async ({ index, opens, listsOnly }) => {
        const bob = await agent()
        const id = ids[index] ?? 0
        const asked = { status: 'all', sort: 'open', limit: 100, cursor: undefined } as const
        if (seesNone) {
          await expect(reads.ofUser(bob, DORA, asked)).rejects.toMatchObject({ code: 'right-missing' })
          await expect(reads.one(bob, id)).rejects.toMatchObject({ code: 'right-missing' })
          return
        }
        const { items } = await reads.ofUser(bob, DORA, asked)
        const listed = items.some((ticket) => ticket.id === id)
        expect(listed).toBe(opens.includes(right) || listsOnly.includes(right))
        if (opens.includes(right)) expect((await reads.one(bob, id)).ticket.id).toBe(id)
        else await expect(reads.one(bob, id)).rejects.toMatchObject({ code: 'ticket-unknown' })
      },
    )
  })
})
