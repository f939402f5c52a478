import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import { createIndex, foldedText, tableEnd, timestamp } from '../../dialect.ts'
import type { Engine } from '../../storage.ts'

/**
 * The embedded helpdesk's tables: ITSM-NG 1.4.0's by name, column and key, the subset that we need. Only ever run on a
 * database that holds no helpdesk (see migrate.ts).
 */
export async function createHelpdeskTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { schema } = db
  const flag = (value: 0 | 1) => (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(value)
  const zero = flag(0)

  async function create(
    name: string,
    columns: (table: CreateTableBuilder<string, 'id'>) => CreateTableBuilder<string, string>,
  ): Promise<void> {
    const table = schema
      .createTable(name)
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    await columns(table).modifyEnd(tableEnd(engine)).execute()
  }

  await create('glpi_users', (table) =>
    table
      .addColumn('name', foldedText(engine, 255))
      .addColumn('password', 'varchar(255)')
      .addColumn('phone', 'varchar(255)')
      .addColumn('phone2', 'varchar(255)')
      .addColumn('mobile', 'varchar(255)')
      .addColumn('realname', 'varchar(255)')
      .addColumn('firstname', 'varchar(255)')
      .addColumn('registration_number', 'varchar(255)')
      .addColumn('locations_id', 'integer', zero)
      .addColumn('entities_id', 'integer', zero)
      .addColumn('profiles_id', 'integer', zero)
      .addColumn('language', 'char(10)')
      .addColumn('is_active', 'integer', flag(1))
      .addColumn('is_deleted', 'integer', zero)
      .addColumn('authtype', 'integer', zero)
      .addColumn('auths_id', 'integer', zero)
      .addColumn('begin_date', timestamp)
      .addColumn('end_date', timestamp)
      .addColumn('last_login', timestamp)
      .addColumn('api_token', 'varchar(255)')
      .addColumn('date_mod', timestamp)
      .addColumn('date_creation', timestamp)
      .addUniqueConstraint('glpi_users_unicityloginauth', ['name', 'authtype', 'auths_id']),
  )
  await create('glpi_useremails', (table) =>
    table
      .addColumn('users_id', 'integer', zero)
      .addColumn('is_default', 'integer', zero)
      .addColumn('email', 'varchar(255)')
      .addUniqueConstraint('glpi_useremails_unicity', ['users_id', 'email']),
  )
  await schema
    .createTable('glpi_entities')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('name', 'varchar(255)')
    .addColumn('entities_id', 'integer', zero)
    .addColumn('completename', 'text')
    .addColumn('level', 'integer', zero)
    .addColumn('date_mod', timestamp)
    .addUniqueConstraint('glpi_entities_unicity', ['entities_id', 'name'])
    .modifyEnd(tableEnd(engine))
    .execute()
  await create('glpi_locations', (table) =>
    table
      .addColumn('entities_id', 'integer', zero)
      .addColumn('is_recursive', 'integer', zero)
      .addColumn('name', 'varchar(255)')
      .addColumn('locations_id', 'integer', zero)
      .addColumn('completename', 'text')
      .addColumn('level', 'integer', zero)
      .addUniqueConstraint('glpi_locations_unicity', ['entities_id', 'locations_id', 'name']),
  )
  await create('glpi_profiles', (table) =>
    table
      .addColumn('name', 'varchar(255)')
      .addColumn('interface', 'varchar(255)', (column) => column.defaultTo('helpdesk'))
      .addColumn('is_default', 'integer', zero),
  )
  await create('glpi_profilerights', (table) =>
    table
      .addColumn('profiles_id', 'integer', zero)
      .addColumn('name', 'varchar(255)')
      .addColumn('rights', 'integer', zero)
      .addUniqueConstraint('glpi_profilerights_unicity', ['profiles_id', 'name']),
  )
  await create('glpi_profiles_users', (table) =>
    table
      .addColumn('users_id', 'integer', zero)
      .addColumn('profiles_id', 'integer', zero)
      .addColumn('entities_id', 'integer', zero)
      .addColumn('is_recursive', 'integer', flag(1)),
  )
  await create('glpi_tickets', (table) =>
    table
      .addColumn('entities_id', 'integer', zero)
      .addColumn('name', 'varchar(255)')
      .addColumn('date', timestamp)
      .addColumn('date_mod', timestamp)
      .addColumn('users_id_lastupdater', 'integer', zero)
      .addColumn('status', 'integer', flag(1))
      .addColumn('users_id_recipient', 'integer', zero)
      .addColumn('requesttypes_id', 'integer', zero)
      .addColumn('content', 'text')
      .addColumn('urgency', 'integer', flag(1))
      .addColumn('impact', 'integer', flag(1))
      .addColumn('priority', 'integer', flag(1))
      .addColumn('itilcategories_id', 'integer', zero)
      .addColumn('type', 'integer', flag(1))
      .addColumn('is_deleted', 'integer', zero)
      .addColumn('date_creation', timestamp),
  )
  await create('glpi_tickets_users', (table) =>
    table
      .addColumn('tickets_id', 'integer', zero)
      .addColumn('users_id', 'integer', zero)
      .addColumn('type', 'integer', flag(1)),
  )
  await create('glpi_itilfollowups', (table) =>
    table
      .addColumn('itemtype', 'varchar(100)', (column) => column.notNull())
      .addColumn('items_id', 'integer', zero)
      .addColumn('date', timestamp)
      .addColumn('users_id', 'integer', zero)
      .addColumn('content', 'text')
      .addColumn('is_private', 'integer', zero)
      .addColumn('requesttypes_id', 'integer', zero)
      .addColumn('date_mod', timestamp)
      .addColumn('date_creation', timestamp),
  )
  await create('glpi_requesttypes', (table) =>
    table.addColumn('name', 'varchar(255)').addColumn('is_active', 'integer', flag(1)),
  )
  await create('glpi_logs', (table) =>
    table
      .addColumn('itemtype', 'varchar(100)', (column) => column.notNull().defaultTo(''))
      .addColumn('items_id', 'integer', zero)
      .addColumn('itemtype_link', 'varchar(100)', (column) => column.notNull().defaultTo(''))
      .addColumn('linked_action', 'integer', zero)
      .addColumn('user_name', 'varchar(255)')
      .addColumn('date_mod', timestamp)
      .addColumn('id_search_option', 'integer', zero)
      .addColumn('old_value', 'varchar(255)')
      .addColumn('new_value', 'varchar(255)'),
  )
  await create('glpi_configs', (table) =>
    table
      .addColumn('context', 'varchar(150)')
      .addColumn('name', 'varchar(150)')
      .addColumn('value', 'text')
      .addUniqueConstraint('glpi_configs_unicity', ['context', 'name']),
  )
  await create('glpi_apiclients', (table) =>
    table
      .addColumn('name', 'varchar(255)')
      .addColumn('is_active', 'integer', zero)
      .addColumn('ipv4_range_start', 'bigint')
      .addColumn('ipv4_range_end', 'bigint')
      .addColumn('ipv6', 'varchar(255)')
      .addColumn('app_token', 'varchar(255)'),
  )

  // The host's own keys, as far as our queries use them.
  const indexes: [table: string, name: string, columns: string[]][] = [
    ['glpi_users', 'glpi_users_date_mod', ['date_mod']],
    ['glpi_users', 'glpi_users_entities_id', ['entities_id']],
    // Not on the host, where logging in by user token reads every row.
    ['glpi_users', 'glpi_users_api_token', ['api_token']],
    ['glpi_profiles_users', 'glpi_profiles_users_profiles_id', ['profiles_id']],
    // Wider than the host's, so that a look-up reads the index alone.
    [
      'glpi_profiles_users',
      'glpi_profiles_users_users_id',
      ['users_id', 'profiles_id', 'entities_id', 'is_recursive'],
    ],
    ['glpi_useremails', 'glpi_useremails_users_id', ['users_id', 'is_default desc', 'id', 'email']],
    ['glpi_tickets_users', 'glpi_tickets_users_user', ['users_id', 'type']],
    ['glpi_itilfollowups', 'glpi_itilfollowups_item', ['itemtype', 'items_id']],
    ['glpi_logs', 'glpi_logs_item', ['itemtype', 'items_id']],
  ]
  for (const [table, name, columns] of indexes) await createIndex(db, engine, table, name, columns)
}
