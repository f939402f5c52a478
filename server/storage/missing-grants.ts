import { sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { readAccount } from './database-account.ts'
import { type Grant, grantsFor } from './host-grants.ts'
import { isDenied, isUnknownColumn, isUnknownTable } from './refusals.ts'
import type { Storage } from './storage.ts'

/**
 * The GRANTs that the account of an attached database lacks, tried one by one with statements that touch no row. Throws
 * `host-unsupported` where the host has no such table or column, `storage-unavailable` where the server is away or read-only.
 */
export async function missingGrants(storage: Storage): Promise<string[]> {
  const { database, account } = await readAccount(storage)
  const firstColumns = await readFirstColumns(storage)
  const missing: string[] = []
  for (const grant of grantsFor(database, account)) {
    if (!(await isGranted(storage, grant, firstColumns))) missing.push(grant.statement)
  }
  return missing
}

async function isGranted(
  storage: Storage,
  grant: Grant,
  firstColumns: ReadonlyMap<string, string>,
): Promise<boolean> {
  for (const probe of probes(grant, firstColumns.get(grant.table) ?? 'id')) {
    try {
      await probe.execute(storage.db)
    } catch (error) {
      if (isDenied(error)) return false
      // Not made yet, which is another matter than what may be done with it.
      if (isUnknownTable(error) && grant.kind === 'own') return true
      if (isUnknownTable(error) || isUnknownColumn(error)) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new AppError('host-unsupported', { detail: reason, cause: error })
      }
      throw error
    }
  }
  return true
}

/** Statements that need the privilege and touch nothing. */
function probes({ table: name, kind, columns }: Grant, column: string) {
  const table = sql.table(name)
  const list = sql.join(columns.map((one) => sql.ref(one)))
  const read = sql`select ${list} from ${table} limit 0`
  if (kind === 'read') return [read]
  if (kind === 'appended')
    return [sql`insert into ${table} (${list}) select ${list} from ${table} where 1 = 0`]
  const one = sql.ref(column)
  return [
    sql`select * from ${table} limit 0`,
    sql`insert into ${table} select * from ${table} where 1 = 0`,
    sql`update ${table} set ${one} = ${one} where 1 = 0`,
    sql`delete from ${table} where 1 = 0`,
  ]
}

/** A column of each table of ours to try a change on. */
async function readFirstColumns({ db }: Storage): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; first_column: string }>`
    select table_name as name, column_name as first_column from information_schema.columns
    where table_schema = database() and ordinal_position = 1
      and table_name like 'glpi\\_plugin\\_callmanager\\_%'`.execute(db)
  return new Map(rows.map(({ name, first_column: column }) => [name, column]))
}
