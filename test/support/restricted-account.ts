import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { databaseUrl, newMariaDatabase } from './maria-database.ts'

/** An account that may do nothing yet, and a database for it. */
export interface RestrictedAccount {
  /** As GRANTs name it. */
  name: string
  database: string
  /** The database as this account, and as root, who stands for the administrator. */
  url: string
  rootUrl: string
  /** Runs SQL in the database as the administrator's client does, several statements at a time. */
  asRoot(sql: string): Promise<unknown>
  remove(): Promise<void>
}

/** A new database, of the collation that the host's tables have, and a new account. */
export async function newRestrictedAccount(socket: string): Promise<RestrictedAccount> {
  const { name: database, url: rootUrl, remove } = await newMariaDatabase(socket, 'host', 'utf8mb3')
  const user = `cm_${randomUUID().replaceAll('-', '').slice(0, 20)}`
  const root = await createConnection({ uri: rootUrl, multipleStatements: true })
  await root.query(`create user ${user}@localhost identified by 'secret'`)
  return {
    name: `${user}@localhost`,
    database,
    url: databaseUrl(socket, database, `${user}:secret`),
    rootUrl,
    asRoot: async (sql) => (await root.query(sql))[0],
    async remove() {
      await remove()
      await root.query(`drop user ${user}@localhost`)
      await root.end()
    },
  }
}
