import type { Kysely } from 'kysely'
import { canSeeUser } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent, NewTicket } from './helpdesk.ts'
import { demandTextFits } from './new-followup.ts'

/** The host's numbers (host-contract §1.4). */
export const TICKET_TYPES = { incident: 1, request: 2 } as const
const MAX_TITLE_LENGTH = 255

function refuse(field: string, detail: string): never {
  throw new AppError('value-refused', { field, detail })
}

/** Throws `value-refused` where a text does not fit or a number is none. */
export function demandTicketWellFormed({ title, description, urgency }: NewTicket): void {
  if (title.trim() === '') refuse('title', 'a ticket needs a title')
  if ([...title].length > MAX_TITLE_LENGTH)
    refuse('title', `it is longer than ${MAX_TITLE_LENGTH} characters`)
  if (/\p{Cc}/u.test(title)) refuse('title', 'it is one line without control characters')
  demandTextFits('title', title)
  demandTextFits('description', description)
  if (!Number.isInteger(urgency) || urgency < 1 || urgency > 5)
    refuse('urgency', 'it is a whole number from 1 to 5')
}

/** Where a ticket goes: as asked, else as the host's form offers: the requester's own entities, the default one first. */
export async function entityFor(db: Kysely<Tables>, agent: Agent, ticket: NewTicket): Promise<number> {
  const requester = await db
    .selectFrom('glpi_users')
    .select(['id', 'entities_id'])
    .where('id', '=', ticket.requesterId)
    .executeTakeFirst()
  const memberships = await db
    .selectFrom('glpi_profiles_users')
    .select(['entities_id', 'is_recursive'])
    .where('users_id', '=', ticket.requesterId)
    .orderBy('id')
    .execute()
  if (requester === undefined || !canSeeUser(agent.scope, memberships)) throw new AppError('user-unknown')
  const own = memberships.map((membership) => membership.entities_id)
  const choices = [requester.entities_id, ...own].filter(
    (entity) => own.includes(entity) && agent.scope.entities.has(entity),
  )
  const entityId = ticket.entityId ?? choices[0] ?? agent.entityId
  if (!agent.scope.entities.has(entityId)) refuse('entityId', 'the entity lies outside your scope')
  return entityId
}
