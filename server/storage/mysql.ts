import { hash } from 'node:crypto'
import {
  type Compilable,
  type Insertable,
  Kysely,
  MysqlDialect,
  type MysqlPool,
  type MysqlPoolConnection,
} from 'kysely'
import { createPool, type Pool, type PoolConnection, type PoolOptions, type RowDataPacket } from 'mysql2'
import { AppError } from '../domain/errors.ts'
import { compilePrepared } from './prepared.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'
import { createTurns } from './turns.ts'

const INSERT_CHUNK = 500
const TRIES = 5

/** A deadlock, or (MariaDB from 11.6 on) a row that another has changed since this transaction began to read. */
const AGAIN = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'])

/** A database that hangs (a frozen machine, a cut line) is one that does not answer. */
const QUERY_TIMEOUT_MS = 10_000

/** How long somebody else may hold a lock of {@link Storage.alone} before the wait is given up. */
const LOCK_S = 30

/**
 * Locks are held by connections of their own: what is done under one asks the database as well, and would wait for ever
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

const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_LOCK_WAIT_TIMEOUT',
])

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** A database that is away or closed to us is an expected failure; everything else stays what it is. */
function translated(error: unknown): unknown {
  const full = error instanceof Error && error.message === 'Queue limit reached.'
  return full || UNREACHABLE.has(codeOf(error))
    ? new AppError('storage-unavailable', { cause: error })
    : error
}

type Answer<Value> = (error: unknown, value: Value) => void

/** The pool as Kysely uses it, with failures in our words. */
function translatingPool(pool: Pool): MysqlPool {
  return {
    end: (done) => pool.end(done),
    getConnection(callback: Answer<MysqlPoolConnection>) {
      pool.getConnection((error, connection) => {
        if (error) callback(translated(error), connection)
        else callback(null, translatingConnection(connection))
      })
    },
  }
}

const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>()

/** Kysely keeps a connection by its identity, so each is wrapped once. */
function translatingConnection(connection: PoolConnection): MysqlPoolConnection {
  const known = wrapped.get(connection)
  if (known !== undefined) return known
  const made: MysqlPoolConnection = Object.create(connection, {
    query: {
      value: (sql: string, parameters: unknown[], callback?: Answer<unknown>) =>
        connection.query(sql, parameters, (error: unknown, result: unknown) =>
          callback?.(error ? translated(error) : null, result),
        ),
    },
    release: { value: () => connection.release() },
  })
  wrapped.set(connection, made)
  return made
}

/** Opens a MariaDB or MySQL database; the pool connects when it is first asked. */
export function openMysql(url: string): Storage {
  const options: PoolOptions = {
    uri: url,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    // The host's timestamps have no zone of their own; as strings in an explicit zone they cannot shift.
    dateStrings: true,
    decimalNumbers: true,
    connectTimeout: 5000,
    connectionLimit: 10,
    maxIdle: 10,
    queueLimit: MAX_WAITING,
    enableKeepAlive: true,
  }
  const pool = createPool(options)
  const locks = createPool({ ...options, connectionLimit: LOCK_CONNECTIONS }).promise()
  pool.on('connection', (connection) => {
    connection.query(`set time_zone = '+00:00', sql_mode = '${SQL_MODE}'`)
    // What a transaction reads first is what it goes on reading; following the helpdesk counts on that.
    connection.query('set session transaction isolation level repeatable read')
  })
  const promised = pool.promise()
  // Whoever waits for another of this process waits here, and not with a connection in hand.
  const inTurn = createTurns()
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: translatingPool(pool) }) })

  return {
    engine: 'mysql',
    db,
    schema: db,
    prepare<Row, Params extends object>(
      build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
    ): (params: Params) => Promise<Row[]> {
      const { sql, values } = compilePrepared(db, build)
      return async (params) => {
        try {
          const bound = values(params) as (string | number | null)[]
          const [rows] = await promised.execute({ sql, values: bound, timeout: QUERY_TIMEOUT_MS })
          return rows as Row[]
        } catch (error) {
          throw translated(error)
        }
      }
    },
    async write(_durability, work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute(work)
        } catch (error) {
          if (!AGAIN.has(codeOf(error)) || attempt === TRIES) throw error
        }
      }
    },
    async insertMany<Name extends keyof Tables>(
      tx: Kysely<Tables>,
      table: Name,
      rows: readonly Insertable<Tables[Name]>[],
    ): Promise<void> {
      for (let from = 0; from < rows.length; from += INSERT_CHUNK) {
        await tx
          .insertInto(table)
          .values(rows.slice(from, from + INSERT_CHUNK))
          .execute()
      }
    },
    alone: (name, work) =>
      inTurn(name, async () => {
        const connection = await locks.getConnection().catch((error: unknown) => {
          throw translated(error)
        })
        // Names have at most 64 characters.
        const lock = hash('sha256', `callmanager ${name}`).slice(0, 64)
        try {
          const [rows] = await connection.query<RowDataPacket[]>('select get_lock(?, ?) as held', [
            lock,
            LOCK_S,
          ])
          if (rows[0]?.held !== 1)
            throw new AppError('storage-unavailable', { detail: 'somebody else holds a lock' })
          return await work()
        } finally {
          await connection.query('do release_lock(?)', [lock]).catch(() => connection.destroy())
          connection.release()
        }
      }),
    async close() {
      await Promise.all([promised.end(), locks.end()])
    },
  }
}
