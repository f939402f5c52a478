import { type Kysely, sql } from 'kysely'
import type { Engine } from '../../storage.ts'

/**
 * The predecessor's table may hold no more than three bytes a character, and then refuses RIOs that ours takes. The rows
 * stay as they are, and the predecessor reads and writes them as before.
 */
export async function widenRios(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') return
  const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = database() and table_name = 'glpi_plugin_callmanager_users'
      and column_name = 'rio_number' and character_set_name <> 'utf8mb4'`.execute(db)
  if (rows.length === 0) return
  await sql`alter table glpi_plugin_callmanager_users
    modify rio_number varchar(255) character set utf8mb4 collate utf8mb4_unicode_ci null default null`.execute(
    db,
  )
}
