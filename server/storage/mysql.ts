import { hash } from 'node:crypto'
import { type Compilable, CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolConnection, type PoolOptions, type RowDataPacket } from 'mysql2'
import { AppError } from '../domain/errors.ts'
import { answerOf, getConnection, kyselyPool, onAnyConnection } from './mysql-connections.ts'
import { isToBeRunAgain } from './mysql-errors.ts'
import { compilePrepared } from './prepared.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'
import { createTurns } from './turns.ts'

const INSERT_CHUNK = 500
const TRIES = 5

/** A database that hangs (a frozen machine, a cut line) is one that does not answer. */
const LIMIT_MS = 10_000

/** How long somebody else may lock a row; told by the server, which keeps the connection of use. */
const ROW_LOCK_S = 5

/** How long somebody else may hold a lock of {@link Storage.alone} before the wait is given up. */
const LOCK_S = 30

/** So long after the last word the other side is asked whether it is still there, which firewalls see as well. */
const KEEP_ALIVE_MS = 30_000

/**
 * Locks are held by connections of their own: what is done under one asks the database as well, and would wait in vain
 * where the locks had taken every connection.
 */
const LOCK_CONNECTIONS = 4

/**
 * How statements are understood, whatever the server's own mode: what does not fit is refused rather than cut, a backslash
 * escapes, a double quote begins a text, and zero dates, which hosts have stored, are dates.
 */
const SQL_MODE = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'

/** How many may wait for a connection; more would only wait in vain. */
const MAX_WAITING = 1000

/**
 * Opens a MariaDB or MySQL database; the pool connects when it is first asked. A patient one waits for each statement as
 * long as that takes: for work that nobody waits for.
 */
export function openMysql(url: string, patient: boolean): Storage {
  const limitMs = patient ? Number.POSITIVE_INFINITY : LIMIT_MS
  const options: PoolOptions = {
    uri: url,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    // The host's timestamps have no zone of their own; as strings in an explicit zone they cannot shift.
    dateStrings: true,
    decimalNumbers: true,
    // Shorter than the wait for a connection (mysql-connections.ts): one that never came is told as such.
    connectTimeout: 4000,
    connectionLimit: 10,
    maxIdle: 10,
    queueLimit: MAX_WAITING,
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  }
  const pool = createPool(options)
  const locks = createPool({ ...options, connectionLimit: LOCK_CONNECTIONS })
  for (const each of [pool, locks])
    each.on('connection', (connection) => prepareConnection(connection, patient))
  // Whoever waits for another of this process waits here, and not with a connection in hand.
  const inTurn = createTurns()
  const kysely = (ms: number) =>
    new Kysely<Tables>({ dialect: new MysqlDialect({ pool: kyselyPool(pool, ms) }) })
  const db = kysely(limitMs)

  return {
    engine: 'mysql',
    db,
    // An index of a million rows takes its time.
    schema: kysely(Number.POSITIVE_INFINITY),
    prepare<Row, Params extends object>(
      build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
    ): (params: Params) => Promise<Row[]> {
      const { sql, values } = compilePrepared(db, build)
      return async (params) => {
        const bound = values(params) as (string | number | null)[]
        return (await onAnyConnection(pool, limitMs, (connection, answer) =>
          connection.execute(sql, bound, answer),
        )) as Row[]
      }
    },
    write: (_durability, work) => again(() => db.transaction().execute(work)),
    async append(table, rows) {
      if (rows.length === 0) return
      // One statement commits by itself: a single journey to the server, where a transaction takes three.
      const { sql, values } = insertOf(table, rows)
      await again(() =>
        onAnyConnection(pool, limitMs, (connection, answer) => connection.query(sql, values, answer)),
      )
    },
    async insertMany(tx, table, rows) {
      for (let from = 0; from < rows.length; from += INSERT_CHUNK) {
        const { sql, values } = insertOf(table, rows.slice(from, from + INSERT_CHUNK))
        await tx.executeQuery(CompiledQuery.raw(sql, values))
      }
    },
    alone: (names, work) =>
      inTurn(names, async () => {
        const connection = await getConnection(locks)
        // Names have at most 64 characters. One order for all, so that no two wait for each other.
        const hashes = names.map((name) => hash('sha256', `callmanager ${name}`).slice(0, 64)).sort()
        try {
          for (const lock of hashes) await takeLock(connection, lock)
          return await work()
        } finally {
          for (const lock of hashes) {
            await answerOf(connection, LIMIT_MS, (answer) =>
              connection.query('do release_lock(?)', [lock], answer),
            ).catch(() => connection.destroy())
          }
          connection.release()
        }
      }),
    async close() {
      // A connection that never came about fails here once more, and is none.
      await Promise.allSettled([pool.promise().end(), locks.promise().end()])
    },
  }
}

async function takeLock(connection: PoolConnection, lock: string): Promise<void> {
  const rows = await answerOf<RowDataPacket[]>(connection, LOCK_S * 1000 + LIMIT_MS, (answer) =>
    connection.query('select get_lock(?, ?) as held', [lock, LOCK_S], answer),
  )
  if (rows[0]?.held !== 1) throw lockedByOthers()
}

/** Runs what a deadlock undid once more. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isToBeRunAgain(error)) throw error
      if (attempt === TRIES) throw lockedByOthers(error)
    }
  }
}

/** One INSERT of these rows, which are of one shape; building it by Kysely takes as long as running it. */
function insertOf(table: string, rows: readonly object[]): { sql: string; values: unknown[] } {
  const columns = Object.keys(rows[0] ?? {})
  const marks = `(${columns.map(() => '?').join(', ')})`
  const names = columns.map((name) => `\`${name}\``).join(', ')
  return {
    sql: `insert into \`${table}\` (${names}) values ${rows.map(() => marks).join(', ')}`,
    values: rows.flatMap((row) => columns.map((name): unknown => Reflect.get(row, name) ?? null)),
  }
}

/** What a new connection is told first; one that cannot be told is not used. */
function prepareConnection(connection: PoolConnection, patient: boolean): void {
  // Whoever uses it is told what happens to it; without a listener, Node would end the process besides.
  connection.on('error', () => undefined)
  const told = (error: unknown): void => {
    if (error) connection.destroy()
  }
  const wait = patient ? '' : `, innodb_lock_wait_timeout = ${ROW_LOCK_S}`
  connection.query(`set time_zone = '+00:00', sql_mode = '${SQL_MODE}'${wait}`, told)
  // What a transaction reads first is what it goes on reading; following the helpdesk counts on that.
  connection.query('set session transaction isolation level repeatable read', told)
}

function lockedByOthers(cause?: unknown): AppError {
  return new AppError('storage-unavailable', { detail: 'somebody else holds a lock', cause })
}
