import type { Compilable, Insertable, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export type Engine = 'sqlite' | 'mysql'

/**
 * `full`: what people write (RIOs, tickets, settings, sessions); on disk before it is acknowledged.
 * `normal`: journal and index rows; a killed process loses nothing, a power cut may lose the last moments.
 */
export type Durability = 'full' | 'normal'

/** One database, seen the same way over both engines. */
export interface Storage {
  readonly engine: Engine
  /** Reads outside a transaction. Not for writing: on SQLite this connection is read-only. */
  readonly db: Kysely<Tables>
  /** For migrations, before anything else uses the storage. */
  readonly schema: Kysely<Tables>
  /**
   * A read that is asked often: built and compiled once, run as a prepared statement.
   * `build` gets placeholders in place of the parameters' values.
   */
  prepare<Row, Params extends object>(
    build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
  ): (params: Params) => Promise<Row[]>
  /**
   * Runs `work` in a transaction and resolves once it is committed. Only the database may be awaited inside `work`,
   * and `work` may run again after a deadlock, so it must not touch anything else.
   */
  write<T>(durability: Durability, work: (tx: Kysely<Tables>) => Promise<T>): Promise<T>
  /** Adds rows of one shape, all or none, and resolves once they are committed: a `normal` write, the quickest way there is. */
  append<Name extends keyof Tables>(table: Name, rows: readonly Insertable<Tables[Name]>[]): Promise<void>
  /** Adds many rows of one shape inside a transaction, the quickest way the engine has. */
  insertMany<Name extends keyof Tables>(
    tx: Kysely<Tables>,
    table: Name,
    rows: readonly Insertable<Tables[Name]>[],
  ): Promise<void>
  /**
   * Runs `work` while no other work of any of these names runs, in any process on this database (SQLite: in this process).
   * For what a transaction alone cannot keep apart: what is awaited besides the database, or a row that is not there yet.
   */
  alone<T>(names: readonly string[], work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

interface Opening {
  /** Writes nothing at all: what writes, fails. On MariaDB and MySQL it is the caller's to keep that promise. */
  readOnly?: boolean
  /** On MariaDB and MySQL, a statement may take as long as it takes: for what nobody waits for. */
  patient?: boolean
}

/** Opens the database that `url` names: `file:/path/to/callmanager.db` or `mysql://user:password@host/database`. */
export async function openStorage(
  url: string,
  { readOnly = false, patient = false }: Opening = {},
): Promise<Storage> {
  if (url.startsWith('file:')) {
    const { openSqlite } = await import('./sqlite.ts')
    return openSqlite(url.slice('file:'.length), readOnly)
  }
  const { openMysql } = await import('./mysql.ts')
  return openMysql(url, patient)
}
