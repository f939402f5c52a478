import { type HostDatabase, numberOf, type Row } from './database.ts'
import { hasRight, type Session } from './session.ts'

const TICKET = { readMine: 1, readAll: 1024, readGroup: 2048, readAssigned: 4096, assign: 8192 } as const
const FOLLOWUP = { addToMine: 4, addToGroup: 2048, addToAll: 4096 } as const
const VALIDATE = 4096 | 8192
const [REQUESTER, ASSIGNED, OBSERVER] = [1, 2, 3]
const [NEW, CLOSED] = [1, 6]

/** Who has to do with a ticket, as far as the session's user or their groups are among them. */
async function partsOf(db: HostDatabase, session: Session, ticketId: number) {
  const users = await db.rows('select type from glpi_tickets_users where tickets_id = ? and users_id = ?', [
    ticketId,
    session.userId,
  ])
  const groups =
    session.groups.length === 0
      ? []
      : await db.rows('select type from glpi_groups_tickets where tickets_id = ? and groups_id in (?)', [
          ticketId,
          session.groups,
        ])
  const validators = await db.rows(
    'select id from glpi_ticketvalidations where tickets_id = ? and users_id_validate = ?',
    [ticketId, session.userId],
  )
  const among = (rows: Row[], ...types: (number | undefined)[]) =>
    rows.some(({ type }) => types.includes(numberOf(type)))
  return {
    mine: (...types: (number | undefined)[]) => among(users, ...types),
    groups: (...types: (number | undefined)[]) => among(groups, ...types),
    validates: validators.length > 0,
  }
}

/** May the session's user add a followup: they see the ticket, and it is theirs in one of the ways that rights name. */
export async function canAddFollowup(db: HostDatabase, session: Session, ticket: Row): Promise<boolean> {
  if (!session.activeEntities.includes(numberOf(ticket.entities_id))) return false
  const { mine, groups, validates } = await partsOf(db, session, numberOf(ticket.id))
  const isRecipient = ticket.users_id_recipient === session.userId
  const assigned = mine(ASSIGNED) || groups(ASSIGNED)
  const right = (bits: number) => hasRight(session, 'ticket', bits)
  const sees =
    right(TICKET.readAll) ||
    (right(TICKET.readMine) && (isRecipient || mine(REQUESTER, OBSERVER))) ||
    (right(TICKET.readGroup) && groups(REQUESTER, OBSERVER)) ||
    (right(TICKET.readAssigned) && (assigned || (right(TICKET.assign) && ticket.status === NEW))) ||
    (hasRight(session, 'ticketvalidation', VALIDATE) && validates)
  if (!sees) return false
  const adds = (bits: number) => hasRight(session, 'followup', bits)
  // To a closed ticket only who may reopen it.
  if (ticket.status === CLOSED && !adds(FOLLOWUP.addToMine)) return false
  return (
    adds(FOLLOWUP.addToAll) ||
    (adds(FOLLOWUP.addToMine) && (isRecipient || mine(REQUESTER))) ||
    (adds(FOLLOWUP.addToGroup) && groups(REQUESTER)) ||
    assigned
  )
}
