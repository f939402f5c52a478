import type { RowDataPacket } from 'mysql2'
import type { Connection } from 'mysql2/promise'
import { readConfig } from '../../server/config.ts'
import { openServices } from '../../server/services.ts'
import { migrateOwnTables } from '../../server/storage/migrate.ts'
import { DEMO_ACCOUNTS } from '../../server/storage/settings.ts'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import type { Tables } from '../../server/storage/tables.ts'
import type { HostDatabase, Row } from '../host/database.ts'
import { seedHost } from '../host/seed.ts'
import { sanitiserOf } from '../host/text.ts'
import { databaseUrl } from './maria-database.ts'

/** The run's one filled host, which others are copied from. */
export const TEMPLATE = 'attached_template'

/** What a host of the same organisation would hold too, by the same ids; its profiles and request types are its own. */
const SHARED = [
  'glpi_entities',
  'glpi_locations',
  'glpi_users',
  'glpi_useremails',
  'glpi_profiles_users',
  'glpi_groups',
  'glpi_groups_users',
  'glpi_itilcategories',
  'glpi_tickets',
  'glpi_tickets_users',
  'glpi_groups_tickets',
  'glpi_itilfollowups',
  'glpi_logs',
  'glpi_plugin_callmanager_users',
  'glpi_plugin_callmanager_configs',
] as const satisfies (keyof Tables)[]

/**
 * Makes, once a run, the database of an ITSM-NG of the same people as an embedded store, as it is when Call Manager starts
 * beside it: tables and rights are there, and the index is built. Other processes wait for it.
 */
export async function demandTemplate(
  root: Connection,
  socket: string,
  embedded: () => Promise<string>,
): Promise<void> {
  await root.query('select get_lock(?, 120)', [TEMPLATE])
  const [ready] = await root.query<RowDataPacket[]>(
    "select 1 from information_schema.tables where table_schema = ? and table_name = 'ready'",
    [TEMPLATE],
  )
  if (ready.length === 0) {
    await root.query(`create database ${TEMPLATE} default charset utf8mb3 collate utf8mb3_unicode_ci`)
    await fillTemplate(databaseUrl(socket, TEMPLATE), await embedded())
    await root.query(`create table ${TEMPLATE}.ready (id int)`)
  }
  await root.query('select release_lock(?)', [TEMPLATE])
}

async function fillTemplate(url: string, embeddedPath: string): Promise<void> {
  const { db, setRight } = await seedHost(url)
  const storage = await openStorage(url)
  await migrateOwnTables(storage)
  await storage.close()
  const embedded = await openStorage(`file:${embeddedPath}`)
  for (const table of SHARED) await copyTable(embedded, db, table)
  for (const { profiles_id, name, rights } of await ourRights(embedded)) {
    if (name !== null) await setRight(profiles_id, name, rights)
  }
  await embedded.close()
  // A host admits this machine alone until its administrator says otherwise; ours admits every address.
  await db.run('update glpi_apiclients set ipv4_range_start = null, ipv4_range_end = null, ipv6 = null')
  await db.close()
  const config = readConfig({}, { DATABASE_URL: url, HELPDESK_URL: 'http://127.0.0.1' })
  const services = await openServices(config, { info: () => {}, error: () => {} })
  await services.ensureIndexed()
  await services.close()
}

/** As the host would have stored the same: what is missing gets its column's default, and text is sanitised. */
async function copyTable(from: Storage, to: HostDatabase, table: (typeof SHARED)[number]): Promise<void> {
  const sanitise = sanitiserOf('9.5')
  for (const row of await from.db.selectFrom(table).selectAll().execute()) {
    // Its own root entity it has already; and nobody's password is known to the world there.
    if (table === 'glpi_entities' && 'id' in row && row.id === 0) continue
    if ('name' in row && row.name === DEMO_ACCOUNTS) continue
    const columns: Row = {}
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'number') columns[name] = value
      // A path is made of names, and what stands between them is stored plain.
      if (typeof value === 'string') columns[name] = name === 'completename' ? value : sanitise(value)
    }
    await to.insert(table, columns)
  }
}

const ourRights = ({ db }: Storage) =>
  db
    .selectFrom('glpi_profilerights')
    .select(['profiles_id', 'name', 'rights'])
    .where('name', 'like', 'plugin_callmanager%')
    .execute()
