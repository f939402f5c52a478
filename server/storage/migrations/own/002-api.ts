import { type Kysely, sql } from 'kysely'
import { binaryText, bytes, clusteredEnd, createIndex, longText, tableEnd } from '../../dialect.ts'
import type { Engine } from '../../storage.ts'

/** What the API keeps: long-running jobs with their files and reports, answers to repeated requests, and statistics. */
export async function createApiTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { schema } = db
  await schema
    .createTable('glpi_plugin_callmanager_jobs')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('kind', 'varchar(20)', (column) => column.notNull())
    .addColumn('state', 'varchar(10)', (column) => column.notNull())
    .addColumn('options', longText(engine), (column) => column.notNull())
    .addColumn('fingerprint', 'varchar(64)', (column) => column.notNull())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('total', 'integer', (column) => column.notNull())
    .addColumn('done', 'integer', (column) => column.notNull())
    .addColumn('created', 'integer', (column) => column.notNull())
    .addColumn('changed', 'integer', (column) => column.notNull())
    .addColumn('failed', 'integer', (column) => column.notNull())
    // Of its kind's own making, as JSON, where `done` alone does not tell where to go on.
    .addColumn('position', 'text')
    .addColumn('notes', 'text', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('lease_owner', 'varchar(40)')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_job_parts')
    .ifNotExists()
    .addColumn('jobs_id', 'integer', (column) => column.notNull())
    .addColumn('file', 'varchar(10)', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('content', bytes(engine), (column) => column.notNull())
    .addPrimaryKeyConstraint('glpi_plugin_callmanager_job_parts_pk', ['jobs_id', 'file', 'number'])
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_job_lines')
    .ifNotExists()
    .addColumn('jobs_id', 'integer', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('field', 'varchar(60)', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('glpi_plugin_callmanager_job_lines_pk', ['jobs_id', 'line', 'field'])
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_idempotency')
    .ifNotExists()
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('idempotency_key', binaryText(engine, 255), (column) => column.notNull())
    // SHA-256 of what was asked, so that another request under the same key is told apart.
    .addColumn('request_hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('items_id', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('glpi_plugin_callmanager_idempotency_pk', ['users_id', 'idempotency_key'])
    .modifyEnd(tableEnd(engine))
    .execute()
  await schema
    .createTable('glpi_plugin_callmanager_statistics')
    .ifNotExists()
    // How many hours a row counts: 1, or as many as a block has.
    .addColumn('hours', 'integer', (column) => column.notNull())
    // The first of them, in hours since 1970, UTC.
    .addColumn('hour', 'integer', (column) => column.notNull())
    .addColumn('users_id', 'integer', (column) => column.notNull())
    .addColumn('entities_id', 'integer', (column) => column.notNull())
    .addColumn('found', 'integer', (column) => column.notNull())
    .addColumn('none', 'integer', (column) => column.notNull())
    .addColumn('several', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('glpi_plugin_callmanager_statistics_pk', [
      'hours',
      'hour',
      'users_id',
      'entities_id',
    ])
    .modifyEnd(clusteredEnd(engine))
    .execute()
  // How far the journal has been counted: one row.
  await schema
    .createTable('glpi_plugin_callmanager_statistics_position')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('lookups_id', 'bigint', (column) => column.notNull())
    .modifyEnd(tableEnd(engine))
    .execute()
  await createIndex(db, engine, 'glpi_plugin_callmanager_jobs', 'glpi_plugin_callmanager_jobs_state', [
    'state',
  ])
  await createIndex(
    db,
    engine,
    'glpi_plugin_callmanager_idempotency',
    'glpi_plugin_callmanager_idempotency_created',
    ['created_at'],
  )

  // The row may stand already when a killed migration runs again.
  await sql`insert into glpi_plugin_callmanager_statistics_position (id, lookups_id)
    select 1, 0 from (select 1 as one) as origin
    where not exists (select 1 from glpi_plugin_callmanager_statistics_position where id = 1)`.execute(db)
}
