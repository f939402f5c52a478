import { answer, type HostAnswer } from './answers.ts'
import type { SessionCall } from './call.ts'
import { hostTime, textOf } from './database.ts'
import { ACTIONS, historyOf } from './history.ts'
import { NO_PERMISSION, numberIn, readInput, writeRefused } from './input.ts'
import { phpMap } from './php-json.ts'
import { canAddFollowup } from './ticket-scope.ts'

const PLAYED = new Set(['itemtype', 'items_id', 'content', 'is_private', 'requesttypes_id'])

/** `POST ITILFollowup` to a ticket; the ticket counts as changed by it. */
export async function createFollowup(call: SessionCall): Promise<HostAnswer> {
  const { db, session, request, apiUrl, sanitise } = call
  const input = readInput(call, PLAYED)
  if (input.get('itemtype') !== 'Ticket') call.unexpected('a followup to something else than a ticket')
  const ticketId = numberIn(input, 'items_id', 0)
  const ticket = await db.row('select * from glpi_tickets where id = ?', [ticketId])
  if (ticket === undefined || !(await canAddFollowup(db, session, ticket))) {
    throw writeRefused('ERROR_GLPI_ADD', NO_PERMISSION)
  }
  const content = String(input.get('content') ?? '')
  if (content === '' || content === '0') {
    throw writeRefused('ERROR_GLPI_ADD', "You can't add a followup without description")
  }
  const at = hostTime(request.at)
  const source = numberIn(input, 'requesttypes_id', 0)
  const id = await db.insert('glpi_itilfollowups', {
    itemtype: 'Ticket',
    items_id: ticketId,
    users_id: session.userId,
    content: sanitise(content),
    is_private: numberIn(input, 'is_private', 0),
    requesttypes_id: source,
    date: at,
    date_mod: at,
    date_creation: at,
  })
  await db.run('update glpi_tickets set date_mod = ?, users_id_lastupdater = ? where id = ?', [
    at,
    session.userId,
    ticketId,
  ])
  const log = historyOf(db, session, request.at)
  await log({
    itemtype: 'Ticket',
    id: ticketId,
    action: ACTIONS.partAdded,
    link: 'ITILFollowup',
    to: String(id),
  })
  const type = await db.row('select name from glpi_requesttypes where id = ?', [source])
  const shown = type === undefined ? 'Followup' : textOf(type.name)
  return answer(phpMap({ id, message: `Item successfully added: ${shown}` }), 201, {
    location: `${apiUrl}/ITILFollowup/${id}`,
  })
}
