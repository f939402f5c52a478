import { type Kysely, sql } from 'kysely'
import type { Page } from '../../contract/paging.ts'
import type { Followup } from '../../contract/tickets.ts'
import { displayName } from '../domain/accounts.ts'
import { idBehind, pageById } from '../domain/cursor.ts'
import { AppError } from '../domain/errors.ts'
import { FOLLOWUP, has } from '../domain/rights.ts'
import type { TicketViewer } from '../domain/ticket-visibility.ts'
import { storedTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'
import { demandTicket, demandTicketReader, type TicketViewers } from './ticket-viewer.ts'

/** A ticket's followups as somebody sees them: the host's rule is that everybody sees their own, whatever their rights. */
function selectSeen(db: Kysely<Tables>, viewer: TicketViewer, ticketId: number) {
  const { followup: rights } = viewer.rights
  const all = db
    .selectFrom('glpi_itilfollowups as followup')
    .leftJoin('glpi_users as author', 'author.id', 'followup.users_id')
    .select([
      'followup.id',
      'followup.content',
      'followup.is_private',
      'followup.date',
      'author.id as author_id',
      'author.name',
      'author.realname',
      'author.firstname',
    ])
    .where('followup.itemtype', '=', 'Ticket')
    .where('followup.items_id', '=', ticketId)
  if (has(rights, FOLLOWUP.seePrivate)) return all
  if (!has(rights, FOLLOWUP.seePublic)) return all.where('followup.users_id', '=', viewer.id)
  return all.where(({ or, eb }) =>
    or([eb('followup.is_private', '=', 0), eb('followup.users_id', '=', viewer.id)]),
  )
}

type Row = Awaited<ReturnType<ReturnType<typeof selectSeen>['execute']>>[number]

/** Reads the followups of tickets, newest first: in the order of ids, which is the one that an index keeps. */
export function createFollowups(
  storage: Storage,
  viewers: TicketViewers,
  { decodeText, decodeContent }: Pick<Helpdesk, 'decodeText' | 'decodeContent'>,
) {
  const text = (stored: string | null) => decodeText(stored ?? '')

  function toFollowup(row: Row): Followup {
    const name = displayName({
      name: text(row.name),
      realname: text(row.realname),
      firstname: text(row.firstname),
    })
    return {
      id: row.id,
      content: decodeContent(row.content ?? ''),
      private: row.is_private === 1,
      author: row.author_id === null ? null : { id: row.author_id, name },
      createdAt: storedTime(row.date),
    }
  }

  async function page(
    viewer: TicketViewer,
    ticketId: number,
    limit: number,
    cursor?: string,
  ): Promise<Page<Followup>> {
    const before = idBehind(cursor)
    const seen = selectSeen(storage.db, viewer, ticketId)
    const rows = await (before === null ? seen : seen.where('followup.id', '<', before))
      .orderBy('followup.id', 'desc')
      .limit(sql.lit(limit + 1))
      .execute()
    const { items, cursor: end } = pageById(rows, limit)
    return { items: items.map(toFollowup), cursor: end }
  }

  return {
    /** A page for somebody who is known to see the ticket. */
    page,
    async list(agent: Agent, ticketId: number, limit: number, cursor?: string): Promise<Page<Followup>> {
      const viewer = await demandTicketReader(viewers, agent)
      await demandTicket(storage.db, viewer, ticketId)
      return page(viewer, ticketId, limit, cursor)
    },
    async one(agent: Agent, ticketId: number, id: number): Promise<Followup> {
      const viewer = await demandTicketReader(viewers, agent)
      await demandTicket(storage.db, viewer, ticketId)
      const row = await selectSeen(storage.db, viewer, ticketId)
        .where('followup.id', '=', id)
        .executeTakeFirst()
      if (row === undefined) throw new AppError('followup-unknown')
      return toFollowup(row)
    },
  }
}
