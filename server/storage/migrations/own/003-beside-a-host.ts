import { type Kysely, sql } from 'kysely'
import type { Engine } from '../../storage.ts'

const RIOS = 'glpi_plugin_callmanager_users'

/** Columns that hold ids of a host's, by table; those of GLPI 10 are unsigned and reach beyond a signed integer. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  glpi_plugin_callmanager_identifiers: ['users_id'],
  glpi_plugin_callmanager_index: ['logs_id', 'logs_count', 'users_id', 'rios_id'],
  glpi_plugin_callmanager_lookups: ['users_id', 'impersonator_id', 'entities_id'],
  glpi_plugin_callmanager_sessions: ['users_id', 'profiles_id', 'entities_id'],
  glpi_plugin_callmanager_jobs: ['users_id'],
  glpi_plugin_callmanager_job_lines: ['line'],
  glpi_plugin_callmanager_idempotency: ['users_id', 'items_id'],
  glpi_plugin_callmanager_statistics: ['users_id', 'entities_id'],
  [RIOS]: ['users_id'],
}

/**
 * What a host's tables ask of ours: room for its ids, and (the predecessor's table being of the host's charset) for RIOs
 * with letters of four bytes. Neither keeps the predecessor from reading and writing its table. SQLite has room for all.
 */
export async function makeRoomBesideAHost(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') return
  for (const [table, columns] of Object.entries(IDS)) {
    const changes = columns.map((column) => `modify ${column} bigint not null`)
    if (table === 'glpi_plugin_callmanager_index') changes.push('modify rebuild_after bigint')
    await change(db, table, changes)
  }
  await change(db, RIOS, [
    'modify rio_number varchar(255) character set utf8mb4 collate utf8mb4_unicode_ci null default null',
  ])
}

/** A table may be large: it is left alone where a killed migration has changed it already. */
async function change(db: Kysely<unknown>, table: string, changes: readonly string[]): Promise<void> {
  const { rows } = await sql<{ name: string; type: string; charset: string | null }>`
    select column_name as name, data_type as type, character_set_name as charset
    from information_schema.columns where table_schema = database() and table_name = ${table}`.execute(db)
  const done = (text: string): boolean => {
    const [, column, type] = /^modify (\w+) (\w+)/.exec(text) ?? []
    const row = rows.find(({ name }) => name === column)
    return (
      column === undefined || (row?.type === type && row?.charset !== 'utf8mb3' && row?.charset !== 'utf8')
    )
  }
  if (changes.every(done)) return
  await sql.raw(`alter table ${table} ${changes.join(', ')}`).execute(db)
}
