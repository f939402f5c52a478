import { DEFAULT_PAGE, type Page } from '../../contract/paging.ts'
import type { Followup, TicketDetails } from '../../contract/tickets.ts'
import { displayName } from '../domain/accounts.ts'
import { AppError } from '../domain/errors.ts'
import {
  canSeeTicket,
  hasOpenedTicket,
  REQUESTER,
  type TicketFacts,
  type TicketViewer,
} from '../domain/ticket-visibility.ts'
import type { Storage } from '../storage/storage.ts'
import { createFollowups } from './followups.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'
import { MAX_NAMED, type Named } from './ticket-assignees.ts'
import { readTicketSummaries } from './ticket-summaries.ts'
import { createTicketViewers, demandTicket, demandTicketReader } from './ticket-viewer.ts'
import { createUserTickets } from './user-tickets.ts'

export interface ShownTicket {
  ticket: TicketDetails
  followups: Page<Followup>
}

/** Reads tickets of any helpdesk, within what it lets an agent see. */
export function createTicketReads({
  storage,
  helpdesk,
}: {
  storage: Storage
  helpdesk: Pick<Helpdesk, 'decodeText' | 'decodeContent'>
}) {
  const { decodeText, decodeContent } = helpdesk
  const { db } = storage
  const viewers = createTicketViewers(storage)
  const followups = createFollowups(storage, viewers, helpdesk)
  const text = (stored: string | null | undefined) => decodeText(stored ?? '')

  /** Those of these people who are still there, by name. */
  async function people(ids: readonly number[]): Promise<Map<number, Named>> {
    const rows = await db
      .selectFrom('glpi_users')
      .select(['id', 'name', 'realname', 'firstname'])
      .where('id', 'in', ids)
      .execute()
    return new Map(
      rows.map(({ id, name, realname, firstname }) => [
        id,
        {
          id,
          name: displayName({
            name: text(name),
            realname: text(realname),
            firstname: text(firstname),
          }),
        },
      ]),
    )
  }

  async function details(id: number, facts: TicketFacts): Promise<TicketDetails> {
    const [summary] = await readTicketSummaries(storage, [id], decodeText)
    const row = await db
      .selectFrom('glpi_tickets as ticket')
      .leftJoin('glpi_requesttypes as source', 'source.id', 'ticket.requesttypes_id')
      .select(['ticket.content', 'source.name as source'])
      .where('ticket.id', '=', id)
      .executeTakeFirst()
    if (summary === undefined || row === undefined) throw new AppError('ticket-unknown')
    const requesters = withRole(facts.users, REQUESTER)
    const named = await people([facts.recipientId, ...requesters])
    return {
      ...summary,
      description: decodeContent(row.content ?? ''),
      source: text(row.source),
      author: named.get(facts.recipientId) ?? null,
      requesters: requesters.flatMap((one) => named.get(one) ?? []),
    }
  }

  async function show(viewer: TicketViewer, id: number, facts: TicketFacts): Promise<ShownTicket> {
    return {
      ticket: await details(id, facts),
      followups: await followups.page(viewer, id, DEFAULT_PAGE),
    }
  }

  return {
    ofUser: createUserTickets(storage, viewers, decodeText),
    followups: followups.list,
    followup: followups.one,
    /** A ticket with the first page of its followups. Throws `ticket-unknown`. */
    async one(agent: Agent, id: number): Promise<ShownTicket> {
      const viewer = await demandTicketReader(viewers, agent)
      return show(viewer, id, await demandTicket(db, viewer, id))
    },
    /** The same for a ticket that the agent has just opened, and may be shown even where they may read no other. */
    async opened(agent: Agent, id: number): Promise<ShownTicket> {
      const viewer = await viewers(agent)
      const allowed = (_: TicketViewer, facts: TicketFacts) =>
        canSeeTicket(viewer, facts) || hasOpenedTicket(viewer, facts)
      return show(viewer, id, await demandTicket(db, viewer, id, allowed))
    },
  }
}

export type TicketReads = ReturnType<typeof createTicketReads>

/** The ids of those with a role, each once; 0 is somebody known by an e-mail address alone. */
function withRole(actors: TicketFacts['users'], role: number): number[] {
  const ids = actors.filter((actor) => actor.role === role && actor.id !== 0).map(({ id }) => id)
  return [...new Set(ids)].slice(0, MAX_NAMED)
}
