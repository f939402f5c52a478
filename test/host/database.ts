import { createPool, type Pool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2'

export type Value = string | number | null
export type Row = Record<string, Value>

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
    // The driver is to go on sending four bytes, as PHP does, so it must not learn what it says next.
    connection.query("set session session_track_system_variables = ''")
    connection.query('set names utf8 collate utf8_unicode_ci')
    connection.query("set session sql_mode = ''")
    connection.query("set time_zone = '+00:00'")
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
