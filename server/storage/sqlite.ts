import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type Compilable, type Insertable, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { compilePrepared } from './prepared.ts'
import { createGroupCommit, isBusy } from './sqlite-commit.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'
import { createTurns } from './turns.ts'

/** Statements kept prepared per connection; queries are few but for lists of ids; a bound, not a tuning knob. */
const MAX_STATEMENTS = 300

/** SQLite knows no booleans and node:sqlite refuses `undefined`. */
function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`)
}

function statementCache<Statement>(prepare: (sql: string) => Statement): (sql: string) => Statement {
  const statements = new Map<string, Statement>()
  return (sql) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    if (statements.size >= MAX_STATEMENTS) statements.clear()
    const statement = prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

type Row = Record<string, unknown>

/** Reads rows as arrays, which is quicker, and names the columns here. */
function rowReader(connection: DatabaseSync, sql: string): (values: SQLInputValue[]) => Row[] {
  const statement = connection.prepare(sql, { returnArrays: true })
  const names = statement.columns().map(({ name }) => name)
  return (values) =>
    statement.all(...values).map((cells) => {
      const row: Row = {}
      for (const [index, name] of names.entries()) row[name] = cells[index]
      return row
    })
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

interface ReadTurn {
  begin(): void
  end(): void
  isOpen(): boolean
}

/**
 * Reads that are made in one go (until every settled promise has been followed up) share a transaction, since beginning
 * one is most of the cost of a short read, and so see one state of the data.
 */
function createReadTurn(connection: DatabaseSync): ReadTurn {
  const begin = connection.prepare('BEGIN')
  const commit = connection.prepare('COMMIT')
  let open = false
  const end = (): void => {
    if (!open) return
    open = false
    commit.run()
  }
  return {
    begin() {
      if (open) return
      begin.run()
      open = true
      process.nextTick(end)
    },
    end,
    isOpen: () => open,
  }
}

/**
 * People's data and password hashes: a folder or a file that we make is nobody else's to read; what SQLite keeps beside it
 * has the permissions of the file. One that is there is not opened, since closing it would drop this process's locks on it.
 */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/**
 * Opens (or creates) a SQLite file: one connection that writes, one that only reads, so that a read never waits. Prepared
 * reads use the writing connection while it is not in a transaction: its page cache outlives its own commits, whereas each
 * commit empties the other's.
 * SQLite is synchronous; each statement here is short by construction (an indexed read, a bounded batch of writes).
 */
export function openSqlite(path: string, readOnly: boolean): Storage {
  if (!readOnly) makeFile(path)
  // Opening and migrating may wait inside SQLite; once there is an event loop to hold up, sqlite-commit.ts waits by timers.
  const writer = new DatabaseSync(path, { timeout: 5000, readOnly })
  if (!readOnly) writer.exec('PRAGMA journal_mode = WAL')
  writer.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -12000')
  const reader = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  reader.exec('PRAGMA cache_size = -2000')

  const writerStatement = statementCache((sql) => writer.prepare(sql))
  const readerStatement = statementCache((sql) => reader.prepare(sql))
  const writerRead = statementCache((sql) => rowReader(writer, sql))
  const readerRead = statementCache((sql) => rowReader(reader, sql))
  const db = kyselyOver(reader, readerStatement)
  const writing = kyselyOver(writer, writerStatement)
  const readTurn = createReadTurn(writer)
  const commit = createGroupCommit(writer, readTurn.end)

  function insertAll<Name extends keyof Tables>(
    table: Name,
    rows: readonly Insertable<Tables[Name]>[],
  ): void {
    const [first] = rows
    if (first === undefined) return
    const columns = Object.keys(first)
    const marks = columns.map(() => '?').join(', ')
    const insert = writerStatement(
      `insert into "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) values (${marks})`,
    )
    for (const row of rows) {
      const values: Record<string, unknown> = row
      insert.run(...columns.map((name) => bindable(values[name])))
    }
  }

  return {
    engine: 'sqlite',
    db,
    schema: writing,
    prepare<Shape, Params extends object>(
      build: (db: Kysely<Tables>, params: Params) => Compilable<Shape>,
    ): (params: Params) => Promise<Shape[]> {
      const { sql, values } = compilePrepared(db, build)
      return async (params) => {
        const bound = values(params).map(bindable)
        if (writer.isTransaction && !readTurn.isOpen()) return readerRead(sql)(bound) as Shape[]
        readTurn.begin()
        return writerRead(sql)(bound) as Shape[]
      }
    },
    write: (durability, work) => commit.run(durability, () => work(writing)),
    append: (table, rows) => commit.run('normal', async () => insertAll(table, rows)),
    insertMany: async (_tx, table, rows) => insertAll(table, rows),
    // A file has one server, and the command line does nothing that takes turns.
    alone: createTurns(),
    async close() {
      await commit.drained()
      // Lets SQLite keep its planner statistics fresh; cheap, and only where it sees a need.
      // Another process that is writing may have it its way.
      try {
        if (!readOnly) writer.exec('PRAGMA optimize')
      } catch (error) {
        if (!isBusy(error)) throw error
      }
      readTurn.end()
      reader.close()
      writer.close()
    },
  }
}
