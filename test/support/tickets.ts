import type { Insertable } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'
import type { Tables } from '../../server/storage/tables.ts'
import { asHost } from './as-host.ts'

/** The host's numbers of what somebody is on a ticket. */
const ROLES = { requester: 1, assigned: 2, observer: 3 } as const
type Role = keyof typeof ROLES

export interface TestTicket extends Partial<Omit<Insertable<Tables['glpi_tickets']>, 'name'>> {
  title?: string
  entity?: number
  /** Ids by what they are on it. */
  users?: Partial<Record<Role, readonly number[]>>
  groups?: Partial<Record<Role, readonly number[]>>
  validators?: readonly number[]
}

/** Writes tickets straight into the tables, as the host would. */
export function ticketsIn(storage: Storage) {
  const host = asHost(storage)

  async function addTickets(tickets: readonly TestTicket[]): Promise<number[]> {
    return host.write('normal', async (tx) => {
      const { newest } = await tx
        .selectFrom('glpi_tickets')
        .select(({ fn }) => fn.max('id').as('newest'))
        // What is there now, whatever a snapshot shows of rows that went a moment ago.
        .$if(host.engine === 'mysql', (query) => query.forUpdate())
        .executeTakeFirstOrThrow()
      const first = Number(newest ?? 0) + 1
      const rows = tickets.map((ticket, index) => ({ ...ticket, id: ticket.id ?? first + index }))
      await host.insertMany(
        tx,
        'glpi_tickets',
        rows.map(({ title, entity, users: _, groups: __, validators: ___, ...columns }) => ({
          id: columns.id,
          entities_id: entity ?? 0,
          name: title ?? `Ticket ${columns.id}`,
          content: columns.content ?? '',
          status: columns.status ?? 1,
          type: columns.type ?? 1,
          urgency: columns.urgency ?? 3,
          impact: columns.impact ?? 3,
          priority: columns.priority ?? 3,
          itilcategories_id: columns.itilcategories_id ?? 0,
          requesttypes_id: columns.requesttypes_id ?? 3,
          users_id_recipient: columns.users_id_recipient ?? 0,
          is_deleted: columns.is_deleted ?? 0,
          date: columns.date ?? '2026-01-01 08:00:00',
          date_mod: columns.date_mod ?? '2026-01-01 08:00:00',
          date_creation: columns.date_creation ?? null,
        })),
      )
      const actors = (of: 'users' | 'groups') =>
        rows.flatMap(({ id, [of]: roles = {} }) =>
          Object.entries(roles).flatMap(([role, ids]) =>
            ids.map((actor) => ({ tickets_id: id, actor, type: ROLES[role as Role] })),
          ),
        )
      await host.insertMany(
        tx,
        'glpi_tickets_users',
        actors('users').map(({ actor, ...link }) => ({ ...link, users_id: actor })),
      )
      await host.insertMany(
        tx,
        'glpi_groups_tickets',
        actors('groups').map(({ actor, ...link }) => ({ ...link, groups_id: actor })),
      )
      await host.insertMany(
        tx,
        'glpi_ticketvalidations',
        rows.flatMap(({ id, validators = [] }) =>
          validators.map((validator) => ({ tickets_id: id, users_id_validate: validator })),
        ),
      )
      return rows.map(({ id }) => id)
    })
  }

  async function insert<Name extends keyof Tables>(
    table: Name,
    row: Insertable<Tables[Name]>,
  ): Promise<number> {
    const { insertId } = await host.write('normal', (tx) =>
      tx.insertInto(table).values(row).executeTakeFirstOrThrow(),
    )
    return Number(insertId)
  }

  return {
    addTickets,
    async addTicket(ticket: TestTicket): Promise<number> {
      const [id = 0] = await addTickets([ticket])
      return id
    },
    async addGroup(name: string, entity: number, recursive: 0 | 1, ...members: number[]): Promise<number> {
      const id = await insert('glpi_groups', { name, entities_id: entity, is_recursive: recursive })
      for (const member of members) await insert('glpi_groups_users', { users_id: member, groups_id: id })
      return id
    },
    addCategory: (category: Partial<Insertable<Tables['glpi_itilcategories']>>): Promise<number> =>
      insert('glpi_itilcategories', {
        entities_id: 0,
        is_recursive: 1,
        itilcategories_id: 0,
        name: 'Category',
        completename: category.name ?? 'Category',
        level: 1,
        is_incident: 1,
        is_request: 1,
        ...category,
      }),
    addFollowup: (ticket: number, author: number, content: string, isPrivate: 0 | 1 = 0): Promise<number> =>
      insert('glpi_itilfollowups', {
        itemtype: 'Ticket',
        items_id: ticket,
        users_id: author,
        content,
        is_private: isPrivate,
        requesttypes_id: 3,
        date: '2026-01-02 08:00:00',
        date_mod: null,
        date_creation: null,
      }),
    update: (id: number, change: Partial<Insertable<Tables['glpi_tickets']>>): Promise<unknown> =>
      host.write('normal', (tx) => tx.updateTable('glpi_tickets').set(change).where('id', '=', id).execute()),
  }
}
