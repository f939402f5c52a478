import type { EntityTree } from '../../domain/entities.ts'
import { demandRight, missingForFollowup, missingForTicketCreate } from '../../domain/rights.ts'
import { STATUS } from '../../domain/ticket-status.ts'
import { REQUESTER } from '../../domain/ticket-visibility.ts'
import { hostTime } from '../../domain/times.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agent, Helpdesk, Made, NewFollowup, NewTicket, Once } from '../helpdesk.ts'
import { makeOnce } from '../idempotency.ts'
import { demandFollowupAllowed, demandFollowupWellFormed } from '../new-followup.ts'
import { demandTicketWellFormed, entityFor, TICKET_TYPES } from '../new-ticket.ts'
import { demandCategoryFits } from '../ticket-category.ts'
import { createTicketViewers, demandTicketReader } from '../ticket-viewer.ts'
import { logCreation } from './history.ts'

const MEDIUM = 3

interface Options {
  storage: Storage
  entityTree(): Promise<EntityTree>
  /** The request type that stands for calls. */
  phoneSource(): Promise<number>
}

/** Writes tickets of the embedded helpdesk: the caller is the requester, the agent the author, the source Phone. */
export function createTicketWrites({ storage, entityTree, phoneSource }: Options): Helpdesk['tickets'] {
  const viewers = createTicketViewers(storage)
  return {
    async create(agent: Agent, ticket: NewTicket, once?: Once): Promise<Made> {
      demandRight(missingForTicketCreate(agent.rights))
      demandTicketWellFormed(ticket)
      const [tree, source] = await Promise.all([entityTree(), phoneSource()])
      const at = hostTime(new Date())
      return makeOnce(storage, agent.id, once, async (tx) => {
        const entityId = await entityFor(tx, agent, ticket)
        await demandCategoryFits(tx, tree, { ...ticket, entityId })
        const { insertId } = await tx
          .insertInto('glpi_tickets')
          .values({
            entities_id: entityId,
            name: ticket.title,
            content: ticket.description,
            date: at,
            date_mod: at,
            date_creation: at,
            users_id_recipient: agent.id,
            users_id_lastupdater: agent.id,
            status: STATUS.new,
            requesttypes_id: source,
            type: TICKET_TYPES[ticket.type],
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

    async addFollowup(agent: Agent, followup: NewFollowup, once?: Once): Promise<Made> {
      demandRight(missingForFollowup(agent.rights, followup.isPrivate))
      demandFollowupWellFormed(followup)
      const [viewer, source] = await Promise.all([demandTicketReader(viewers, agent), phoneSource()])
      const at = hostTime(new Date())
      return makeOnce(storage, agent.id, once, async (tx) => {
        await demandFollowupAllowed(tx, viewer, followup.ticketId)
        const { insertId } = await tx
          .insertInto('glpi_itilfollowups')
          .values({
            itemtype: 'Ticket',
            items_id: followup.ticketId,
            users_id: agent.id,
            content: followup.content,
            is_private: followup.isPrivate ? 1 : 0,
            requesttypes_id: source,
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
