import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type Compilable, type Insertable, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { compilePrepared } from './prepared.ts'
import { createGroupCommit } from './sqlite-commit.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'

/** Statements kept prepared per connection; queries are few, so this is a bound, not a tuning knob. */
const MAX_STATEMENTS = 300

/** SQLite knows no booleans and node:sqlite refuses `undefined`. */
function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`)
}

function statementCache(connection: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    if (statements.size >= MAX_STATEMENTS) statements.clear()
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

/** The part of a driver that Kysely asks for, over node:sqlite. */
function kyselyOver(connection: DatabaseSync, statement: (sql: string) => StatementSync): Kysely<Tables> {
  const database: SqliteDatabase = {
    close: () => connection.close(),
    prepare: (sql) => {
      const prepared = statement(sql)
      return {
        reader: prepared.columns().length > 0,
        all: (values) => prepared.all(...values.map(bindable)),
        run: (values) => prepared.run(...values.map(bindable)),
        iterate: (values) => prepared.iterate(...values.map(bindable)),
      }
    },
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
}

/**
 * Opens (or creates) a SQLite file: one connection that writes, one that only reads, so that a read never waits.
 * SQLite is synchronous; each statement here is short by construction (an indexed read, a bounded batch of writes).
 */
export function openSqlite(path: string): Storage {
  mkdirSync(dirname(path), { recursive: true })
  // Waiting for another process's write lock is done by timers (sqlite-commit.ts), never inside SQLite,
  // where it would stop the event loop.
  const writer = new DatabaseSync(path, { timeout: 0 })
  writer.exec('PRAGMA busy_timeout = 5000')
  writer.exec('PRAGMA journal_mode = WAL')
  writer.exec('PRAGMA busy_timeout = 0')
  writer.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000')
  const reader = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  reader.exec('PRAGMA cache_size = -8000')

  const writerStatement = statementCache(writer)
  const readerStatement = statementCache(reader)
  const db = kyselyOver(reader, readerStatement)
  const writing = kyselyOver(writer, writerStatement)
  const commit = createGroupCommit(writer)

  return {
    engine: 'sqlite',
    db,
    schema: writing,
    prepare<Row, Params extends object>(
      build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
    ): (params: Params) => Promise<Row[]> {
      const { sql, values } = compilePrepared(db, build)
      return async (params) => readerStatement(sql).all(...values(params).map(bindable)) as Row[]
    },
    write: (durability, work) => commit.run(durability, () => work(writing)),
    async insertMany<Name extends keyof Tables>(
      _tx: Kysely<Tables>,
      table: Name,
      rows: readonly Insertable<Tables[Name]>[],
    ): Promise<void> {
      const [first] = rows
      if (first === undefined) return
      const columns = Object.keys(first)
      const marks = columns.map(() => '?').join(', ')
      const insert = writerStatement(
        `insert into "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) values (${marks})`,
      )
      for (const row of rows) insert.run(...Object.values(row).map(bindable))
    },
    async close() {
      await commit.drained()
      // Lets SQLite keep its planner statistics fresh; cheap, and only where it sees a need.
      writer.exec('PRAGMA optimize')
      reader.close()
      writer.close()
    },
  }
}
