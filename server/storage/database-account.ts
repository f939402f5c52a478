import { sql } from 'kysely'
import type { Storage } from './storage.ts'

/** An account as MariaDB and MySQL know it: a name, and whence it may come (`%` for anywhere). */
export interface DatabaseAccount {
  user: string
  host: string
}

/** Which database this is, and the account as the server's grants know it. */
export async function readAccount(storage: Storage): Promise<{ database: string; account: DatabaseAccount }> {
  const { rows } = await sql<{ account: string; name: string | null }>`
    select current_user() as account, database() as name`.execute(storage.db)
  const [row] = rows
  if (row === undefined) throw new Error('the server does not tell who we are')
  return { database: row.name ?? '', account: parseAccount(row.account) }
}

/** `user@host`, the host being what follows the last `@`; from anywhere where none is named. */
export function parseAccount(text: string): DatabaseAccount {
  const at = text.lastIndexOf('@')
  const bare = (part: string) => part.replace(/^(['`"])(.*)\1$/, '$2')
  return at < 0
    ? { user: bare(text), host: '%' }
    : { user: bare(text.slice(0, at)), host: bare(text.slice(at + 1)) }
}
