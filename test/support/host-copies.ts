import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import { grantStatements } from '../../server/storage/host-grants.ts'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import { closeAfterFile } from './after-file.ts'
import { demandTemplate, TEMPLATE } from './host-template.ts'
import { databaseUrl } from './maria-database.ts'

/** A host's database, as our account of exactly our grants reaches it and as the host itself does. */
export interface HostCopy {
  url: string
  rootUrl: string
  /** As the host opens it. */
  storage: Storage
}

/** What migrations have run is as it was. */
const KEPT = /_migrations(_lock)?$/

/**
 * Hands out databases that are filled like the template. A database is whose connection holds the lock of its name, so that
 * it serves one test after another, of whichever file: filling it again is much quicker than making it.
 */
export function createHostCopies(socket: string, embedded: () => Promise<string>) {
  const made = new Map<number, HostCopy>()
  const free: number[] = []
  let root: Connection | undefined
  let tables: string[] = []

  async function connect(): Promise<Connection> {
    const connection = await createConnection({ user: 'root', socketPath: socket, multipleStatements: true })
    // The root entity is number 0.
    await connection.query("set session sql_mode = 'NO_AUTO_VALUE_ON_ZERO'")
    await demandTemplate(connection, socket, embedded)
    tables = (await tableNames(connection, TEMPLATE)).filter((name) => name !== 'ready')
    return connection
  }

  async function claim(connection: Connection): Promise<number> {
    for (let number = 1; ; number++) {
      if (made.has(number)) continue
      const [[row]] = await connection.query<RowDataPacket[]>('select get_lock(?, 0) as mine', [
        nameOf(number),
      ])
      if (row?.mine !== 1) continue
      await demandCopy(connection, nameOf(number), tables)
      const rootUrl = databaseUrl(socket, nameOf(number))
      made.set(number, {
        url: databaseUrl(socket, nameOf(number), `${nameOf(number)}:secret`),
        rootUrl,
        storage: await openStorage(rootUrl),
      })
      return number
    }
  }

  async function close(): Promise<void> {
    for (const { storage } of made.values()) await storage.close()
    await root?.end()
    made.clear()
    free.length = 0
    root = undefined
  }

  return {
    async take(): Promise<HostCopy & { giveBack(): void }> {
      if (root === undefined) {
        root = await connect()
        closeAfterFile(close)
      }
      const number = free.pop() ?? (await claim(root))
      const copy = made.get(number)
      if (copy === undefined) throw new Error('it was never made')
      await root.query(fillAgain(nameOf(number), tables))
      return { ...copy, giveBack: () => void free.push(number) }
    },
  }
}

const nameOf = (number: number) => `attached_${number}`

async function tableNames(root: Connection, database: string): Promise<string[]> {
  const [rows] = await root.query<RowDataPacket[]>(
    'select table_name as name from information_schema.tables where table_schema = ?',
    [database],
  )
  return rows.map(({ name }) => String(name))
}

/** Makes the database and its account, where an earlier file has not. */
async function demandCopy(root: Connection, name: string, tables: readonly string[]): Promise<void> {
  const there = new Set(await tableNames(root, name))
  const account = { user: name, host: 'localhost' }
  await root.query(
    [
      `create database if not exists ${name} default charset utf8mb3 collate utf8mb3_unicode_ci`,
      ...tables
        .filter((table) => !there.has(table))
        .flatMap((table) => [
          `create table ${name}.${table} like ${TEMPLATE}.${table}`,
          `insert into ${name}.${table} select * from ${TEMPLATE}.${table}`,
        ]),
      `create user if not exists ${name}@localhost identified by 'secret'`,
      ...grantStatements(name, account),
    ].join(';'),
  )
}

function fillAgain(name: string, tables: readonly string[]): string {
  const statements = tables
    .filter((table) => !KEPT.test(table))
    .flatMap((table) => [
      `delete from ${name}.${table}`,
      `insert into ${name}.${table} select * from ${TEMPLATE}.${table}`,
    ])
  return ['start transaction', ...statements, 'commit'].join(';')
}
