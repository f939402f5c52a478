import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'

/** A new, empty database, as its administrator opens it. */
export interface MariaDatabase {
  name: string
  url: string
  remove(): Promise<void>
}

export function databaseUrl(socket: string, database: string, user = 'root'): string {
  return `mysql://${user}@localhost/${database}?socketPath=${encodeURIComponent(socket)}`
}

/** Makes one on a MariaDB; `prefix` tells whoever looks at the server whose it is. */
export async function newMariaDatabase(
  socket: string,
  prefix: string,
  charset = 'utf8mb4',
): Promise<MariaDatabase> {
  const name = `${prefix}_${randomUUID().replaceAll('-', '')}`
  const asRoot = async (statement: string) => {
    const root = await createConnection({ user: 'root', socketPath: socket })
    await root.query(statement)
    await root.end()
  }
  await asRoot(`create database ${name} default charset ${charset} collate ${charset}_unicode_ci`)
  return { name, url: databaseUrl(socket, name), remove: () => asRoot(`drop database ${name}`) }
}
