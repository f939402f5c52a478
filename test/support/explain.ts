import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely'
import { compilePrepared } from '../../server/storage/prepared.ts'
import type { Storage } from '../../server/storage/storage.ts'

export interface AskedQuery {
  sql: string
  values: readonly unknown[]
}

interface MariaDbStep {
  table: string
  type: string
  key: string | null
  /** Rows that were really read; null for a step that was never reached. */
  r_rows: string | number | null
  Extra: string | null
}

/**
 * The steps of a query's plan that read a table from end to end. `small` names tables, by the names the query gives them,
 * that may be.
 */
export async function fullScans(
  storage: Storage,
  { sql, values }: AskedQuery,
  small: readonly string[],
): Promise<string[]> {
  if (storage.engine === 'sqlite') {
    const { rows } = await storage.db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...values]),
    )
    if (rows.length === 0) throw new Error(`no plan of ${sql}`)
    // A walk along an index is fine only where a LIMIT of 1 ends it: the newest row by date. `matched` and the like are
    // short lists made by the query itself.
    return rows
      .map(({ detail }) => detail)
      .filter(
        (detail) =>
          detail.startsWith('SCAN ') &&
          !/^SCAN (matched|caller|indexed|newest|some|one|other|CONSTANT ROW)\b/.test(detail),
      )
      .filter((detail) => !/USING (COVERING )?INDEX \w*date_mod$/.test(detail))
      .filter(
        (detail) => !small.some((name) => detail.replace(/ USING COVERING INDEX.*/, '') === `SCAN ${name}`),
      )
  }
  const { rows } = await storage.db.executeQuery<MariaDbStep>(
    CompiledQuery.raw(`analyze ${sql}`, [...values]),
  )
  if (rows.length === 0) throw new Error(`no plan of ${sql}`)
  return rows
    .filter(({ table }) => table !== null && !table.startsWith('<') && !small.includes(table))
    .filter(({ type, r_rows: read, Extra: extra }) =>
      // A walk along an index is fine only where a LIMIT of 1 ends it: the newest row by date.
      type === 'index' ? Number(read) > 1 || /filesort/.test(extra ?? '') : type === 'ALL',
    )
    .map(({ table, type, key, r_rows: read }) => `${type} of ${table} by ${key}: ${read} rows`)
}

/** A storage that notes every query that is read through it, prepared or not, in a transaction or not. */
export function noting(real: Storage): { storage: Storage; asked: AskedQuery[] } {
  const asked: AskedQuery[] = []
  const note = (node: RootOperationNode): void => {
    if (node.kind !== 'SelectQueryNode') return
    const { sql, parameters } = real.db.getExecutor().compileQuery(node, { queryId: 'noted' })
    asked.push({ sql, values: parameters })
  }
  // Noted once it has run: a query that another is built of passes here as well, and is none by itself.
  const built = new WeakMap<object, RootOperationNode>()
  const noter: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      built.set(queryId, node)
      return node
    },
    async transformResult({ result, queryId }) {
      const node = built.get(queryId)
      if (node !== undefined) note(node)
      return result
    },
  }
  return {
    asked,
    storage: {
      ...real,
      db: real.db.withPlugin(noter),
      prepare(build) {
        const { sql, values } = compilePrepared(real.db, build)
        const read = real.prepare(build)
        return (params) => {
          asked.push({ sql, values: values(params) })
          return read(params)
        }
      },
      write: (durability, work) => real.write(durability, (tx) => work(tx.withPlugin(noter))),
    },
  }
}
