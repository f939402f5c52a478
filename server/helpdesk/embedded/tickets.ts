import { hostTime } from '../../domain/accounts.ts'
import { canSeeUser } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { demandRight, missingForFollowup, missingForTicketCreate } from '../../domain/rights.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agent, Helpdesk, NewFollowup, NewTicket } from '../helpdesk.ts'
import { logCreation } from './history.ts'

/** The host's numbers (host-contract §1.4). */
const TYPES = { incident: 1, request: 2 } as const
const STATUS_NEW = 1
const REQUESTER = 1
const SOURCE_PHONE = 3
const MEDIUM = 3

const MAX_TITLE_LENGTH = 255
/** What a TEXT column holds. */
const MAX_CONTENT_BYTES = 65_535

function demandFit(content: string): void {
  if (Buffer.byteLength(content) <= MAX_CONTENT_BYTES) return
  throw new AppError('value-refused', {
    field: 'content',
    detail: `it is longer than ${MAX_CONTENT_BYTES} bytes`,
  })
}

/** Writes tickets of the embedded helpdesk: the caller is the requester, the agent the author, the source Phone. */
export function createTicketWrites(storage: Storage): Helpdesk['tickets'] {
  return {
    async create(agent: Agent, ticket: NewTicket): Promise<number> {
      demandRight(missingForTicketCreate(agent.rights))
      if (ticket.title.trim() === '') {
        throw new AppError('value-refused', { field: 'title', detail: 'a ticket needs a title' })
      }
      if ([...ticket.title].length > MAX_TITLE_LENGTH) {
        const detail = `it is longer than ${MAX_TITLE_LENGTH} characters`
        throw new AppError('value-refused', { field: 'title', detail })
      }
      demandFit(ticket.content)
      if (!Number.isInteger(ticket.urgency) || ticket.urgency < 1 || ticket.urgency > 5) {
        throw new AppError('value-refused', { field: 'urgency', detail: 'it is a whole number from 1 to 5' })
      }
      const at = hostTime(new Date())
      return storage.write('full', async (tx) => {
        const requester = await tx
          .selectFrom('glpi_users')
          .select(['id', 'entities_id'])
          .where('id', '=', ticket.requesterId)
          .executeTakeFirst()
        const memberships = await tx
          .selectFrom('glpi_profiles_users')
          .select(['entities_id', 'is_recursive'])
          .where('users_id', '=', ticket.requesterId)
          .orderBy('id')
          .execute()
        if (requester === undefined || !canSeeUser(agent.scope, memberships))
          throw new AppError('user-unknown')
        // The requester's own entities that the agent covers, the default one first: what the host's form offers.
        const own = memberships.map((membership) => membership.entities_id)
        const choices = [requester.entities_id, ...own].filter(
          (entity) => own.includes(entity) && agent.scope.entities.has(entity),
        )
        const entityId = ticket.entityId ?? choices[0] ?? agent.entityId
        if (!agent.scope.entities.has(entityId)) {
          throw new AppError('value-refused', {
            field: 'entityId',
            detail: 'the entity lies outside your scope',
          })
        }
        const { insertId } = await tx
          .insertInto('glpi_tickets')
          .values({
            entities_id: entityId,
            name: ticket.title,
            content: ticket.content,
            date: at,
            date_mod: at,
            date_creation: at,
            users_id_recipient: agent.id,
            users_id_lastupdater: agent.id,
            status: STATUS_NEW,
            requesttypes_id: SOURCE_PHONE,
            type: TYPES[ticket.type],
            urgency: ticket.urgency,
            impact: MEDIUM,
            // The middle column of the host's default matrix: with medium impact, priority is urgency.
            priority: ticket.urgency,
            itilcategories_id: ticket.categoryId,
          })
          .executeTakeFirstOrThrow()
        const id = Number(insertId)
        await tx
          .insertInto('glpi_tickets_users')
          .values({ tickets_id: id, users_id: ticket.requesterId, type: REQUESTER })
          .execute()
        await logCreation(tx, { itemtype: 'Ticket', itemsId: id, agentName: agent.name, at })
        return id
      })
    },

    async addFollowup(agent: Agent, followup: NewFollowup): Promise<number> {
      demandRight(missingForFollowup(agent.rights))
      if (followup.content.trim() === '') {
        throw new AppError('value-refused', { field: 'content', detail: 'a followup needs a text' })
      }
      demandFit(followup.content)
      const at = hostTime(new Date())
      return storage.write('full', async (tx) => {
        const ticket = await tx
          .selectFrom('glpi_tickets')
          .select('entities_id')
          .where('id', '=', followup.ticketId)
          .where('is_deleted', '=', 0)
          .executeTakeFirst()
        if (ticket === undefined || !agent.scope.entities.has(ticket.entities_id)) {
          throw new AppError('ticket-unknown')
        }
        const { insertId } = await tx
          .insertInto('glpi_itilfollowups')
          .values({
            itemtype: 'Ticket',
            items_id: followup.ticketId,
            users_id: agent.id,
            content: followup.content,
            is_private: followup.isPrivate ? 1 : 0,
            requesttypes_id: SOURCE_PHONE,
            date: at,
            date_mod: at,
            date_creation: at,
          })
          .executeTakeFirstOrThrow()
        await tx
          .updateTable('glpi_tickets')
          .set({ date_mod: at, users_id_lastupdater: agent.id })
          .where('id', '=', followup.ticketId)
          .execute()
        return Number(insertId)
      })
    },
  }
}
