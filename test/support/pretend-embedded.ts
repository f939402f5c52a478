import { sql } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

/** Lets the embedded helpdesk take a database for its own that has a host's tables, so that a whole server can run on them. */
export async function pretendEmbedded(storage: Storage): Promise<void> {
  const table = sql.table('glpi_plugin_callmanager_helpdesk_migrations')
  await sql`create table ${table} (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(
    storage.schema,
  )
  for (const name of ['001-tables', '002-seeds', '003-tickets-and-places']) {
    await sql`insert into ${table} values (${name}, '2026-01-01T00:00:00.000Z')`.execute(storage.schema)
  }
}
