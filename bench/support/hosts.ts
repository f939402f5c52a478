import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import type { IndexDependencies } from '../../server/identifiers/refresh.ts'
import { migrateOwnTables } from '../../server/storage/migrate.ts'
import { createSettings } from '../../server/storage/settings.ts'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import { fillHost } from '../../test/support/full-host.ts'
import { createHostTables } from '../../test/support/host-tables.ts'
import { databaseUrl } from '../../test/support/maria-database.ts'
import { type MariaDb, startMariaDb } from '../../test/support/mariadb.ts'

/** A MariaDB as a host with a million users has it: its tables fit into memory, and each commit is flushed to disk. */
export async function startHostDatabase(): Promise<MariaDb> {
  const mariadb = await startMariaDb(['--innodb-buffer-pool-size=4G', '--innodb-log-file-size=1G'])
  if (mariadb === undefined) throw new Error('MariaDB is not installed: apt-get install mariadb-server')
  return mariadb
}

/** A database with the tables of a real ITSM-NG 1.4.0, so many people, and our own tables; nothing is indexed yet. */
export async function makeHost(mariadb: MariaDb, people: number): Promise<{ url: string; storage: Storage }> {
  console.log(`Making a host of ${people} people …`)
  const name = `host_${people}`
  const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
  await root.query(`create database ${name} character set utf8 collate utf8_unicode_ci`)
  await root.end()
  const url = databaseUrl(mariadb.socket, name)
  const storage = await openStorage(url)
  await createHostTables(storage)
  await migrateOwnTables(storage)
  await fillHost(storage, people)
  const configs = { version: '9.5.7', itsmversion: '1.4.0', enable_api: '1' }
  await storage.write('normal', (tx) =>
    storage.insertMany(
      tx,
      'glpi_configs',
      Object.entries(configs).map(([name, value]) => ({ context: 'core', name, value })),
    ),
  )
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = database()`.execute(storage.db)
  for (const { name } of rows) await sql`analyze table ${sql.table(name)}`.execute(storage.schema)
  return { url, storage }
}

/** What the index of such a host is kept with. */
export function indexOf(storage: Storage): IndexDependencies {
  return {
    storage,
    settings: createSettings(storage),
    entityTree: createEntityTree(storage),
    decodeText: (stored) => stored,
  }
}
