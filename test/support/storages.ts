import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, describe, inject, it } from 'vitest'
import { migrateHelpdeskTables, migrateOwnTables } from '../../server/storage/migrate.ts'
import { type Engine, openStorage, type Storage } from '../../server/storage/storage.ts'
import type { Tables } from '../../server/storage/tables.ts'

/** What a test needs of one engine. What it opens and makes is closed and removed after the `describe` it stands in. */
export interface TestEngine {
  name: Engine
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>
  /** Opens a database; one more connection to it if it is open already. */
  open(url: string): Promise<Storage>
  /** A new database with the helpdesk's and our own tables. */
  migrated(): Promise<Storage>
}

export function databaseUrl(socket: string, database: string): string {
  return `mysql://root@localhost/${database}?socketPath=${encodeURIComponent(socket)}`
}

/** Defines the same tests for each engine. Where MariaDB is not installed its tests are skipped by name. */
export function forEachEngine(define: (engine: TestEngine) => void): void {
  const socket = inject('mariadbSocket')
  describe('on SQLite', () => define(prepareEngine('sqlite', sqliteDatabases())))
  describe.skipIf(socket === '')('on MariaDB', () => define(prepareEngine('mysql', mariaDatabases(socket))))
}

/** Defines a test that means something on one engine only; on the other there is none, rather than a skipped one. */
export function onlyOn(engine: TestEngine, name: Engine, title: string, test: () => Promise<void>): void {
  if (engine.name === name) it(title, test)
}

interface Databases {
  create(): Promise<string>
  removeAll(): Promise<void>
}

function prepareEngine(name: Engine, databases: Databases): TestEngine {
  const opened = new Set<Storage>()
  afterAll(async () => {
    for (const storage of opened) await storage.close().catch(() => undefined)
    await databases.removeAll()
  })

  async function open(url: string): Promise<Storage> {
    const storage = await openStorage(url)
    opened.add(storage)
    return {
      ...storage,
      close: async () => {
        opened.delete(storage)
        await storage.close()
      },
    }
  }
  return {
    name,
    newDatabase: databases.create,
    open,
    async migrated() {
      const storage = await open(await databases.create())
      await migrateHelpdeskTables(storage)
      await migrateOwnTables(storage)
      return storage
    },
  }
}

function sqliteDatabases(): Databases {
  const folders: string[] = []
  return {
    async create() {
      const folder = await mkdtemp(join(tmpdir(), 'callmanager-sqlite-'))
      folders.push(folder)
      return `file:${join(folder, 'callmanager.db')}`
    },
    async removeAll() {
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

function mariaDatabases(socket: string): Databases {
  const names: string[] = []
  async function asRoot(work: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = await createConnection({ user: 'root', socketPath: socket })
    await work(connection)
    await connection.end()
  }
  return {
    async create() {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      await asRoot(async (root) => {
        await root.query(`create database ${name}`)
      })
      names.push(name)
      return databaseUrl(socket, name)
    },
    removeAll: () =>
      asRoot(async (root) => {
        for (const name of names) await root.query(`drop database ${name}`)
      }),
  }
}

/** The parts of a helpdesk that tests fill; profiles, rights and the root entity stay. */
const FILLED = [
  'glpi_users',
  'glpi_useremails',
  'glpi_locations',
  'glpi_profiles_users',
  'glpi_tickets',
  'glpi_tickets_users',
  'glpi_itilfollowups',
  'glpi_logs',
  'glpi_plugin_callmanager_users',
  'glpi_plugin_callmanager_configs',
  'glpi_plugin_callmanager_identifiers',
  'glpi_plugin_callmanager_lookups',
  'glpi_plugin_callmanager_sessions',
  'glpi_plugin_callmanager_jobs',
  'glpi_plugin_callmanager_job_parts',
  'glpi_plugin_callmanager_job_lines',
  'glpi_plugin_callmanager_idempotency',
  'glpi_plugin_callmanager_statistics',
  'glpi_groups',
  'glpi_groups_users',
  'glpi_groups_tickets',
  'glpi_ticketvalidations',
  'glpi_itilcategories',
] as const satisfies (keyof Tables)[]

/** Empties what tests fill, which is much quicker than a new database. */
export async function emptyTables(storage: Storage): Promise<void> {
  await storage.write('normal', async (tx) => {
    for (const table of FILLED) await tx.deleteFrom(table).execute()
    await tx.deleteFrom('glpi_entities').where('id', '<>', 0).execute()
    await tx.updateTable('glpi_plugin_callmanager_statistics_position').set({ lookups_id: 0 }).execute()
    await tx
      .updateTable('glpi_plugin_callmanager_index')
      .set({
        version: 0,
        logs_id: 0,
        logs_count: 0,
        users_date: '1970-01-02 00:00:00',
        users_id: 0,
        rios_date: '1970-01-02 00:00:00',
        rios_id: 0,
        rebuild_after: 0,
        rebuilt_at: 0,
        lease_owner: null,
        lease_until: 0,
      })
      .execute()
  })
}

/** The names of the tables that a database holds. */
export async function tableNames(storage: Storage): Promise<string[]> {
  const query =
    storage.engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite%'`
      : sql<{
          name: string
        }>`select table_name as name from information_schema.tables where table_schema = database()`
  const { rows } = await query.execute(storage.schema)
  return rows.map(({ name }) => name).sort()
}
