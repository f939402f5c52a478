import { createPool, type Pool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2'

export type Value = string | number | null
export type Row = Record<string, Value>

/** Whoever asks next on this connection is told what ails it. */
const ignore = (): void => undefined

/** Whether it is the database that is ill, rather than a statement that is wrong. */
export function isDatabaseIll(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    'fatal' in error ||
    /^(E[A-Z]+|PROTOCOL_.*|ER_(CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|SERVER_SHUTDOWN|QUERY_INTERRUPTED|LOCK_WAIT_TIMEOUT|LOCK_DEADLOCK))$/.test(
      code,
    ) ||
    ('errno' in error && error.errno === CONNECTION_KILLED) ||
    /closed state/.test(error.message)
  )
}

/** MariaDB's number; the driver knows no name for it. */
const CONNECTION_KILLED = 1927

/** How the host reaches its database. */
export interface HostDatabase {
  rows(sql: string, values?: readonly unknown[]): Promise<Row[]>
  row(sql: string, values?: readonly unknown[]): Promise<Row | undefined>
  /** Runs one statement and commits it; `changed` counts as PHP's `affected_rows`: rows that were so already do not. */
  run(sql: string, values?: readonly unknown[]): Promise<{ id: number; changed: number }>
  insert(table: string, columns: Readonly<Row>): Promise<number>
  close(): Promise<void>
}

/**
 * The host's connection (host-contract §1.0): it says UTF-8 of at most three bytes and sends any, and an empty `sql_mode`
 * lets the database store `????` and cut silently. Statements are text with escaped values, each committed by itself.
 */
export function openHostDatabase(url: string): HostDatabase {
  const pool: Pool = createPool({
    uri: url,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    dateStrings: true,
    decimalNumbers: true,
    connectionLimit: 10,
    flags: ['-FOUND_ROWS'],
  })
  pool.on('connection', (connection: PoolConnection) => {
    // A connection that breaks is told to whoever uses it; one that nobody uses is only dropped.
    connection.on('error', () => undefined)
    // The driver is to go on sending four bytes, as PHP does, so it must not learn what it says next.
    connection.query("set session session_track_system_variables = ''", ignore)
    connection.query('set names utf8 collate utf8_unicode_ci', ignore)
    connection.query("set session sql_mode = ''", ignore)
    connection.query("set time_zone = '+00:00'", ignore)
  })
  const promised = pool.promise()

  async function rows(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const [found] = await promised.query<RowDataPacket[]>(sql, [...values])
    return found
  }
  async function run(sql: string, values: readonly unknown[] = []) {
    const [result] = await promised.query<ResultSetHeader>(sql, [...values])
    return { id: result.insertId, changed: result.affectedRows }
  }
  return {
    rows,
    run,
    row: async (sql, values) => (await rows(sql, values))[0],
    async insert(table, columns) {
      const { id } = await run('insert into ?? set ?', [table, columns])
      return id
    },
    close: () => promised.end(),
  }
}

/** A column as a number; nothing is 0. */
export const numberOf = (value: Value | undefined): number => Number(value ?? 0)

/** A column as text; nothing is empty. */
export const textOf = (value: Value | undefined): string => String(value ?? '')

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
export const hostTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')
