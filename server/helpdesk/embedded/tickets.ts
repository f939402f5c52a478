import type { Kysely } from 'kysely'
import { canSeeUser, type EntityTree } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { demandRight, missingForFollowup, missingForTicketCreate } from '../../domain/rights.ts'
import { STATUS } from '../../domain/ticket-status.ts'
import { canAddFollowup, REQUESTER } from '../../domain/ticket-visibility.ts'
import { hostTime } from '../../domain/times.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Agent, Helpdesk, Made, NewFollowup, NewTicket, Once } from '../helpdesk.ts'
import { makeOnce } from '../idempotency.ts'
import { demandCategoryFits } from '../ticket-category.ts'
import { createTicketViewers, demandTicket, demandTicketReader } from '../ticket-viewer.ts'
import { logCreation } from './history.ts'

/** The host's numbers (host-contract §1.4). */
export const TYPES = { incident: 1, request: 2 } as const
const MEDIUM = 3

const MAX_TITLE_LENGTH = 255
/** What a TEXT column holds. */
const MAX_TEXT_BYTES = 65_535

interface Options {
  storage: Storage
  entityTree(): Promise<EntityTree>
  /** The request type that stands for calls. */
  phoneSource(): Promise<number>
}

function refuse(field: string, detail: string): never {
  throw new AppError('value-refused', { field, detail })
}

function demandFit(field: string, text: string): void {
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) refuse(field, `it is longer than ${MAX_TEXT_BYTES} bytes`)
}

function demandWellFormed({ title, description, urgency }: NewTicket): void {
  if (title.trim() === '') refuse('title', 'a ticket needs a title')
  if ([...title].length > MAX_TITLE_LENGTH)
    refuse('title', `it is longer than ${MAX_TITLE_LENGTH} characters`)
  if (/\p{Cc}/u.test(title)) refuse('title', 'it is one line without control characters')
  demandFit('description', description)
  if (!Number.isInteger(urgency) || urgency < 1 || urgency > 5)
    refuse('urgency', 'it is a whole number from 1 to 5')
}

/** Where a ticket goes: as asked, else as the host's form offers: the requester's own entities, the default one first. */
async function entityFor(tx: Kysely<Tables>, agent: Agent, ticket: NewTicket): Promise<number> {
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
  if (requester === undefined || !canSeeUser(agent.scope, memberships)) throw new AppError('user-unknown')
  const own = memberships.map((membership) => membership.entities_id)
  const choices = [requester.entities_id, ...own].filter(
    (entity) => own.includes(entity) && agent.scope.entities.has(entity),
  )
  const entityId = ticket.entityId ?? choices[0] ?? agent.entityId
  if (!agent.scope.entities.has(entityId)) refuse('entityId', 'the entity lies outside your scope')
  return entityId
}

/** Writes tickets of the embedded helpdesk: the caller is the requester, the agent the author, the source Phone. */
export function createTicketWrites({ storage, entityTree, phoneSource }: Options): Helpdesk['tickets'] {
  const viewers = createTicketViewers(storage)
  return {
    async create(agent: Agent, ticket: NewTicket, once?: Once): Promise<Made> {
      demandRight(missingForTicketCreate(agent.rights))
      demandWellFormed(ticket)
      const [tree, source] = await Promise.all([entityTree(), phoneSource()])
      const at = hostTime(new Date())
      return storage.write('full', (tx) =>
        makeOnce(tx, storage.engine, agent.id, once, async () => {
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
        }),
      )
    },

    async addFollowup(agent: Agent, followup: NewFollowup, once?: Once): Promise<Made> {
      demandRight(missingForFollowup(agent.rights, followup.isPrivate))
      if (followup.content.trim() === '') refuse('content', 'a followup needs a text')
      demandFit('content', followup.content)
      const [viewer, source] = await Promise.all([demandTicketReader(viewers, agent), phoneSource()])
      const at = hostTime(new Date())
      return storage.write('full', (tx) =>
        makeOnce(tx, storage.engine, agent.id, once, async () => {
          const ticket = await demandTicket(tx, viewer, followup.ticketId)
          if (!canAddFollowup(viewer, ticket))
            throw new AppError('right-missing', {
              detail: 'the profile may not add followups to this ticket (followup)',
            })
          // As the host, which lets only those who may reopen a closed ticket write to it; nobody reopens here.
          if (ticket.status === STATUS.closed) throw new AppError('ticket-closed')
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
        }),
      )
    },
  }
}
