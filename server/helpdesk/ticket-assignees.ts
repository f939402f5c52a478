import { displayName } from '../domain/accounts.ts'
import { ASSIGNED } from '../domain/ticket-visibility.ts'
import type { Storage } from '../storage/storage.ts'
import type { Helpdesk } from './helpdesk.ts'

/** How many people or groups of one kind are named. */
export const MAX_NAMED = 100

/** Somebody or something by name. */
export interface Named {
  id: number
  name: string
}

/** Who is assigned to a ticket. */
export interface Assignees {
  technicians: Named[]
  groups: Named[]
}

/** Names who is assigned to each of these tickets, in bulk; who is gone is left out. Whom they are shown to is not asked here. */
export async function readAssignees(
  { db }: Pick<Storage, 'db'>,
  ids: readonly number[],
  decodeText: Helpdesk['decodeText'],
): Promise<(ticketId: number) => Assignees> {
  const text = (stored: string | null) => decodeText(stored ?? '')
  const [people, groups] = await Promise.all([
    db
      .selectFrom('glpi_tickets_users as link')
      .innerJoin('glpi_users as user', 'user.id', 'link.users_id')
      .select(['link.tickets_id', 'user.id', 'user.name', 'user.realname', 'user.firstname'])
      .where('link.tickets_id', 'in', ids)
      .where('link.type', '=', ASSIGNED)
      .execute(),
    db
      .selectFrom('glpi_groups_tickets as link')
      .innerJoin('glpi_groups as group', 'group.id', 'link.groups_id')
      .select(['link.tickets_id', 'group.id', 'group.name'])
      .where('link.tickets_id', 'in', ids)
      .where('link.type', '=', ASSIGNED)
      .execute(),
  ])
  const technicians = people.map(({ tickets_id, id, name, realname, firstname }) => ({
    tickets_id,
    id,
    name: displayName({ name: text(name), realname: text(realname), firstname: text(firstname) }),
  }))
  const techniciansOf = namedByTicket(technicians)
  const groupsOf = namedByTicket(groups.map((group) => ({ ...group, name: text(group.name) })))
  return (ticketId) => ({
    technicians: techniciansOf.get(ticketId) ?? [],
    groups: groupsOf.get(ticketId) ?? [],
  })
}

/** Each once, by id: a person may be linked twice, by two addresses. */
function namedByTicket(rows: readonly (Named & { tickets_id: number })[]): ReadonlyMap<number, Named[]> {
  const byTicket = Map.groupBy(rows, (row) => row.tickets_id)
  return new Map(
    [...byTicket].map(([ticketId, links]) => {
      const byId = new Map(links.map(({ id, name }) => [id, { id, name }]))
      return [ticketId, [...byId.values()].sort((one, other) => one.id - other.id).slice(0, MAX_NAMED)]
    }),
  )
}
