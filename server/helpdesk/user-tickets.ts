import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Page } from '../../contract/paging.ts'
import type { StatusFilter, TicketCounts, TicketSort, TicketSummary } from '../../contract/tickets.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../domain/cursor.ts'
import { isOpen, statusName } from '../domain/ticket-status.ts'
import { actorsDecide, canListTicket, REQUESTER, type TicketViewer } from '../domain/ticket-visibility.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'
import { readTicketSummaries } from './ticket-summaries.ts'
import {
  demandTicketReader,
  factsWithoutActors,
  readTicketFacts,
  type TicketRow,
  type TicketViewers,
} from './ticket-viewer.ts'
import { demandUserInScope } from './user-gate.ts'

/** Tickets looked at in one go; on SQLite nothing else runs meanwhile. */
const CHUNK = 250
/** Who has more is no person but an account that many share. */
const MAX_TICKETS = 10_000

interface Asked {
  status: StatusFilter
  sort: TicketSort
  limit: number
  cursor: string | undefined
}

/** A ticket with what it is sorted by. */
interface Candidate extends TicketRow {
  date: string | null
  date_mod: string | null
  priority: number
}

/** Where a ticket stands in an order. */
type Position = readonly [rank: number, time: string, id: number]

const byChange = ({ date_mod, id }: Candidate): Position => [0, date_mod ?? '', id]
const byOpening = ({ date, id }: Candidate): Position => [0, date ?? '', id]
const byPriority = ({ priority, id }: Candidate): Position => [priority, '', id]

const ORDERS: Record<TicketSort, { position(ticket: Candidate): Position; direction: 1 | -1 }> = {
  open: { position: ({ status, date, id }) => [isOpen(status) ? 1 : 0, date ?? '', id], direction: -1 },
  changedAt: { position: byChange, direction: 1 },
  '-changedAt': { position: byChange, direction: -1 },
  openedAt: { position: byOpening, direction: 1 },
  '-openedAt': { position: byOpening, direction: -1 },
  priority: { position: byPriority, direction: 1 },
  '-priority': { position: byPriority, direction: -1 },
}

function compare(one: Position, other: Position): number {
  for (const part of [0, 1, 2] as const) {
    if (one[part] < other[part]) return -1
    if (one[part] > other[part]) return 1
  }
  return 0
}

/** Where the page before ended; a cursor of another order means nothing in this one. */
function positionIn(cursor: string | undefined, sort: TicketSort): Position | null {
  const values = decodeCursor(cursor, 4)
  if (values === null) return null
  const [madeFor, rank, time, id] = values
  if (madeFor === sort && typeof rank === 'number' && typeof time === 'string' && typeof id === 'number')
    return [rank, time, id]
  refuseCursor('it was made for another order of this list')
}

/**
 * Lists the tickets that a person has asked for, and counts them by status. There is no index over a person's tickets
 * and their status, so all of them are read, a few columns each and some at a time; titles are read for the page.
 */
export function createUserTickets(
  storage: Storage,
  viewers: TicketViewers,
  decodeText: Helpdesk['decodeText'],
) {
  const selectAsked = storage.prepare((db, params: { usersId: number }) =>
    db
      .selectFrom('glpi_tickets_users')
      .select('tickets_id')
      .where('users_id', '=', params.usersId)
      .where('type', '=', sql.lit(REQUESTER))
      .orderBy('id', 'desc')
      .limit(sql.lit(MAX_TICKETS + 1)),
  )

  async function readCandidates(ids: readonly number[], viewer: TicketViewer): Promise<Candidate[]> {
    const tickets = await storage.db
      .selectFrom('glpi_tickets')
      .select(['id', 'entities_id', 'status', 'users_id_recipient', 'priority', 'date', 'date_mod'])
      .where('id', 'in', ids)
      .where('is_deleted', '=', 0)
      .execute()
    const facts = actorsDecide(viewer) ? await readTicketFacts(storage.db, tickets) : undefined
    return tickets.filter((ticket) =>
      canListTicket(viewer, facts?.get(ticket.id) ?? factsWithoutActors(ticket)),
    )
  }

  /** Hands over every ticket that the viewer may be shown; answers whether these were all. */
  async function walk(
    usersId: number,
    viewer: TicketViewer,
    visit: (ticket: Candidate) => void,
  ): Promise<boolean> {
    const asked = (await selectAsked({ usersId })).map((link) => link.tickets_id)
    // A person may be linked twice, by two addresses.
    const ids = [...new Set(asked.slice(0, MAX_TICKETS))]
    for (let from = 0; from < ids.length; from += CHUNK) {
      if (from > 0) await turn()
      for (const ticket of await readCandidates(ids.slice(from, from + CHUNK), viewer)) visit(ticket)
    }
    return asked.length <= MAX_TICKETS
  }

  return async (
    agent: Agent,
    usersId: number,
    { status, sort, limit, cursor }: Asked,
  ): Promise<Page<TicketSummary> & { counts: TicketCounts }> => {
    const { position, direction } = ORDERS[sort]
    const after = positionIn(cursor, sort)
    const viewer = await demandTicketReader(viewers, agent)
    await demandUserInScope(storage.db, agent, usersId, 'see')

    const counts = { open: 0, new: 0, assigned: 0, planned: 0, pending: 0, solved: 0, closed: 0 }
    const found: Position[] = []
    const complete = await walk(usersId, viewer, (ticket) => {
      const open = isOpen(ticket.status)
      const name = statusName(ticket.status)
      if (open) counts.open++
      if (name !== 'other') counts[name]++
      if (status !== 'all' && open !== (status === 'open')) return
      const place = position(ticket)
      if (after === null || compare(place, after) * direction > 0) found.push(place)
    })
    found.sort((one, other) => compare(one, other) * direction)
    const page = found.slice(0, limit)
    const end = page.at(-1)
    return {
      items: await readTicketSummaries(
        storage,
        page.map(([, , id]) => id),
        decodeText,
      ),
      cursor: end === undefined || found.length <= limit ? null : encodeCursor([sort, ...end]),
      counts: { ...counts, complete },
    }
  }
}
