import type { Compilable, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Stands in a query for a value that comes later. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export interface PreparedSql<Params extends object> {
  sql: string
  /** The values in the order of the SQL's question marks. */
  values(params: Params): unknown[]
}

/** Compiles a query once; the values are put in place at each run. */
export function compilePrepared<Row, Params extends object>(
  db: Kysely<Tables>,
  build: (db: Kysely<Tables>, params: Params) => Compilable<Row>,
): PreparedSql<Params> {
  // The builder only hands values through to the compiled parameter list, so a placeholder may pose as one.
  const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as Params
  const { sql, parameters } = build(db, placeholders).compile()
  const slots = parameters.map((value) =>
    value instanceof Placeholder
      ? { name: value.name as keyof Params, constant: undefined }
      : { name: undefined, constant: value },
  )
  return {
    sql,
    values: (params) => slots.map((slot) => (slot.name === undefined ? slot.constant : params[slot.name])),
  }
}
