import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import { tableExists } from '../../storage/migrate.ts'
import { isUnknownTable } from '../../storage/refusals.ts'
import type { Storage } from '../../storage/storage.ts'

/** The predecessor's tables that hold something, with their columns. */
const TABLES = {
  glpi_plugin_callmanager_users: ['id', 'users_id', 'rio_number', 'date_creation', 'date_mod'],
  glpi_plugin_callmanager_configs: ['id', 'name', 'value'],
} as const

const FOLDER = 'predecessor-'
const PARTIAL = 'partial-'

/** Rows a page. */
const PAGE = 5000

/**
 * Copies the predecessor's tables as they are to CSV files, in a folder of its own that only this account may read: a text in
 * quotes, NULL as nothing. Answers the folder; null where there is nothing to copy, or no longer, since servers of ours have
 * worked on the tables, or they have been copied to DATA_DIR before.
 */
export async function keepPredecessor(storage: Storage, dataDir: string): Promise<string | null> {
  const filled = await filledTables(storage)
  if (filled.length === 0 || (await isInUse(storage)) || isKept(dataDir)) return null
  const at = new Date().toISOString().replace('T', '-').replace(/[:.Z]/g, '')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  // Of processes that start together each makes its own, which is whole once it has its name.
  const making = mkdtempSync(join(dataDir, `${PARTIAL}${FOLDER}${at}-`))
  for (const [table, columns] of filled) {
    const file = createWriteStream(join(making, `${table}.csv`), { mode: 0o600, flush: true })
    await pipeline(Readable.from(linesOf(storage, table, columns)), file)
  }
  const folder = join(dataDir, basename(making).slice(PARTIAL.length))
  renameSync(making, folder)
  return folder
}

function isKept(dataDir: string): boolean {
  return existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith(FOLDER))
}

/** Those that hold rows. A table that the account may not see at all makes this fail rather than pass for none. */
async function filledTables({ db }: Storage): Promise<[table: string, columns: readonly string[]][]> {
  const filled: [string, readonly string[]][] = []
  for (const [table, columns] of Object.entries(TABLES)) {
    try {
      const { rows } = await sql`select id from ${sql.table(table)} limit 1`.execute(db)
      if (rows.length > 0) filled.push([table, columns])
    } catch (error) {
      if (!isUnknownTable(error)) throw error
    }
  }
  return filled
}

/** An index has been begun: by then the tables have been copied, or were not the predecessor's. */
async function isInUse(storage: Storage): Promise<boolean> {
  if (!(await tableExists(storage, 'glpi_plugin_callmanager_index'))) return false
  const state = await storage.db
    .selectFrom('glpi_plugin_callmanager_index')
    .select('version')
    .executeTakeFirst()
  return state !== undefined && state.version > 0
}

async function* linesOf({ db }: Storage, table: string, columns: readonly string[]): AsyncGenerator<string> {
  const lines = (rows: readonly unknown[][]) =>
    stringify([...rows], { quoted_string: true, record_delimiter: '\r\n' })
  yield lines([[...columns]])
  for (let after = -1; ; ) {
    const { rows } = await sql<Record<string, string | number | null>>`
      select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(table)}
      where id > ${after} order by id limit ${sql.lit(PAGE)}`.execute(db)
    if (rows.length > 0) yield lines(rows.map((row) => columns.map((column) => row[column])))
    if (rows.length < PAGE) return
    after = Number(rows.at(-1)?.id)
  }
}
