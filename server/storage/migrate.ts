import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { AppError } from '../domain/errors.ts'
import { createHelpdeskTables } from './migrations/helpdesk/001-tables.ts'
import { seedHelpdesk } from './migrations/helpdesk/002-seeds.ts'
import { createTicketAndPlaceTables } from './migrations/helpdesk/003-tickets-and-places.ts'
import { createOwnTables } from './migrations/own/001-tables.ts'
import { createApiTables } from './migrations/own/002-api.ts'
import { makeRoomBesideAHost } from './migrations/own/003-beside-a-host.ts'
import { watchNewestRios } from './migrations/own/004-newest-rios.ts'
import type { Engine, Storage } from './storage.ts'

type Step = (db: Kysely<unknown>, engine: Engine) => Promise<void>

/** Order is history: add at the end, never change what has been released. */
const OWN: Record<string, Step> = {
  '001-tables': createOwnTables,
  '002-api': createApiTables,
  '003-beside-a-host': makeRoomBesideAHost,
  '004-newest-rios': watchNewestRios,
}
const HELPDESK: Record<string, Step> = {
  '001-tables': createHelpdeskTables,
  '002-seeds': seedHelpdesk,
  '003-tickets-and-places': createTicketAndPlaceTables,
}

export const OWN_TABLE = 'glpi_plugin_callmanager_migrations'
const HELPDESK_TABLE = 'glpi_plugin_callmanager_helpdesk_migrations'

async function run(storage: Storage, table: string, steps: Record<string, Step>): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([name, step]): [string, Migration] => [
      name,
      { up: (db: Kysely<unknown>) => step(db, storage.engine) },
    ]),
  )
  const migrator = new Migrator({
    db: storage.schema,
    provider: { getMigrations: async () => migrations },
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}

/** Creates or updates our own tables (`glpi_plugin_callmanager_*`). */
export async function migrateOwnTables(storage: Storage): Promise<void> {
  await run(storage, OWN_TABLE, OWN)
}

/** Of a host's tables, those count that the account may see. */
export async function tableExists(storage: Storage, name: string): Promise<boolean> {
  const query =
    storage.engine === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = ${name}`
      : sql`select 1 from information_schema.tables where table_schema = database() and table_name = ${name}`
  const { rows } = await query.execute(storage.db)
  return rows.length > 0
}

/**
 * Which migrations a database has seen: those of this release, those that it lacks, and those of a newer one. Beside a host
 * there are none of the embedded helpdesk's.
 */
export async function readRelease(
  storage: Storage,
  besideHost: boolean,
): Promise<{ done: string[]; missing: string[]; unknown: string[] }> {
  const found: string[] = []
  const expected: string[] = []
  const lists: (readonly [table: string, steps: Record<string, Step>])[] = [[OWN_TABLE, OWN]]
  if (!besideHost) lists.unshift([HELPDESK_TABLE, HELPDESK])
  for (const [table, steps] of lists) {
    const label = (name: string) => `${table.slice('glpi_plugin_callmanager_'.length)}: ${name}`
    expected.push(...Object.keys(steps).map(label))
    if (!(await tableExists(storage, table))) continue
    const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(
      storage.db,
    )
    found.push(...rows.map(({ name }) => label(name)))
  }
  return {
    done: expected.filter((name) => found.includes(name)),
    missing: expected.filter((name) => !found.includes(name)),
    unknown: found.filter((name) => !expected.includes(name)),
  }
}

/**
 * A table of a helpdesk that we did not create, which makes the database a live host's; null where there is none. Our migration
 * table stands before any of the tables, so it tells the two apart.
 */
export async function foreignTable(storage: Storage): Promise<string | null> {
  if (await tableExists(storage, HELPDESK_TABLE)) return null
  for (const name of ['glpi_users', 'glpi_configs']) if (await tableExists(storage, name)) return name
  return null
}

/** Creates or updates the embedded helpdesk's tables. A live host's database is refused, and nothing in it is touched. */
export async function migrateHelpdeskTables(storage: Storage): Promise<void> {
  const foreign = await foreignTable(storage)
  if (foreign !== null) {
    throw new AppError('foreign-database', {
      detail: `it holds a table ${foreign} that Call Manager did not create`,
    })
  }
  await run(storage, HELPDESK_TABLE, HELPDESK)
}
