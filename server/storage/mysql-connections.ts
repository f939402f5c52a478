import type { MysqlPool, MysqlPoolConnection } from 'kysely'
import type { Pool, PoolConnection } from 'mysql2'
import { AppError } from '../domain/errors.ts'
import { isReadOnly, translated } from './mysql-errors.ts'

/** How long somebody waits for a connection while others have them all. */
const WAIT_MS = 5000

type Answer<Value> = (error: unknown, value: Value) => void

/** A connection of the pool; who waits too long is told so, and the connection that comes later goes back. */
export function getConnection(pool: Pool): Promise<PoolConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>()
  let late = false
  const timer = setTimeout(() => {
    late = true
    reject(new AppError('storage-unavailable', { detail: 'every connection to it is busy' }))
  }, WAIT_MS)
  pool.getConnection((error, connection) => {
    clearTimeout(timer)
    if (error) reject(translated(error))
    else if (late) connection.release()
    else resolve(connection)
  })
  return promise
}

/**
 * Runs one statement, with failures in our words. A server that does not answer in time (a frozen machine, a cut line) is
 * given up together with the connection: what it might say later belongs to nobody.
 */
export function answerOf<Value>(
  connection: PoolConnection,
  limitMs: number,
  start: (answer: Answer<Value>) => void,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const giveUp = (): void => {
    connection.destroy()
    reject(new AppError('storage-unavailable', { detail: 'it did not answer in time' }))
  }
  const timer = limitMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(giveUp, limitMs)
  try {
    start((error, value) => {
      clearTimeout(timer)
      if (isReadOnly(error)) connection.destroy()
      if (error) reject(translated(error))
      else resolve(value)
    })
  } catch (error) {
    clearTimeout(timer)
    reject(error)
  }
  return promise
}

/** Runs one statement on any connection. */
export async function onAnyConnection(
  pool: Pool,
  limitMs: number,
  start: (connection: PoolConnection, answer: Answer<unknown>) => void,
): Promise<unknown> {
  const connection = await getConnection(pool)
  try {
    return await answerOf(connection, limitMs, (answer: Answer<unknown>) => start(connection, answer))
  } finally {
    connection.release()
  }
}

/** The pool as Kysely uses it. */
export function kyselyPool(pool: Pool, limitMs: number): MysqlPool {
  // Kysely keeps a connection by its identity, so each is wrapped once.
  const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>()

  function wrap(connection: PoolConnection): MysqlPoolConnection {
    const known = wrapped.get(connection)
    if (known !== undefined) return known
    const query = (sql: string, parameters: unknown[], callback: Answer<unknown>): void => {
      answerOf(connection, limitMs, (answer: Answer<unknown>) =>
        connection.query(sql, parameters, answer),
      ).then(
        (result) => callback(null, result),
        (error: unknown) => {
          if (sql !== 'rollback') return callback(error, undefined)
          // With the connection ends the transaction; what it failed of is to be told, and not that it cannot be undone.
          connection.destroy()
          callback(null, [])
        },
      )
    }
    const made: MysqlPoolConnection = Object.create(connection, {
      query: { value: query },
      release: { value: () => connection.release() },
    })
    wrapped.set(connection, made)
    return made
  }

  return {
    end: (done) => pool.end(done),
    getConnection(callback) {
      getConnection(pool).then(
        (connection) => callback(null, wrap(connection)),
        // There is none, and Kysely looks at none.
        (error: unknown) => callback(error, Object.create(null)),
      )
    },
  }
}
