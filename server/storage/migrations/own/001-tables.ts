import { type Kysely, sql } from 'kysely'
import { binaryText, clusteredEnd, createIndex, tableEnd, timestamp } from '../../dialect.ts'
import type { Engine } from '../../storage.ts'

/** Our own tables. The first two are the predecessor's, and are adopted where they exist. */
export async function createOwnTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { schema } = db
  await schema
    .createTable('glpi_plugin_callmanager_users')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('rio_number', 'varchar(255)')
    .addColumn('date_creation', timestamp)
    .addColumn('date_mod', timestamp)
    .addUniqueConstraint('glpi_plugin_callmanager_users_unicity', ['users_id'])
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_configs')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('name', 'varchar(255)', (column) => column.notNull())
    .addColumn('value', 'text')
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_identifiers')
    .ifNotExists()
    .addColumn('kind', 'varchar(10)', (column) => column.notNull())
    .addColumn('identifier_key', binaryText(engine, 255), (column) => column.notNull())
    .addColumn('source', 'varchar(20)', (column) => column.notNull())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('glpi_plugin_callmanager_identifiers_pk', [
      'kind',
      'identifier_key',
      'source',
      'users_id',
    ])
    .modifyEnd(clusteredEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_index')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('logs_id', 'integer', (column) => column.notNull())
    .addColumn('logs_count', 'integer', (column) => column.notNull())
    .addColumn('users_date', 'varchar(19)', (column) => column.notNull())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('rios_date', 'varchar(19)', (column) => column.notNull())
    .addColumn('rios_id', 'integer', (column) => column.notNull())
    .addColumn('rebuild_after', 'integer')
    .addColumn('rebuilt_at', 'bigint', (column) => column.notNull())
    .addColumn('lease_owner', 'varchar(40)')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_lookups')
    .ifNotExists()
    // SQLite numbers rows by itself; its AUTOINCREMENT would write a second table with each row.
    .addColumn('id', engine === 'mysql' ? 'bigint' : 'integer', (column) =>
      engine === 'mysql' ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
    .addColumn('looked_up_at', 'bigint', (column) => column.notNull())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('impersonator_id', 'integer', (column) => column.notNull())
    .addColumn('entities_id', 'integer', (column) => column.notNull())
    .addColumn('address', 'varchar(45)', (column) => column.notNull())
    .addColumn('kind', 'varchar(10)', (column) => column.notNull())
    .addColumn('identifier_masked', 'varchar(64)', (column) => column.notNull())
    .addColumn('hits', 'integer', (column) => column.notNull())
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_sessions')
    .ifNotExists()
    .addColumn('token_hash', binaryText(engine, 64), (column) => column.primaryKey())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('profiles_id', 'integer', (column) => column.notNull())
    .addColumn('entities_id', 'integer', (column) => column.notNull())
    .addColumn('is_recursive', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .modifyEnd(tableEnd(engine))
    .execute()

  await makeRowsDynamic(db, engine)
  const indexes: [table: string, name: string, columns: string[]][] = [
    // Followed by (date_mod, id), as the host's own tables are.
    ['glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_users_date_mod', ['date_mod']],
    // An index that is behind is backed by asking the column itself.
    ['glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_users_rio', ['rio_number']],
    ['glpi_plugin_callmanager_identifiers', 'glpi_plugin_callmanager_identifiers_user', ['users_id']],
    // A look-up by another identifier shows the RIO without reading the row.
    ['glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_users_shown', ['users_id', 'rio_number']],
    ['glpi_plugin_callmanager_sessions', 'glpi_plugin_callmanager_sessions_seen', ['seen_at']],
  ]
  for (const [table, name, columns] of indexes) await createIndex(db, engine, table, name, columns)

  // The row may stand already when a killed migration runs again.
  await sql`insert into glpi_plugin_callmanager_index
    (id, version, logs_id, logs_count, users_date, users_id, rios_date, rios_id, rebuild_after, rebuilt_at, lease_until)
    select 1, 0, 0, 0, '1970-01-02 00:00:00', 0, '1970-01-02 00:00:00', 0, 0, 0, 0 from (select 1 as one) as origin
    where not exists (select 1 from glpi_plugin_callmanager_index where id = 1)`.execute(db)
}

/** The predecessor's table may be of a row format whose indexes hold no text of 255 letters of four bytes. */
async function makeRowsDynamic(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') return
  const { rows } = await sql<{
    format: string | null
  }>`select row_format as format from information_schema.tables
    where table_schema = database() and table_name = 'glpi_plugin_callmanager_users'`.execute(db)
  if (rows[0]?.format?.toLowerCase() === 'dynamic') return
  await sql`alter table glpi_plugin_callmanager_users row_format = dynamic`.execute(db)
}
