import { type AliasedRawBuilder, type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Engine } from './storage.ts'
import type { Tables } from './tables.ts'

/** The whole of what differs between the engines in SQL. Anything else is one query for both. */

/** Ends a CREATE TABLE: the storage engine and collation where there is a choice of them. */
export function tableEnd(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql'
    ? sql`engine = InnoDB default charset = utf8mb4 collate = utf8mb4_unicode_ci row_format = dynamic`
    : sql``
}

/** A table that is one B-tree over its primary key; InnoDB's always are. */
export function clusteredEnd(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql' ? tableEnd(engine) : sql`without rowid`
}

/** Text compared byte by byte, whatever the table's collation. */
export function binaryText(engine: Engine, length: number): RawBuilder<unknown> {
  return engine === 'mysql'
    ? sql.raw(`varchar(${length}) character set utf8mb4 collate utf8mb4_bin`)
    : sql.raw(`varchar(${length})`)
}

/** Text compared without regard to letter case, as the host's collation does for logins. */
export function foldedText(engine: Engine, length: number): RawBuilder<unknown> {
  return engine === 'mysql' ? sql.raw(`varchar(${length})`) : sql.raw(`varchar(${length}) collate nocase`)
}

/** The same for a column that was not made so: what a query and its index name instead of the column. */
export function foldedColumn(engine: Engine, column: string): RawBuilder<string> {
  return engine === 'mysql' ? sql`${sql.ref(column)}` : sql`${sql.ref(column)} collate nocase`
}

/** Text that may pass MariaDB's 64 kB. */
export function longText(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql' ? sql`mediumtext` : sql`text`
}

/** A part of a file. */
export function bytes(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql' ? sql`mediumblob` : sql`blob`
}

/** A timestamp that may be missing; MariaDB would otherwise make the first one a self-updating column. */
export const timestamp = sql`timestamp null default null`

/**
 * A table under another name, to be read in the order of its ids by the index that finds its rows. MariaDB may else walk the
 * whole table in that order, where it takes more rows for fitting than do.
 */
export function readByIndex<Name extends keyof Tables & string, Alias extends string>(
  engine: Engine,
  table: Name,
  alias: Alias,
): AliasedRawBuilder<Selectable<Tables[Name]>, Alias> {
  const hint = engine === 'mysql' ? sql` ignore index for order by (primary)` : sql``
  return sql<Selectable<Tables[Name]>>`${sql.table(table)}`.as<Alias>(sql`${sql.ref(alias)}${hint}`)
}

/** Ends an INSERT that changes the row instead where there is one of this key. */
export function orUpdateEnd(
  engine: Engine,
  key: readonly string[],
  change: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return engine === 'mysql'
    ? sql`on duplicate key update ${change}`
    : sql`on conflict (${sql.join(key.map((column) => sql.ref(column)))}) do update set ${change}`
}

/** Ends a SELECT in a transaction whose rows nobody else may change until it ends; SQLite has one writer and needs no locks. */
export function lockingEnd(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql' ? sql`for update` : sql``
}

/**
 * Ends a SELECT that is to see what is committed by now, whatever its transaction has read before, and needs no right to
 * write; SQLite's one writer sees that anyway.
 */
export function sharingEnd(engine: Engine): RawBuilder<unknown> {
  return engine === 'mysql' ? sql`lock in share mode` : sql``
}

/** Whether a statement is a journey to a server, of which one is better than two; SQLite answers at once, and best in small bites. */
export const isJourney = { sqlite: false, mysql: true } as const satisfies Record<Engine, boolean>

/**
 * Whether a column holds the characters of one of these texts (letters and digits, lower case) in their order, apart from
 * what may stand between them. A rough filter: it lets others through, and who asks looks at each again.
 */
export function holdsAny(engine: Engine, column: string, texts: readonly string[]): RawBuilder<boolean> {
  const name = sql.ref(column)
  if (engine === 'mysql') {
    return sql<boolean>`${name} regexp ${texts.map((text) => [...text].join('[^0-9a-z]*')).join('|')}`
  }
  const patterns = texts.map((text) => sql`${name} like ${`%${[...text].join('%')}%`}`)
  return sql<boolean>`(${sql.join(patterns, sql` or `)})`
}

/**
 * How many of the newest `glpi_logs` rows to look at again, because transactions may commit in another order than they
 * took their ids. SQLite has one writer, so there the order cannot differ.
 */
export const logOverlap = { sqlite: 0, mysql: 200 } as const satisfies Record<Engine, number>

/**
 * How many rows of `glpi_logs` that tell of no user may pile up behind the index's position before a look-up moves it on: it
 * reads them, which is cheap, rather than write for each. On SQLite the log is our own and tells of little else.
 */
export const logSlack = { sqlite: 0, mysql: 300 } as const satisfies Record<Engine, number>

/**
 * How long ago a row of the journal must have been written before everything of a lower id is known to be committed or
 * gone. Far more than any transaction takes, as long as the servers' clocks agree to some minutes.
 */
export const journalLagMs = { sqlite: 0, mysql: 600_000 } as const satisfies Record<Engine, number>

export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'ER_DUP_ENTRY') return true
  // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY
  return 'errcode' in error && (error.errcode === 2067 || error.errcode === 1555)
}

/** Creates an index unless it stands already: MySQL has no IF NOT EXISTS here, and a killed migration runs again. */
export async function createIndex(
  db: Kysely<unknown>,
  engine: Engine,
  table: string,
  name: string,
  columns: string[] | RawBuilder<unknown>,
): Promise<void> {
  const made = db.schema.createIndex(name).on(table)
  const index = Array.isArray(columns) ? made.columns(columns) : made.expression(columns)
  if (engine === 'sqlite') {
    await index.ifNotExists().execute()
    return
  }
  const { rows } = await sql`select 1 from information_schema.statistics
    where table_schema = database() and table_name = ${table} and index_name = ${name} limit 1`.execute(db)
  if (rows.length === 0) await index.execute()
}

/** Adds a column unless it stands already: MySQL has no IF NOT EXISTS here, and a killed migration runs again. */
export async function addColumn(
  db: Kysely<unknown>,
  engine: Engine,
  table: string,
  column: string,
  type: string,
): Promise<void> {
  const found =
    engine === 'sqlite'
      ? sql`select 1 from pragma_table_info(${table}) where name = ${column}`
      : sql`select 1 from information_schema.columns
          where table_schema = database() and table_name = ${table} and column_name = ${column}`
  const { rows } = await found.execute(db)
  if (rows.length === 0) await sql.raw(`alter table ${table} add column ${column} ${type}`).execute(db)
}

/**
 * A number for what a row holds, or 0 where nobody but us writes it: on a host the PHP plugin may stand beside us, whose
 * writes leave no line in the history.
 */
export function rowSum(engine: Engine, columns: readonly string[]): RawBuilder<number> {
  if (engine === 'sqlite') return sql<number>`0`
  return sql<number>`crc32(concat_ws(':', ${sql.join(columns.map((name) => sql.ref(name)))}))`
}
