import { type Compilable, type Insertable, Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolOptions } from 'mysql2'
import { AppError } from '../domain/errors.ts'
import { compilePrepared } from './prepared.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'

const INSERT_CHUNK = 500
const TRIES = 5

/** A deadlock, or (MariaDB from 11.6 on) a row that another has changed since this transaction began to read. */
const AGAIN = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'])

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_LOCK_WAIT_TIMEOUT',
])

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** A database that is away or closed to us is an expected failure; everything else stays what it is. */
async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (UNREACHABLE.has(codeOf(error))) throw new AppError('storage-unavailable', { cause: error })
    throw error
  }
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
    enableKeepAlive: true,
  }
  const pool = createPool(options)
  pool.on('connection', (connection) => {
    connection.query("set time_zone = '+00:00'")
  })
  const promised = pool.promise()
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool }) })

  return {
    engine: 'mysql',
    db,
    schema: db,
    prepare<Row, Params extends object>(
      build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
    ): (params: Params) => Promise<Row[]> {
      const { sql, values } = compilePrepared(db, build)
      return (params) =>
        translated(async () => {
          const [rows] = await promised.execute(sql, values(params) as (string | number | null)[])
          return rows as Row[]
        })
    },
    write: (_durability, work) =>
      translated(async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await db.transaction().execute(work)
          } catch (error) {
            if (!AGAIN.has(codeOf(error)) || attempt === TRIES) throw error
          }
        }
      }),
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
    close: () => promised.end(),
  }
}
