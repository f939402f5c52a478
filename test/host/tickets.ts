import { answer, type HostAnswer } from './answers.ts'
import type { SessionCall } from './call.ts'
import { hostTime, numberOf } from './database.ts'
import { ACTIONS, historyOf } from './history.ts'
import { type Input, NO_PERMISSION, numberIn, readInput, writeRefused } from './input.ts'
import { phpMap } from './php-json.ts'
import { hasRight } from './session.ts'

const CREATE = 4
const OWN = 32_768
const CHANGE_PRIORITY = 65_536
const MEDIUM = 3
const [NEW, ASSIGNED] = [1, 2]
const [REQUESTER, TECHNICIAN] = [1, 2]

const PLAYED = new Set([
  'name',
  'content',
  'type',
  'itilcategories_id',
  'urgency',
  'impact',
  'priority',
  'requesttypes_id',
  'entities_id',
  'locations_id',
  '_users_id_requester',
])

function requestersIn(input: Input, otherwise: number): number[] {
  const sent = input.get('_users_id_requester') ?? otherwise
  return [...new Set((Array.isArray(sent) ? sent : [sent]).map(Number))]
}

/** `POST Ticket`: the session's user is its author; whoever is named its requester, which the host does not check. */
export async function createTicket(call: SessionCall): Promise<HostAnswer> {
  const { db, session, request, config, apiUrl, sanitise } = call
  const input = readInput(call, PLAYED)
  const entity = numberIn(input, 'entities_id', session.activeEntity)
  if (!hasRight(session, 'ticket', CREATE) || !session.activeEntities.includes(entity)) {
    throw writeRefused('ERROR_GLPI_ADD', NO_PERMISSION)
  }
  const [name, content] = [String(input.get('name') ?? ''), String(input.get('content') ?? '')]
  const [urgency, impact] = [numberIn(input, 'urgency', MEDIUM), numberIn(input, 'impact', MEDIUM)]
  const matrix: Record<number, Record<number, number>> = JSON.parse(config('priority_matrix'))
  const computed = matrix[urgency]?.[impact] ?? MEDIUM
  const source = await db.row('select id from glpi_requesttypes where is_helpdesk_default = 1 order by id')
  const assignsSelf = session.setsDefaultTechnician && hasRight(session, 'ticket', OWN)
  const at = hostTime(request.at)
  const id = await db.insert('glpi_tickets', {
    entities_id: entity,
    name: sanitise(name),
    content: sanitise(content),
    date: at,
    date_mod: at,
    date_creation: at,
    users_id_recipient: session.userId,
    users_id_lastupdater: session.userId,
    status: numberOf(assignsSelf ? ASSIGNED : NEW),
    requesttypes_id: numberIn(input, 'requesttypes_id', numberOf(source?.id)),
    type: numberIn(input, 'type', 1),
    urgency,
    impact,
    priority: hasRight(session, 'ticket', CHANGE_PRIORITY) ? numberIn(input, 'priority', computed) : computed,
    itilcategories_id: numberIn(input, 'itilcategories_id', 0),
    locations_id: numberIn(input, 'locations_id', 0),
  })
  const log = historyOf(db, session, request.at)
  const actors = [
    ...requestersIn(input, session.userId).map((user) => [user, REQUESTER] as const),
    ...(assignsSelf ? [[session.userId, TECHNICIAN] as const] : []),
  ]
  for (const [user, type = 0] of actors) {
    await db.insert('glpi_tickets_users', { tickets_id: id, users_id: user, type, alternative_email: '' })
    await log({ itemtype: 'Ticket', id, action: ACTIONS.relationAdded, link: 'User', to: `(${user})` })
  }
  await log({ itemtype: 'Ticket', id, action: ACTIONS.created, link: '0' })
  return answer(phpMap({ id, message: `Item successfully added: ${name}` }), 201, {
    location: `${apiUrl}/Ticket/${id}`,
  })
}
