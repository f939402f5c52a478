import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, inject, it } from 'vitest'
import { grantStatements } from '../../server/storage/host-grants.ts'
import { migrateHelpdeskTables, migrateOwnTables } from '../../server/storage/migrate.ts'
import { type Engine, openStorage, type Storage } from '../../server/storage/storage.ts'
import type { Tables } from '../../server/storage/tables.ts'
import { type SeedOptions, seedHost } from '../host/seed.ts'
import { asHost, setHostSide } from './as-host.ts'
import { createGlpi10Tables } from './host-tables.ts'
import { databaseUrl, type MariaDatabase, newMariaDatabase } from './maria-database.ts'

/** What a test needs of one engine. What it opens and makes is closed and removed after the `describe` it stands in. */
export interface TestEngine {
  name: Engine
  /** A new database with a helpdesk's and our own tables, opened as the product opens it; see {@link asHost}. */
  migrated(): Promise<Storage>
  /** One more connection to the database of a storage, as another process would have. */
  again(storage: Storage): Promise<Storage>
  /** Whether users are written by SQL, in the caller's transaction; a host takes them over its REST API. */
  writesUsers: boolean
  /** What the helpdesk's own columns keep of a text: ITSM-NG's have three bytes a character. */
  asStored(text: string): string
}

/** An engine on which the helpdesk is ours too. */
export interface EmbeddedEngine extends TestEngine {
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>
  /** Opens a database; one more connection to it if it is open already. */
  open(url: string): Promise<Storage>
}

/**
 * Defines the same tests for each engine with the embedded helpdesk's tables, and for MariaDB with those of real hosts,
 * where the product has an account with no more than its grants. Where MariaDB is not installed its tests are skipped by name.
 */
export function forEachEngine(define: (engine: TestEngine) => void): void {
  forEachEmbeddedEngine(define)
  forEachHost(define)
}

/** The same for hosts' tables alone. */
export function forEachHost(define: (engine: TestEngine) => void): void {
  const socket = inject('mariadbSocket')
  for (const [name, host] of Object.entries(HOSTS)) {
    describe.skipIf(socket === '')(`on the tables of ${name}`, () => define(attachedEngine(socket, host)))
  }
}

/** The same for what only the embedded helpdesk does: it is never attached to tables that are not its own. */
export function forEachEmbeddedEngine(define: (engine: EmbeddedEngine) => void): void {
  const socket = inject('mariadbSocket')
  describe('on SQLite', () => define(embeddedEngine('sqlite', sqliteDatabases())))
  describe.skipIf(socket === '')('on MariaDB', () =>
    define(embeddedEngine('mysql', mariaDatabases(socket, 'test'))),
  )
}

/** Defines a test that means something on one engine only; on the other there is none, rather than a skipped one. */
export function onlyOn(engine: TestEngine, name: Engine, title: string, test: () => Promise<void>): void {
  if (engine.name === name) it(title, test)
}

interface Databases {
  create(): Promise<string>
  removeAll(): Promise<void>
}

/** Opens storages, and closes them after the `describe`. */
function opener(databases: Databases) {
  const opened = new Set<Storage>()
  const urls = new WeakMap<Storage, string>()
  afterAll(async () => {
    for (const storage of opened) await storage.close().catch(() => undefined)
    await databases.removeAll()
  })

  async function open(url: string): Promise<Storage> {
    const storage = await openStorage(url)
    opened.add(storage)
    const handed = {
      ...storage,
      close: async () => {
        opened.delete(storage)
        await storage.close()
      },
    }
    urls.set(handed, url)
    return handed
  }
  return {
    open,
    async again(storage: Storage): Promise<Storage> {
      const url = urls.get(storage)
      if (url === undefined) throw new Error('this storage is not of this engine')
      const other = await open(url)
      const host = asHost(storage)
      if (host !== storage) setHostSide(other, host)
      return other
    },
  }
}

function embeddedEngine(name: Engine, databases: Databases): EmbeddedEngine {
  const { open, again } = opener(databases)
  return {
    name,
    newDatabase: databases.create,
    open,
    again,
    writesUsers: true,
    asStored: (text) => text,
    async migrated() {
      const storage = await open(await databases.create())
      await migrateHelpdeskTables(storage)
      await migrateOwnTables(storage)
      return storage
    },
  }
}

interface AttachedHost {
  seeds: SeedOptions
  asStored(text: string): string
}

const HOSTS: Record<string, AttachedHost> = {
  'ITSM-NG': {
    seeds: {},
    // As recorded.
    asStored: (text) => text.replace(/[\u{10000}-\u{10FFFF}]/gu, '????'),
  },
  'GLPI 10': {
    seeds: { version: null, base: '10.0.18', createTables: createGlpi10Tables },
    asStored: (text) => text,
  },
}

/** The account that the product has beside a host, with the grants that it asks an administrator for and nothing else. */
const ACCOUNT = { user: 'callmanager', host: 'localhost' }

function attachedEngine(socket: string, { asStored, seeds }: AttachedHost): TestEngine {
  const databases = mariaDatabases(socket, 'host')
  const { open, again } = opener(databases)
  return {
    name: 'mysql',
    again,
    writesUsers: false,
    asStored,
    async migrated() {
      const url = await databases.create()
      const seeded = await seedHost(url, seeds)
      await seeded.db.close()
      const host = await open(url)
      await migrateOwnTables(host)
      const database = new URL(url).pathname.slice(1)
      await sql`create user if not exists callmanager@localhost`.execute(host.schema)
      for (const statement of grantStatements(database, ACCOUNT))
        await sql.raw(statement).execute(host.schema)
      const storage = await open(databaseUrl(socket, database, ACCOUNT.user))
      setHostSide(storage, host)
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

function mariaDatabases(socket: string, prefix: string): Databases {
  const made: MariaDatabase[] = []
  return {
    async create() {
      const database = await newMariaDatabase(socket, prefix)
      made.push(database)
      return database.url
    },
    async removeAll() {
      for (const { remove } of made) await remove()
    },
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

/** Has the engine look at how its tables are filled, which its plans depend on. */
export async function analyse(storage: Storage): Promise<void> {
  const { engine, db, schema } = asHost(storage)
  if (engine === 'sqlite') {
    await sql`analyze`.execute(schema)
    return
  }
  for (const name of await tableNames(asHost(storage))) await sql.raw(`analyze table ${name}`).execute(db)
}

/** Empties what tests fill, which is much quicker than a new database. */
export async function emptyTables(storage: Storage): Promise<void> {
  await asHost(storage).write('normal', async (tx) => {
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
