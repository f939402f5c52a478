import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { demandRight, missingForTicketRead } from '../domain/rights.ts'
import { canSeeTicket, type TicketFacts, type TicketViewer } from '../domain/ticket-visibility.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent } from './helpdesk.ts'

/** The columns of a ticket that decide who sees it. */
export interface TicketRow {
  id: number
  entities_id: number
  status: number
  users_id_recipient: number
}

/** Reads what an agent brings along when they look at tickets. Rights and scope are as old as the agent. */
export function createTicketViewers(storage: Storage) {
  const selectValidation = storage.prepare((db, params: { profilesId: number }) =>
    db
      .selectFrom('glpi_profilerights')
      .select('rights')
      .where('profiles_id', '=', params.profilesId)
      .where('name', '=', 'ticketvalidation'),
  )
  const selectGroups = storage.prepare((db, params: { usersId: number }) =>
    db
      .selectFrom('glpi_groups_users as member')
      .innerJoin('glpi_groups as group', 'group.id', 'member.groups_id')
      .select(['group.id', 'group.entities_id', 'group.is_recursive'])
      .where('member.users_id', '=', params.usersId),
  )
  return async ({ id, profileId, rights, scope }: Agent): Promise<TicketViewer> => {
    const [[validation], groups] = await Promise.all([
      selectValidation({ profilesId: profileId }),
      selectGroups({ usersId: id }),
    ])
    const seen = groups.filter(
      ({ entities_id: entity, is_recursive: recursive }) =>
        scope.entities.has(entity) || (recursive === 1 && scope.above.has(entity)),
    )
    return {
      id,
      rights,
      validation: validation?.rights ?? 0,
      groups: new Set(seen.map((group) => group.id)),
      scope,
    }
  }
}

export type TicketViewers = ReturnType<typeof createTicketViewers>

/** The same for who wants to read; throws `right-missing` where they may see no ticket whatever. */
export async function demandTicketReader(viewers: TicketViewers, agent: Agent): Promise<TicketViewer> {
  const viewer = await viewers(agent)
  demandRight(missingForTicketRead(agent.rights, viewer.validation))
  return viewer
}

/** A ticket as if nobody were on it. */
export function factsWithoutActors(ticket: TicketRow): TicketFacts {
  return {
    entityId: ticket.entities_id,
    status: ticket.status,
    recipientId: ticket.users_id_recipient,
    users: [],
    groups: [],
    validators: [],
  }
}

/** What decides who sees each of these tickets, in bulk. In a transaction, pass that. */
export async function readTicketFacts(
  db: Kysely<Tables>,
  tickets: readonly TicketRow[],
): Promise<ReadonlyMap<number, TicketFacts>> {
  if (tickets.length === 0) return new Map()
  const ids = tickets.map(({ id }) => id)
  const users = await db
    .selectFrom('glpi_tickets_users')
    .select(['tickets_id', 'users_id as id', 'type as role'])
    .where('tickets_id', 'in', ids)
    .execute()
  const groups = await db
    .selectFrom('glpi_groups_tickets')
    .select(['tickets_id', 'groups_id as id', 'type as role'])
    .where('tickets_id', 'in', ids)
    .execute()
  const validations = await db
    .selectFrom('glpi_ticketvalidations')
    .select(['tickets_id', 'users_id_validate'])
    .where('tickets_id', 'in', ids)
    .execute()
  const usersOf = Map.groupBy(users, (row) => row.tickets_id)
  const groupsOf = Map.groupBy(groups, (row) => row.tickets_id)
  const validationsOf = Map.groupBy(validations, (row) => row.tickets_id)
  return new Map(
    tickets.map((ticket) => [
      ticket.id,
      {
        ...factsWithoutActors(ticket),
        users: usersOf.get(ticket.id) ?? [],
        groups: groupsOf.get(ticket.id) ?? [],
        validators: (validationsOf.get(ticket.id) ?? []).map((row) => row.users_id_validate),
      },
    ]),
  )
}

/**
 * What decides about one ticket; throws `ticket-unknown` unless the viewer is `allowed` it: who asks must not learn that
 * a ticket exists that they may not see. Tickets in the bin are not there. In a transaction, pass that.
 */
export async function demandTicket(
  db: Kysely<Tables>,
  viewer: TicketViewer,
  id: number,
  allowed: (viewer: TicketViewer, ticket: TicketFacts) => boolean = canSeeTicket,
): Promise<TicketFacts> {
  const rows = await db
    .selectFrom('glpi_tickets')
    .select(['id', 'entities_id', 'status', 'users_id_recipient'])
    .where('id', '=', id)
    .where('is_deleted', '=', 0)
    .execute()
  const facts = (await readTicketFacts(db, rows)).get(id)
  if (facts === undefined || !allowed(viewer, facts)) throw new AppError('ticket-unknown')
  return facts
}
