import type { TicketSummary } from '../../contract/tickets.ts'
import { statusName } from '../domain/ticket-status.ts'
import { storedTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Helpdesk } from './helpdesk.ts'
import { readAssignees } from './ticket-assignees.ts'

const REQUEST = 2

/** Shows tickets by their ids, in the order of the ids; what is gone is left out. Whom they are shown to is not asked here. */
export async function readTicketSummaries(
  storage: Pick<Storage, 'db'>,
  ids: readonly number[],
  decodeText: Helpdesk['decodeText'],
): Promise<TicketSummary[]> {
  if (ids.length === 0) return []
  const selected = storage.db
    .selectFrom('glpi_tickets as ticket')
    .leftJoin('glpi_itilcategories as category', 'category.id', 'ticket.itilcategories_id')
    .leftJoin('glpi_entities as entity', 'entity.id', 'ticket.entities_id')
    .select([
      'ticket.id',
      'ticket.name',
      'ticket.type',
      'ticket.status',
      'ticket.urgency',
      'ticket.impact',
      'ticket.priority',
      'ticket.date',
      'ticket.date_mod',
      'ticket.entities_id',
      'entity.name as entity',
      'category.id as category_id',
      'category.name as category',
      'category.completename as category_path',
    ])
    .where('ticket.id', 'in', ids)
  const [rows, assigneesOf] = await Promise.all([selected.execute(), readAssignees(storage, ids, decodeText)])
  const text = (stored: string | null) => decodeText(stored ?? '')
  const shown = new Map<number, TicketSummary>()
  for (const row of rows) {
    shown.set(row.id, {
      id: row.id,
      title: text(row.name),
      type: row.type === REQUEST ? 'request' : 'incident',
      status: statusName(row.status),
      urgency: row.urgency,
      impact: row.impact,
      priority: row.priority,
      category:
        row.category_id === null
          ? null
          : { id: row.category_id, name: text(row.category), path: text(row.category_path) },
      entity: { id: row.entities_id, name: text(row.entity) },
      openedAt: storedTime(row.date),
      changedAt: storedTime(row.date_mod),
      ...assigneesOf(row.id),
    })
  }
  return ids.flatMap((id) => shown.get(id) ?? [])
}
