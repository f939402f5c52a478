import type { Kysely } from 'kysely'
import { STATUS } from '../../domain/ticket-status.ts'
import { ASSIGNED, OBSERVER, REQUESTER } from '../../domain/ticket-visibility.ts'
import { DAY_MS, hostTime, MINUTE_MS } from '../../domain/times.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { TICKET_TYPES } from '../new-ticket.ts'
import { ENTITIES, PEOPLE } from './demo-people.ts'
import {
  CATEGORIES,
  type DemoCategory,
  type DemoFollowup,
  type DemoGroup,
  type DemoTicket,
  GROUPS,
  MEDIUM,
  PHONE,
  TICKETS,
} from './demo-tickets.ts'

/** Adds the demo's groups, categories and tickets; its people and entities stand already. */
export async function insertDemoTickets(
  storage: Storage,
  tx: Kysely<Tables>,
  firstDay: number,
): Promise<void> {
  await insertGroups(storage, tx)
  await insertCategories(storage, tx)
  const tickets = TICKETS.map((ticket, index) => ({ ...ticket, id: index + 1 }))
  await storage.insertMany(
    tx,
    'glpi_tickets',
    tickets.map((ticket) => ticketRow(ticket, firstDay)),
  )
  await storage.insertMany(
    tx,
    'glpi_tickets_users',
    tickets.flatMap(({ id, requester, technician, observer }) => [
      { tickets_id: id, users_id: PEOPLE[requester].id, type: REQUESTER },
      ...(technician === undefined ? [] : [{ tickets_id: id, users_id: technician, type: ASSIGNED }]),
      ...(observer === undefined ? [] : [{ tickets_id: id, users_id: PEOPLE[observer].id, type: OBSERVER }]),
    ]),
  )
  await storage.insertMany(
    tx,
    'glpi_groups_tickets',
    tickets.flatMap(({ id, group }) =>
      group === undefined ? [] : [{ tickets_id: id, groups_id: GROUPS[group].id, type: ASSIGNED }],
    ),
  )
  await storage.insertMany(
    tx,
    'glpi_itilfollowups',
    tickets.flatMap((ticket) => followupRows(ticket, firstDay)),
  )
}

async function insertGroups(storage: Storage, tx: Kysely<Tables>): Promise<void> {
  const groups: readonly DemoGroup[] = Object.values(GROUPS)
  await storage.insertMany(
    tx,
    'glpi_groups',
    groups.map(({ id, name, entity, recursive }) => ({
      id,
      name,
      entities_id: ENTITIES[entity].id,
      is_recursive: recursive ? 1 : 0,
    })),
  )
  await storage.insertMany(
    tx,
    'glpi_groups_users',
    groups.flatMap(({ id, members }) => members.map((member) => ({ users_id: member, groups_id: id }))),
  )
}

async function insertCategories(storage: Storage, tx: Kysely<Tables>): Promise<void> {
  const paths = new Map<number, string[]>()
  const categories: readonly DemoCategory[] = Object.values(CATEGORIES)
  for (const { id, name, parent } of categories) paths.set(id, [...(paths.get(parent) ?? []), name])
  await storage.insertMany(
    tx,
    'glpi_itilcategories',
    categories.map(({ id, name, parent, entity, recursive, forIncidents, forRequests }) => ({
      id,
      entities_id: ENTITIES[entity].id,
      is_recursive: recursive ? 1 : 0,
      itilcategories_id: parent,
      name,
      completename: paths.get(id)?.join(' > ') ?? name,
      level: paths.get(id)?.length ?? 1,
      is_incident: forIncidents ? 1 : 0,
      is_request: forRequests ? 1 : 0,
    })),
  )
}

function ticketRow(ticket: DemoTicket & { id: number }, firstDay: number) {
  const { id, day, author, followups = [] } = ticket
  const opened = timeOn(firstDay, day, id)
  const last = followups.at(-1)
  return {
    id,
    entities_id: ENTITIES[ticket.entity ?? PEOPLE[ticket.requester].entity].id,
    name: ticket.title,
    content: ticket.description,
    date: opened,
    date_creation: opened,
    date_mod: last === undefined ? opened : followupTime(last, id, followups.length - 1, firstDay),
    users_id_recipient: author,
    users_id_lastupdater: last?.author ?? author,
    status: STATUS[ticket.status],
    requesttypes_id: ticket.source,
    type: TICKET_TYPES[ticket.type],
    urgency: ticket.urgency,
    impact: MEDIUM,
    priority: ticket.urgency,
    itilcategories_id: ticket.category === null ? 0 : CATEGORIES[ticket.category].id,
  }
}

function followupRows({ id, followups = [] }: DemoTicket & { id: number }, firstDay: number) {
  return followups.map((followup, index) => {
    const at = followupTime(followup, id, index, firstDay)
    return {
      itemtype: 'Ticket',
      items_id: id,
      users_id: followup.author,
      content: followup.content,
      is_private: followup.private ? 1 : 0,
      requesttypes_id: PHONE,
      date: at,
      date_mod: at,
      date_creation: at,
    }
  })
}

/** Some time after the ticket was opened, and after the followups before it. */
function followupTime({ day }: DemoFollowup, ticketId: number, index: number, firstDay: number): string {
  return timeOn(firstDay, day, 60 + ticketId + index * 30)
}

function timeOn(firstDay: number, day: number, minute: number): string {
  return hostTime(new Date(firstDay + day * DAY_MS + minute * MINUTE_MS))
}
