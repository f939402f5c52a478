import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from 'kysely'
import { format } from 'mysql2'
import { migrateOwnTables } from './migrate.ts'
import { isDenied, isUnknownTable } from './refusals.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'

/**
 * The SQL of the migrations that a host's database lacks, for an administrator to run: the migrations themselves run, with
 * a connection that reads from the database and only writes down what would change it. Running it twice does no harm.
 */
export async function printMigrations(storage: Storage): Promise<string[]> {
  const statements: string[] = []
  const schema = new Kysely<Tables>({
    dialect: {
      createAdapter: () => Object.assign(new MysqlAdapter(), unlocked),
      createQueryCompiler: () => new MysqlQueryCompiler(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createDriver: () => driverOver(recording(storage, (statement) => statements.push(statement))),
    },
  })
  await migrateOwnTables({ ...storage, schema })
  return statements
}

/** Nothing is changed, so nobody is kept from changing. */
const unlocked = { acquireMigrationLock: async () => {}, releaseMigrationLock: async () => {} }

function recording(storage: Storage, record: (statement: string) => void): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      if (!/^\s*select\b/i.test(query.sql)) {
        record(repeatable(format(query.sql, query.parameters.map(written))))
        return { rows: [] }
      }
      try {
        return await storage.db.executeQuery<Row>(query)
      } catch (error) {
        // A table that would be made by what is written down already holds nothing; nor does one that may not be seen.
        if (isUnknownTable(error) || isDenied(error)) return { rows: [] }
        throw error
      }
    },
    streamQuery() {
      throw new Error('migrations read no streams')
    },
  }
}

/** What the Migrator puts into its tables: names, times and a 0. */
const written = (value: unknown): string | number => (typeof value === 'number' ? value : String(value))

function driverOver(connection: DatabaseConnection): Driver {
  const nothing = async () => {}
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
}

/** The statement so that it changes nothing the second time. What migrations alter is of one shape however often. */
function repeatable(statement: string): string {
  const text = statement.trim().replace(/\n\s+/g, '\n  ')
  const index = /^create index `?(\w+)`? on `?(\w+)`?/.exec(text)
  if (index !== null) return whereMissing('statistics', index[2] ?? '', index[1] ?? '', text)
  const column = /^alter table `?(\w+)`? add column `?(\w+)`?/.exec(text)
  if (column !== null) return whereMissing('columns', column[1] ?? '', column[2] ?? '', text)
  return text.replace(/^insert into/, 'insert ignore into')
}

const NAMES = { statistics: 'index_name', columns: 'column_name' } as const

/** Makes an index or a column only where it is missing: MySQL knows no IF NOT EXISTS for these. */
function whereMissing(kind: keyof typeof NAMES, table: string, name: string, statement: string): string {
  return format(
    `set @callmanager = if((select count(*) from information_schema.${kind}
    where table_schema = database() and table_name = ? and ${NAMES[kind]} = ?) = 0, ?, 'do 0');
prepare callmanager from @callmanager;
execute callmanager;
deallocate prepare callmanager`,
    [table, name, statement],
  )
}
