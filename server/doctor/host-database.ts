import { existsSync, statfsSync } from 'node:fs'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import { MINUTE_MS } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** Clocks that differ by more make history and journal hard to lay side by side. */
const CLOCKS_MS = 2 * MINUTE_MS
/** What the index of a million people takes, and then some. */
const MB = 1e6
const LEAST_FREE = 100 * MB

/**
 * What look-ups and lists go by in the host's own tables: a table, and the columns that an index of it begins with. An index
 * with a column that our account may not read is not shown to it, so that of tickets' people by ticket is not looked for.
 */
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
  ['glpi_groups_tickets', ['tickets_id']],
  ['glpi_ticketvalidations', ['tickets_id']],
  ['glpi_itilfollowups', ['itemtype', 'items_id']],
]

const INDEX = 'glpi_plugin_callmanager_identifiers'
const RIOS = 'glpi_plugin_callmanager_users'

interface Patient {
  storage: Storage
  config: Pick<Config, 'DATA_DIR'>
}

export const HOST_DATABASE: readonly Check<Patient>[] = [
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
      const { rows } = await sql<{ column: string; charset: string; collation: string }>`select
        concat(table_name, '.', column_name) as \`column\`, character_set_name as charset,
        collation_name as collation
        from information_schema.columns where table_schema = database() and (table_name, column_name) in
          ((${INDEX}, 'identifier_key'), (${RIOS}, 'rio_number'), ('glpi_users', 'name'))`.execute(db)
      const of = (column: string) => rows.find((row) => row.column === column)
      const [key, rio] = [of(`${INDEX}.identifier_key`), of(`${RIOS}.rio_number`)]
      // Before the first migration there is no index yet.
      if (key === undefined || rio === undefined) return []
      if (!/_bin$/.test(key.collation)) {
        return [
          problem(
            `The keys of the identifier index are compared by ${key.collation}, so that other RIOs match as well.`,
            `alter table ${INDEX} modify identifier_key varchar(255) character set utf8mb4 collate utf8mb4_bin not null`,
          ),
        ]
      }
      if (rio.charset !== 'utf8mb4') {
        return [
          warning(
            `Our own table keeps RIOs in ${rio.charset}, which has no room for every letter; the PHP plugin makes it so.`,
            `alter table ${RIOS} modify rio_number varchar(255) character set utf8mb4 collate utf8mb4_unicode_ci null default null, row_format = dynamic`,
          ),
        ]
      }
      const narrow = of('glpi_users.name')?.charset !== 'utf8mb4'
      const host = narrow ? " The helpdesk's own columns hold no emoji; such values are refused there." : ''
      return [ok(`Keys are compared byte by byte.${host}`)]
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
