import { sql } from 'kysely'
import { OWN_TABLES } from './host-grants.ts'
import { OWN_TABLE, tableExists } from './migrate.ts'
import type { Storage } from './storage.ts'

/** The predecessor's tables, which stay with every row, in which RIOs and settings are. */
export const KEPT_TABLES: readonly string[] = [
  'glpi_plugin_callmanager_users',
  'glpi_plugin_callmanager_configs',
  'glpi_plugin_callmanager_profiles',
]

const ADDED_INDEX = 'glpi\\_plugin\\_callmanager\\_users\\_%'
const OWN_UNIQUE = 'glpi_plugin_callmanager_users_unicity'

/** The statements that take our release back out of a host's database, for what of it is there. */
export async function undoStatements(storage: Storage): Promise<string[]> {
  const statements: string[] = []
  // The list of what has been done goes first: should this be cut off, the next migration makes anew what is gone.
  const dropped = OWN_TABLES.filter((table) => !KEPT_TABLES.includes(table))
  for (const table of [OWN_TABLE, ...dropped.filter((name) => name !== OWN_TABLE)]) {
    if (await tableExists(storage, table)) statements.push(`drop table ${table}`)
  }
  const { rows } = await sql<{ name: string }>`
    select distinct index_name as name from information_schema.statistics
    where table_schema = database() and table_name = 'glpi_plugin_callmanager_users'
      and index_name like ${ADDED_INDEX} and index_name <> ${OWN_UNIQUE} order by name`.execute(storage.db)
  for (const { name } of rows) statements.push(`drop index ${name} on glpi_plugin_callmanager_users`)
  return statements
}

/** How many rows go with each table that people or time have filled. */
export async function countUndone(storage: Storage): Promise<{ what: string; rows: number }[]> {
  const counted: { what: string; rows: number }[] = []
  for (const [what, table] of Object.entries({
    'look-ups in the journal': 'glpi_plugin_callmanager_lookups',
    'rows of statistics': 'glpi_plugin_callmanager_statistics',
    'jobs with their reports and undo files': 'glpi_plugin_callmanager_jobs',
  })) {
    if (!(await tableExists(storage, table))) continue
    const { rows } = await sql<{
      number: number
    }>`select count(*) as number from ${sql.table(table)}`.execute(storage.db)
    counted.push({ what, rows: rows[0]?.number ?? 0 })
  }
  return counted
}

export async function undoMigrations(storage: Storage): Promise<void> {
  for (const statement of await undoStatements(storage)) await sql.raw(statement).execute(storage.db)
}
