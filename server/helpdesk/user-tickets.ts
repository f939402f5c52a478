import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Page } from '../../contract/paging.ts'
import type { StatusFilter, TicketCounts, TicketSort, TicketSummary } from '../../contract/tickets.ts'
import { decodeCursor, encodeCursor } from '../domain/cursor.ts'
import { AppError } from '../domain/errors.ts'
import { isOpen, statusName } from '../domain/ticket-status.ts'
import { canListTicket, REQUESTER, type TicketViewer } from '../domain/ticket-visibility.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'
import { readTicketSummaries } from './ticket-summaries.ts'
import { demandTicketReader, readTicketFacts, type TicketRow, type TicketViewers } from './ticket-viewer.ts'
import { demandUserInScope } from './user-gate.ts'

/** Tickets read by one statement; on SQLite nothing else runs meanwhile. */
const CHUNK = 500
/** Who has more is no person but an account that many share. */
const MAX_TICKETS = 10_000
const AFTER_ALL = Number.MAX_SAFE_INTEGER

interface Asked {
  status: StatusFilter
  sort: TicketSort
  limit: number
  cursor: string | undefined
}

/** A ticket with what it is sorted by. */
interface Candidate extends TicketRow {
  date: string
  date_mod: string
  priority: number
}

/** Where a ticket stands in an order. */
type Position = readonly [rank: number, time: string, id: number]

const byChange = ({ date_mod, id }: Candidate): Position => [0, date_mod, id]
const byOpening = ({ date, id }: Candidate): Position => [0, date, id]
const byPriority = ({ priority, id }: Candidate): Position => [priority, '', id]

const ORDERS: Record<TicketSort, { position(ticket: Candidate): Position; direction: 1 | -1 }> = {
  open: { position: ({ status, date, id }) => [isOpen(status) ? 1 : 0, date, id], direction: -1 },
  changed: { position: byChange, direction: 1 },
  '-changed': { position: byChange, direction: -1 },
  opened: { position: byOpening, direction: 1 },
  '-opened': { position: byOpening, direction: -1 },
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
  throw new AppError('value-refused', {
    field: 'cursor',
    detail: 'it was made for another order of this list',
  })
}

/**
 * Lists the tickets that a person has asked for, and counts them by status. There is no index over a person's tickets
 * and their status, so all of them are read, a few columns each and in short statements; titles are read for the page.
 */
export function createUserTickets(
  storage: Storage,
  viewers: TicketViewers,
  decodeText: Helpdesk['decodeText'],
) {
  const selectCandidates = storage.prepare((db, params: { usersId: number; before: number }) => {
    const links = db
      .selectFrom('glpi_tickets_users')
      .select(['id', 'tickets_id'])
      .where('users_id', '=', params.usersId)
      .where('type', '=', sql.lit(REQUESTER))
      .where('id', '<', params.before)
      .orderBy('id', 'desc')
      .limit(sql.lit(CHUNK))
    return db
      .selectFrom(links.as('link'))
      .leftJoin('glpi_tickets as ticket', (join) =>
        join.onRef('ticket.id', '=', 'link.tickets_id').on('ticket.is_deleted', '=', sql.lit(0)),
      )
      .select([
        'link.id as link_id',
        'ticket.id',
        'ticket.entities_id',
        'ticket.status',
        'ticket.users_id_recipient',
        'ticket.priority',
        'ticket.date',
        'ticket.date_mod',
      ])
      .orderBy('link.id', 'desc')
  })

  /** Hands over every ticket that the viewer may be shown, newest links first; answers whether these were all. */
  async function walk(
    usersId: number,
    viewer: TicketViewer,
    visit: (ticket: Candidate) => void,
  ): Promise<boolean> {
    // A person may be linked twice, by two addresses.
    const known = new Set<number>()
    let before = AFTER_ALL
    for (let read = 0; ; read += CHUNK) {
      const rows = await selectCandidates({ usersId, before })
      const last = rows.at(-1)
      if (last === undefined) return true
      if (read >= MAX_TICKETS) return false
      const candidates = rows.flatMap((row): Candidate[] => {
        if (row.id === null || known.has(row.id)) return []
        known.add(row.id)
        return [
          {
            id: row.id,
            entities_id: row.entities_id ?? 0,
            status: row.status ?? 0,
            users_id_recipient: row.users_id_recipient ?? 0,
            priority: row.priority ?? 0,
            date: row.date ?? '',
            date_mod: row.date_mod ?? '',
          },
        ]
      })
      const facts = await readTicketFacts(storage.db, candidates)
      for (const ticket of candidates) {
        const decisive = facts.get(ticket.id)
        if (decisive !== undefined && canListTicket(viewer, decisive)) visit(ticket)
      }
      if (rows.length < CHUNK) return true
      before = last.link_id
      await turn()
    }
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
