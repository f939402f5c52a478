import type { Kysely } from 'kysely'
import type { EntityTree } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { demandRight, missingForFollowup, missingForTicketCreate } from '../../domain/rights.ts'
import { REQUESTER } from '../../domain/ticket-visibility.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Agent, Helpdesk } from '../helpdesk.ts'
import { demandFollowupAllowed, demandFollowupWellFormed } from '../new-followup.ts'
import { demandTicketWellFormed, entityFor, TICKET_TYPES } from '../new-ticket.ts'
import { demandCategoryFits } from '../ticket-category.ts'
import { createTicketViewers, demandTicketReader } from '../ticket-viewer.ts'
import { demandHeld } from './column-limits.ts'
import type { createHostText } from './host-text.ts'
import { madeId } from './made-id.ts'
import { makeOnceByHost } from './once.ts'
import type { HostRest } from './rest.ts'

interface Options {
  storage: Storage
  rest: HostRest
  text: ReturnType<typeof createHostText>
  entityTree(): Promise<EntityTree>
  /** The request type that stands for calls. */
  phoneSource(): Promise<number>
  tokenOf(agent: Agent): string
}

/** Writes tickets through the host's REST API: the caller is the requester, the agent the author, the source Phone. */
export function createHostTickets(options: Options): Helpdesk['tickets'] {
  const { storage, rest, text, entityTree, phoneSource, tokenOf } = options
  const { db } = storage
  const viewers = createTicketViewers(storage)

  /** The configured request type, while the host has it: an administrator may have removed it. */
  async function source(): Promise<{ requesttypes_id?: number }> {
    const id = await phoneSource()
    const type = await db
      .selectFrom('glpi_requesttypes')
      .select('id')
      .where('id', '=', id)
      .where('is_active', '=', 1)
      .executeTakeFirst()
    return type === undefined ? {} : { requesttypes_id: id }
  }

  const isSame = (stored: string | null, typed: string): boolean =>
    text.decode(stored ?? '').trim() === typed.trim()

  return {
    async create(agent, ticket, once) {
      demandRight(missingForTicketCreate(agent.rights))
      demandTicketWellFormed(ticket)
      const entityId = await entityFor(db, agent, ticket)
      await demandCategoryFits(db, await entityTree(), { ...ticket, entityId })
      const texts = {
        name: { field: 'title', typed: ticket.title },
        content: { field: 'description', typed: ticket.description },
      }
      await demandHeld(db, 'glpi_tickets', texts, text)
      const input = {
        name: ticket.title,
        content: ticket.description,
        type: TICKET_TYPES[ticket.type],
        urgency: ticket.urgency,
        itilcategories_id: ticket.categoryId,
        entities_id: entityId,
        _users_id_requester: ticket.requesterId,
        ...(await source()),
      }
      return makeOnceByHost(storage, agent.id, once, {
        make: async () => madeId(await rest.send('POST', 'Ticket', tokenOf(agent), input)),
        newest: () => newestId(db, 'glpi_tickets'),
        async find(after) {
          const made = await db
            .selectFrom('glpi_tickets_users as requester')
            .innerJoin('glpi_tickets as ticket', 'ticket.id', 'requester.tickets_id')
            .select(['ticket.id', 'ticket.content'])
            .where('requester.users_id', '=', ticket.requesterId)
            .where('requester.type', '=', REQUESTER)
            .where('ticket.users_id_recipient', '=', agent.id)
            .where('ticket.name', '=', text.encode(ticket.title))
            .where('ticket.id', '>', after)
            .orderBy('ticket.id')
            .execute()
          // People call twice, and their tickets often have the same title.
          return made.find(({ content }) => isSame(content, ticket.description))?.id
        },
      })
    },

    async addFollowup(agent, followup, once) {
      demandRight(missingForFollowup(agent.rights, followup.isPrivate))
      demandFollowupWellFormed(followup)
      const viewer = await demandTicketReader(viewers, agent)
      await demandFollowupAllowed(db, viewer, followup.ticketId)
      const texts = { content: { field: 'content', typed: followup.content } }
      await demandHeld(db, 'glpi_itilfollowups', texts, text)
      const input = {
        itemtype: 'Ticket',
        items_id: followup.ticketId,
        content: followup.content,
        is_private: followup.isPrivate ? 1 : 0,
        ...(await source()),
      }
      return makeOnceByHost(storage, agent.id, once, {
        make: async () =>
          madeId(await rest.send('POST', 'ITILFollowup', tokenOf(agent), input).catch(ticketGone)),
        newest: () => newestId(db, 'glpi_itilfollowups'),
        async find(after) {
          const made = await db
            .selectFrom('glpi_itilfollowups')
            .select(['id', 'content'])
            .where('itemtype', '=', 'Ticket')
            .where('items_id', '=', followup.ticketId)
            .where('users_id', '=', agent.id)
            .where('id', '>', after)
            .orderBy('id')
            .execute()
          return made.find(({ content }) => isSame(content, followup.content))?.id
        },
      })
    },
  }
}

async function newestId(db: Kysely<Tables>, table: 'glpi_tickets' | 'glpi_itilfollowups'): Promise<number> {
  const row = await db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? 0
}

function ticketGone(error: unknown): never {
  if (error instanceof AppError && error.code === 'host-item-unknown') throw new AppError('ticket-unknown')
  throw error
}
