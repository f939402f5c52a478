import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

interface RecordedTable {
  engine: string
  collation: string
  columns: string[]
  keys: string[]
}

const RECORDED = new URL('../fixtures/host-tables-itsmng-1.4.0.json', import.meta.url)

/** `name (columns)`, the name quoted: the host has a key called `group`. */
const quoted = (key: string) => key.replace(/^\w+/, '`$&`')

/** Creates tables as a real ITSM-NG 1.4.0 with the predecessor has them on MariaDB; all of them where none is named. */
export async function createHostTables(storage: Storage, ...names: string[]): Promise<void> {
  const recorded: Record<string, RecordedTable> = JSON.parse(await readFile(RECORDED, 'utf8'))
  for (const [name, { engine, collation, columns, keys }] of Object.entries(recorded)) {
    if (names.length > 0 && !names.includes(name)) continue
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
        `create table ${name} (${lines.join(', ')}) engine = ${engine} default charset = ${charset} collate = ${collation}`,
      )
      .execute(storage.schema)
  }
}
