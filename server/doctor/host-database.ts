import { existsSync, statfsSync } from 'node:fs'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import { MINUTE_MS } from '../domain/times.ts'
import { readHost } from '../helpdesk/itsmng/host.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'
import { configValues } from './host-api.ts'

/** Clocks that differ by more make history and journal hard to lay side by side. */
const CLOCKS_MS = 2 * MINUTE_MS
/** What the index of a million people takes, and then some. */
const MB = 1e6
const LEAST_FREE = 100 * MB

/** What look-ups and lists go by in the host's own tables: a table, and the columns that an index of it begins with. */
const INDEXES: readonly [table: string, columns: readonly string[]][] = [
  ['glpi_users', ['id']],
  ['glpi_users', ['name']],
  ['glpi_users', ['date_mod']],
  ['glpi_useremails', ['users_id']],
  ['glpi_profiles_users', ['users_id']],
  ['glpi_profilerights', ['profiles_id', 'name']],
  ['glpi_entities', ['id']],
  ['glpi_locations', ['id']],
  ['glpi_logs', ['id']],
  ['glpi_tickets', ['id']],
  ['glpi_tickets_users', ['users_id', 'type']],
  ['glpi_tickets_users', ['tickets_id']],
  ['glpi_groups_tickets', ['tickets_id']],
  ['glpi_ticketvalidations', ['tickets_id']],
  ['glpi_itilfollowups', ['itemtype', 'items_id']],
]

interface Patient {
  storage: Storage
  config: Pick<Config, 'DATA_DIR'>
}

export const HOST_DATABASE: readonly Check<Patient>[] = [
  {
    name: 'host',
    async run({ storage }) {
      const { product, version } = await readHost(storage.db)
      const maintenance = (await configValues(storage, ['maintenance_mode'])).get('maintenance_mode') === '1'
      const outcome = ok(`The database is that of ${product} ${version}.`)
      if (!maintenance) return [outcome]
      return [
        outcome,
        warning(
          'The helpdesk is in maintenance: nobody can log in, and nothing is written to it.',
          'In ITSM-NG: Setup > General > System ends the maintenance mode.',
        ),
      ]
    },
  },
  {
    name: 'host clock',
    async run({ storage: { db } }) {
      const { rows } = await sql<{ now: string; zone: string; system: string }>`select
        date_format(utc_timestamp(), '%Y-%m-%dT%H:%i:%sZ') as now,
        @@global.time_zone as zone, @@system_time_zone as system`.execute(db)
      const [row] = rows
      if (row === undefined) return []
      const zone = row.zone === 'SYSTEM' ? row.system : row.zone
      const off = Math.abs(Date.parse(row.now) - Date.now())
      const what = `The database's clock differs from this machine's by ${Math.round(off / 1000)} s; its time zone is ${zone}.`
      if (off > CLOCKS_MS) return [warning(what, 'Have both machines set their clocks by NTP.')]
      return [ok(what)]
    },
  },
  {
    name: 'host dates',
    async run({ storage: { db } }) {
      const { rows } = await sql<{ column: string }>`select concat(table_name, '.', column_name) as \`column\`
        from information_schema.columns
        where table_schema = database() and data_type = 'datetime'
          and table_name in ('glpi_users', 'glpi_logs', 'glpi_tickets')`.execute(db)
      if (rows.length === 0) return [ok('Its dates are kept as moments (TIMESTAMP).')]
      return [
        warning(
          `${rows.length} of its columns hold dates without a time zone (DATETIME), such as ${rows[0]?.column}: accounts begin and end, and tickets are shown, some hours off.`,
          "Run the helpdesk's own conversion: php bin/console glpi:migration:timestamps",
        ),
      ]
    },
  },
  {
    name: 'collations',
    async run({ storage: { db } }) {
      const { rows } = await sql<{ key: string; charset: string }>`select
        c.collation_name as \`key\`,
        (select u.character_set_name from information_schema.columns as u
          where u.table_schema = database() and u.table_name = 'glpi_users' and u.column_name = 'name') as charset
        from information_schema.columns as c where c.table_schema = database()
          and c.table_name = 'glpi_plugin_callmanager_identifiers' and c.column_name = 'identifier_key'`.execute(
        db,
      )
      const [row] = rows
      // Before the first migration there is no index yet.
      if (row === undefined) return []
      if (!/_bin$/.test(row.key)) {
        return [
          problem(
            `The keys of the identifier index are compared by ${row.key}, so that other RIOs match as well.`,
            'alter table glpi_plugin_callmanager_identifiers modify identifier_key varchar(255) character set utf8mb4 collate utf8mb4_bin not null',
          ),
        ]
      }
      const narrow =
        row.charset === 'utf8mb4' ? '' : ' Its own columns hold no emoji; such values are refused there.'
      return [ok(`Keys are compared byte by byte.${narrow}`)]
    },
  },
  {
    name: 'host indexes',
    async run({ storage: { db } }) {
      const { rows } = await sql<{ name: string; key: string; column: string }>`select
        table_name as name, index_name as \`key\`, column_name as \`column\`
        from information_schema.statistics where table_schema = database() and table_name like 'glpi\\_%'
        order by table_name, index_name, seq_in_index`.execute(db)
      const columns = [...Map.groupBy(rows, ({ name, key }) => `${name} ${key}`).values()].map((index) => ({
        table: index[0]?.name,
        columns: index.map(({ column }) => column),
      }))
      const missing = INDEXES.filter(
        ([table, wanted]) =>
          !columns.some(
            (index) => index.table === table && wanted.every((name, place) => index.columns[place] === name),
          ),
      )
      if (missing.length === 0) return [ok('Every index that look-ups use is there.')]
      return [
        problem(
          `Its tables lack indexes that every ITSM-NG has: ${missing.map(([table, names]) => `${table} (${names.join(', ')})`).join('; ')}.`,
          missing.map(([table, names]) => `alter table ${table} add index (${names.join(', ')})`).join('; '),
        ),
      ]
    },
  },
  {
    name: 'size',
    async run({ storage: { db }, config }) {
      const { rows } = await sql<{ bytes: number | null }>`select sum(data_length + index_length) as bytes
        from information_schema.tables
        where table_schema = database() and table_name like 'glpi\\_plugin\\_callmanager\\_%'`.execute(db)
      const taken = Math.round((rows[0]?.bytes ?? 0) / MB)
      return [ok(`Our tables take ${taken} MB of the database.`), ...freeSpace(config.DATA_DIR)]
    },
  },
]

function freeSpace(folder: string): Outcome[] {
  // Beside a host nothing needs the folder but the copy of the predecessor's tables, which makes it.
  if (!existsSync(folder)) return []
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const what = `${Math.round(free / MB)} MB are free in DATA_DIR.`
  return [free < LEAST_FREE ? warning(what, 'Make room on the disk of DATA_DIR.') : ok(what)]
}
