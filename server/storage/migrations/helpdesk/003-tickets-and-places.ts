import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { createIndex, foldedColumn, tableEnd } from '../../dialect.ts'
import type { Engine } from '../../storage.ts'

/** Rights by name, one value a profile in the order of 002-seeds, as recorded from ITSM-NG 1.4.0. */
const RIGHTS: Record<string, readonly number[]> = {
  location: [0, 0, 23, 23, 0, 0, 0, 0],
  ticketvalidation: [0, 0, 15376, 15376, 3088, 3088, 15376, 0],
}

/** What decides who sees a ticket (groups, validations), ticket categories, and the host's keys that lists are read by. */
export async function createTicketAndPlaceTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { schema } = db
  const flag = (value: 0 | 1) => (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(value)
  const zero = flag(0)
  const create = (name: string) =>
    schema
      .createTable(name)
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .modifyEnd(tableEnd(engine))

  await create('glpi_groups')
    .addColumn('entities_id', 'integer', zero)
    .addColumn('is_recursive', 'integer', zero)
    .addColumn('name', 'varchar(255)')
    .execute()
  await create('glpi_groups_users')
    .addColumn('users_id', 'integer', zero)
    .addColumn('groups_id', 'integer', zero)
    .addUniqueConstraint('glpi_groups_users_unicity', ['users_id', 'groups_id'])
    .execute()
  await create('glpi_groups_tickets')
    .addColumn('tickets_id', 'integer', zero)
    .addColumn('groups_id', 'integer', zero)
    .addColumn('type', 'integer', flag(1))
    .addUniqueConstraint('glpi_groups_tickets_unicity', ['tickets_id', 'type', 'groups_id'])
    .execute()
  await create('glpi_ticketvalidations')
    .addColumn('tickets_id', 'integer', zero)
    .addColumn('users_id_validate', 'integer', zero)
    .addColumn('status', 'integer', (column) => column.notNull().defaultTo(2))
    .execute()
  await create('glpi_itilcategories')
    .addColumn('entities_id', 'integer', zero)
    .addColumn('is_recursive', 'integer', zero)
    .addColumn('itilcategories_id', 'integer', zero)
    .addColumn('name', 'varchar(255)')
    .addColumn('completename', 'text')
    .addColumn('level', 'integer', zero)
    .addColumn('is_incident', 'integer', flag(1))
    .addColumn('is_request', 'integer', flag(1))
    .execute()

  // The host's own keys, as far as our queries use them.
  const indexes: [table: string, name: string, columns: string[]][] = [
    ['glpi_users', 'glpi_users_realname', ['realname']],
    // Wider than the host's, so that the members of an entity are counted by the index alone.
    ['glpi_profiles_users', 'glpi_profiles_users_entities_id', ['entities_id', 'is_recursive', 'users_id']],
    ['glpi_users', 'glpi_users_locations_id', ['locations_id']],
    ['glpi_groups_tickets', 'glpi_groups_tickets_group', ['groups_id', 'type']],
    ['glpi_ticketvalidations', 'glpi_ticketvalidations_tickets_id', ['tickets_id']],
    ['glpi_tickets_users', 'glpi_tickets_users_ticket', ['tickets_id', 'type', 'users_id']],
    ['glpi_tickets', 'glpi_tickets_entities_id', ['entities_id']],
    ['glpi_tickets', 'glpi_tickets_itilcategories_id', ['itilcategories_id']],
    ['glpi_locations', 'glpi_locations_locations_id', ['locations_id']],
  ]
  for (const [table, name, columns] of indexes) await createIndex(db, engine, table, name, columns)
  // Whatever the letter case, as the host's collation has it.
  const email = foldedColumn(engine, 'email')
  await createIndex(db, engine, 'glpi_useremails', 'glpi_useremails_email', email)

  const tables = db.withTables<{
    glpi_profilerights: { profiles_id: number; name: string; rights: number }
  }>()
  for (const [name, values] of Object.entries(RIGHTS)) {
    for (const [index, rights] of values.entries()) {
      const row = { profiles_id: index + 1, name, rights }
      const known = await tables
        .selectFrom('glpi_profilerights')
        .select('rights')
        .where('profiles_id', '=', row.profiles_id)
        .where('name', '=', name)
        .executeTakeFirst()
      if (known === undefined) await tables.insertInto('glpi_profilerights').values(row).execute()
    }
  }
}
