import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { STATUS } from '../domain/ticket-status.ts'
import { canAddFollowup, type TicketViewer } from '../domain/ticket-visibility.ts'
import type { Tables } from '../storage/tables.ts'
import type { NewFollowup } from './helpdesk.ts'
import { demandTicket } from './ticket-viewer.ts'

/** What a TEXT column holds. */
const MAX_TEXT_BYTES = 65_535

/** Throws `value-refused` where a text is longer than its column, or no text. */
export function demandTextFits(field: string, text: string): void {
  const refuse = (detail: string) => new AppError('value-refused', { field, detail })
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw refuse(`it is longer than ${MAX_TEXT_BYTES} bytes`)
  // Half a surrogate pair would be stored as another character.
  if (!text.isWellFormed()) throw refuse('it holds half a character')
}

export function demandFollowupWellFormed({ content }: NewFollowup): void {
  if (content.trim() === '')
    throw new AppError('value-refused', { field: 'content', detail: 'a followup needs a text' })
  demandTextFits('content', content)
}

/** Throws `ticket-unknown`, `right-missing` or `ticket-closed` unless the viewer may add to this ticket. */
export async function demandFollowupAllowed(
  db: Kysely<Tables>,
  viewer: TicketViewer,
  ticketId: number,
): Promise<void> {
  const ticket = await demandTicket(db, viewer, ticketId)
  if (!canAddFollowup(viewer, ticket)) {
    throw new AppError('right-missing', {
      detail: 'the profile may not add followups to this ticket (followup)',
    })
  }
  // As the host, which lets only those who may reopen a closed ticket write to it; nobody reopens here.
  if (ticket.status === STATUS.closed) throw new AppError('ticket-closed')
}
