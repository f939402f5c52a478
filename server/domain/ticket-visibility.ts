import type { Scope } from './entities.ts'
import { FOLLOWUP, has, type Rights, TICKET, VALIDATE } from './rights.ts'
import { STATUS } from './ticket-status.ts'

/** What somebody, or a group, is on a ticket: the host's numbers. */
export const REQUESTER = 1
export const ASSIGNED = 2
export const OBSERVER = 3

/** Who looks at tickets. */
export interface TicketViewer {
  id: number
  rights: Pick<Rights, 'ticket' | 'followup'>
  /** The right `ticketvalidation`. */
  validation: number
  /** Their groups, as far as these are seen from the active entities. */
  groups: ReadonlySet<number>
  scope: Pick<Scope, 'entities'>
}

interface Actor {
  id: number
  role: number
}

/** What decides who sees a ticket. */
export interface TicketFacts {
  entityId: number
  status: number
  /** Who typed it in. */
  recipientId: number
  users: readonly Actor[]
  groups: readonly Actor[]
  /** Those who were asked to approve it, whatever they said. */
  validators: readonly number[]
}

/** May they open this ticket? The host's rule, row by row (host-contract §2). */
export function canSeeTicket(viewer: TicketViewer, ticket: TicketFacts): boolean {
  if (!viewer.scope.entities.has(ticket.entityId)) return false
  const may = (bit: number) => has(viewer.rights.ticket, bit)
  if (may(TICKET.readAll)) return true
  if (may(TICKET.readMine) && (isRecipient(viewer, ticket) || is(viewer, ticket, REQUESTER, OBSERVER)))
    return true
  if (may(TICKET.readGroup) && groupIs(viewer, ticket, REQUESTER, OBSERVER)) return true
  if (may(TICKET.readAssigned)) {
    if (is(viewer, ticket, ASSIGNED) || groupIs(viewer, ticket, ASSIGNED)) return true
    if (may(TICKET.assign) && ticket.status === STATUS.new) return true
  }
  return (viewer.validation & VALIDATE) !== 0 && ticket.validators.includes(viewer.id)
}

/** Whether it plays a part who is on a ticket; where it does not, that need not be read. */
export function actorsDecide(viewer: TicketViewer): boolean {
  return !has(viewer.rights.ticket, TICKET.readAll)
}

/** Do lists show them this ticket? The host's lists go further by one case: who may own tickets sees those they have. */
export function canListTicket(viewer: TicketViewer, ticket: TicketFacts): boolean {
  if (canSeeTicket(viewer, ticket)) return true
  const inScope = viewer.scope.entities.has(ticket.entityId)
  return inScope && has(viewer.rights.ticket, TICKET.own) && is(viewer, ticket, ASSIGNED)
}

/** Did they write this ticket, in an entity that they still cover? Then they are answered with it, whatever they may read. */
export function hasOpenedTicket(viewer: TicketViewer, ticket: TicketFacts): boolean {
  return viewer.scope.entities.has(ticket.entityId) && isRecipient(viewer, ticket)
}

/** May they add a followup to this ticket, which they see? The host's `canAddFollowups`. */
export function canAddFollowup(viewer: TicketViewer, ticket: TicketFacts): boolean {
  const may = (bit: number) => has(viewer.rights.followup, bit)
  if (may(FOLLOWUP.addToAll)) return true
  if (may(FOLLOWUP.addToMine) && (isRecipient(viewer, ticket) || is(viewer, ticket, REQUESTER))) return true
  if (may(FOLLOWUP.addToGroup) && groupIs(viewer, ticket, REQUESTER)) return true
  return may(FOLLOWUP.addToAssigned) && (is(viewer, ticket, ASSIGNED) || groupIs(viewer, ticket, ASSIGNED))
}

function isRecipient(viewer: TicketViewer, ticket: TicketFacts): boolean {
  return ticket.recipientId === viewer.id
}

function is(viewer: TicketViewer, ticket: TicketFacts, ...roles: number[]): boolean {
  return ticket.users.some(({ id, role }) => id === viewer.id && roles.includes(role))
}

function groupIs(viewer: TicketViewer, ticket: TicketFacts, ...roles: number[]): boolean {
  return ticket.groups.some(({ id, role }) => viewer.groups.has(id) && roles.includes(role))
}
