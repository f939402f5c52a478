import { describe, expect, it, test } from 'vitest'
import { NO_RIGHTS } from './rights.ts'
import { isOpen, statusName } from './ticket-status.ts'
import {
  actorsDecide,
  canAddFollowup,
  canListTicket,
  canSeeTicket,
  hasOpenedTicket,
  type TicketFacts,
  type TicketViewer,
} from './ticket-visibility.ts'

const ME = 7
const SOMEBODY = 8
const MY_GROUP = 70
const ANOTHER_GROUP = 80
const MY_ENTITY = 5
const NEW = 1
const PENDING = 4

/** What stands between somebody and a ticket, each true or not. */
interface Case {
  inScope: boolean
  recipient: boolean
  requester: boolean
  assigned: boolean
  observer: boolean
  groupRequester: boolean
  groupAssigned: boolean
  groupObserver: boolean
  validator: boolean
  isNew: boolean
}

/** The host's table (host-contract §2): any row whose rights are all held and whose relation is there lets one see. */
const SEEING: [ticket: number, validation: number, relation: (ticket: Case) => boolean][] = [
  [1024, 0, () => true],
  [1, 0, ({ recipient, requester, observer }) => recipient || requester || observer],
  [2048, 0, ({ groupRequester, groupObserver }) => groupRequester || groupObserver],
  [4096, 0, ({ assigned, groupAssigned }) => assigned || groupAssigned],
  [4096 + 8192, 0, ({ isNew }) => isNew],
  [0, 4096, ({ validator }) => validator],
  [0, 8192, ({ validator }) => validator],
]
/** What lists show besides. */
const LISTING: typeof SEEING = [...SEEING, [32_768, 0, ({ assigned }) => assigned]]

const FOLLOWING_UP: [followup: number, relation: (ticket: Case) => boolean][] = [
  [4096, () => true],
  [4, ({ recipient, requester }) => recipient || requester],
  [2048, ({ groupRequester }) => groupRequester],
  [16_384, ({ assigned, groupAssigned }) => assigned || groupAssigned],
]

/** Every sum of these bits. */
function sums(bits: readonly number[]): number[] {
  return bits.reduce<number[]>((found, bit) => found.concat(found.map((sum) => sum + bit)), [0])
}

const RELATIONS = [
  'inScope',
  'recipient',
  'requester',
  'assigned',
  'observer',
  'groupRequester',
  'groupAssigned',
  'groupObserver',
  'validator',
  'isNew',
] as const

const CASES: Case[] = sums(RELATIONS.map((_, index) => 2 ** index)).map(
  (chosen) =>
    Object.fromEntries(RELATIONS.map((name, index) => [name, (chosen & (2 ** index)) !== 0])) as Record<
      (typeof RELATIONS)[number],
      boolean
    >,
)

function viewer(ticket: number, validation = 0, followup = 0): TicketViewer {
  return {
    id: ME,
    rights: { ...NO_RIGHTS, ticket, followup },
    validation,
    groups: new Set([MY_GROUP]),
    scope: { entities: new Set([MY_ENTITY]) },
  }
}

/** A ticket of this case, on which somebody else and another group are everything too. */
function factsOf(ticket: Case): TicketFacts {
  const roles = (requester: boolean, assigned: boolean, observer: boolean) =>
    [requester, assigned, observer].flatMap((has, index) => (has ? [index + 1] : []))
  const others = (id: number) => [1, 2, 3].map((role) => ({ id, role }))
  const mine = roles(ticket.requester, ticket.assigned, ticket.observer)
  const groups = roles(ticket.groupRequester, ticket.groupAssigned, ticket.groupObserver)
  return {
    entityId: ticket.inScope ? MY_ENTITY : 6,
    status: ticket.isNew ? NEW : PENDING,
    recipientId: ticket.recipient ? ME : SOMEBODY,
    users: [...others(SOMEBODY), ...mine.map((role) => ({ id: ME, role }))],
    groups: [...others(ANOTHER_GROUP), ...groups.map((role) => ({ id: MY_GROUP, role }))],
    validators: ticket.validator ? [SOMEBODY, ME] : [SOMEBODY],
  }
}

describe('who sees a ticket', () => {
  // Every right that plays a part, and UPDATE and CREATE, which play none.
  const rights = sums([1, 1024, 2048, 4096, 8192, 32_768, 6])
  const validations = sums([4096, 8192, 1024 + 2048])
  const held = (all: number, bits: number) => (all & bits) === bits

  test.each([
    ['opens', SEEING, canSeeTicket],
    ['finds in a list', LISTING, canListTicket],
  ] as const)('%s exactly what the table of the host says', (_what, table, rule) => {
    const wrong: object[] = []
    let allowed = 0
    for (const ticket of CASES) {
      const facts = factsOf(ticket)
      for (const right of rights) {
        for (const validation of validations) {
          const expected =
            ticket.inScope &&
            table.some(
              ([bits, validating, relation]) =>
                held(right, bits) && held(validation, validating) && relation(ticket),
            )
          if (expected) allowed++
          if (rule(viewer(right, validation), facts) !== expected) wrong.push({ ticket, right, validation })
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([])
    // Neither all nor nothing: the table was really looked at.
    expect(allowed).toBeGreaterThan(100_000)
    expect(allowed).toBeLessThan((CASES.length * rights.length * validations.length) / 2)
  })

  it('is asked of who is on the ticket only where that plays a part', () => {
    const nobody = { users: [], groups: [], validators: [], recipientId: SOMEBODY }
    for (const right of rights.filter((one) => !actorsDecide(viewer(one)))) {
      for (const ticket of CASES) {
        const facts = factsOf(ticket)
        expect(canListTicket(viewer(right), { ...facts, ...nobody })).toBe(
          canListTicket(viewer(right), facts),
        )
      }
    }
    expect(actorsDecide(viewer(1))).toBe(true)
  })

  it('is shown what they have opened themselves, where they still cover its entity', () => {
    for (const ticket of CASES) {
      expect(hasOpenedTicket(viewer(0), factsOf(ticket))).toBe(ticket.inScope && ticket.recipient)
    }
  })
})

describe('who adds a followup', () => {
  test('does so exactly where the table of the host says', () => {
    const wrong: object[] = []
    for (const ticket of CASES) {
      const facts = factsOf(ticket)
      for (const right of sums([4, 2048, 4096, 16_384, 1 + 2 + 1024 + 8192])) {
        const expected = FOLLOWING_UP.some(([bit, relation]) => (right & bit) === bit && relation(ticket))
        if (canAddFollowup(viewer(0, 0, right), facts) !== expected) wrong.push({ ticket, right })
      }
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })
})

describe('a status', () => {
  test.each([
    [1, 'new', true],
    [2, 'assigned', true],
    [3, 'planned', true],
    [4, 'pending', true],
    [5, 'solved', false],
    [6, 'closed', false],
    [11, 'other', true],
  ])('%i is %s, open: %s', (status, name, open) => {
    expect(statusName(status)).toBe(name)
    expect(isOpen(status)).toBe(open)
  })
})
