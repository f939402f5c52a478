import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

interface RecordedTable {
  engine: string
  collation: string
  columns: string[]
  keys: string[]
}

const RECORDED = new URL('../recorded/host-tables-itsmng-1.4.0.json', import.meta.url)

const recordedTables = async (): Promise<[string, RecordedTable][]> =>
  Object.entries(JSON.parse(await readFile(RECORDED, 'utf8')))

/** `name (columns)`, the name quoted: the host has a key called `group`. */
const quoted = (key: string) => key.replace(/^\w+/, '`$&`')

async function createTable(
  storage: Storage,
  name: string,
  { engine, collation, columns, keys }: RecordedTable,
  end = '',
): Promise<void> {
  const lines = [
    ...columns.map((column) => column.replace(/^(\w+)/, '`$1`').replace(/ {2}/, ' ')),
    ...keys.map((key) =>
      key.startsWith('unique PRIMARY')
        ? key.replace('unique PRIMARY', 'primary key')
        : key.startsWith('unique ')
          ? `unique key ${quoted(key.slice('unique '.length))}`
          : `key ${quoted(key)}`,
    ),
  ]
  const charset = collation.split('_')[0]
  await sql
    .raw(
      `create table ${name} (${lines.join(', ')}) engine = ${engine} default charset = ${charset} collate = ${collation} ${end}`,
    )
    .execute(storage.schema)
}

/** Creates tables as a real ITSM-NG 1.4.0 with the predecessor has them on MariaDB; all of them where none is named. */
export async function createHostTables(storage: Storage, ...names: string[]): Promise<void> {
  for (const [name, table] of await recordedTables()) {
    if (names.length === 0 || names.includes(name)) await createTable(storage, name, table)
  }
}

/** Columns that GLPI 10 does not have, and those that it has besides, where a query might trip over them. */
const ONLY_ITSM_NG: Record<string, readonly string[]> = {
  glpi_users: ['layout', 'access_zoom_level', 'access_font', 'access_shortcuts', 'access_custom_shortcuts'],
}
const ONLY_GLPI_10: Record<string, readonly string[]> = {
  glpi_users: [
    'nickname varchar(255) null default NULL',
    'timeline_order char(20) null default NULL',
    'itil_layout text null default NULL',
  ],
  glpi_tickets: ['takeintoaccountdate timestamp null default NULL'],
}

/** A column as GLPI 10 has it: ids are unsigned, so none inherits by -2 any more, and the root entity's parent is NULL. */
function columnOfGlpi10(table: string, column: string): string {
  const name = column.split(' ', 1)[0] ?? ''
  if (table === 'glpi_entities' && name === 'entities_id')
    return 'entities_id int(10) unsigned null default 0'
  if (!/^id$|_id(_|$)/.test(name)) return column
  return column.replace(/\bint\(11\)/, 'int(10) unsigned').replace('default -2', 'default 0')
}

/** Creates the same tables as GLPI 10 has them (host-contract §1.0), where the predecessor never was. */
export async function createGlpi10Tables(storage: Storage): Promise<void> {
  for (const [name, { engine, columns, keys }] of await recordedTables()) {
    if (name === 'glpi_specialstatuses' || name.startsWith('glpi_plugin_callmanager_')) continue
    const kept = columns.filter((column) => !ONLY_ITSM_NG[name]?.includes(column.split(' ', 1)[0] ?? ''))
    const table = {
      engine,
      collation: 'utf8mb4_unicode_ci',
      columns: [...kept.map((column) => columnOfGlpi10(name, column)), ...(ONLY_GLPI_10[name] ?? [])],
      keys,
    }
    await createTable(storage, name, table, 'row_format = dynamic')
  }
}
