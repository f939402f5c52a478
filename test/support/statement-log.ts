import { CompiledQuery } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

/**
 * Everything that is asked of a MariaDB while `work` runs, by whatever process, thread or connection: as the server itself
 * has written it down. One statement of each shape.
 */
export async function statementsDuring(storage: Storage, work: () => Promise<void>): Promise<string[]> {
  const run = (text: string) => storage.schema.executeQuery<{ text: string }>(CompiledQuery.raw(text))
  await run(`set global log_output = 'TABLE'`)
  await run('set global general_log = 1')
  try {
    await work()
  } finally {
    await run('set global general_log = 0')
  }
  const { rows } = await run(`select convert(argument using utf8mb4) as text from mysql.general_log
    where command_type in ('Query', 'Execute')`)
  return [...new Map(rows.map(({ text }) => [shapeOf(text), text])).values()]
}

/** Two statements that differ only in values, and in how many they list, have the same shape. */
function shapeOf(text: string): string {
  return text
    .replace(/'(?:[^'\\]|\\.|'')*'/g, '?')
    .replace(/\b\d+\b/g, '?')
    .replace(/\?(?:, \?)+/g, '?')
    .replace(/\(\?\)(?:, \(\?\))+/g, '(?)')
}

interface Step {
  table: string | null
  type: string | null
  key: string | null
  rows: string | number | null
  /** Rows that were really read; of reading statements only. */
  r_rows?: string | number | null
  Extra: string | null
}

/** The steps of a statement's plan that read more than so many rows of one table at a time, or walk through a whole one. */
export async function largeReads(storage: Storage, statement: string, most: number): Promise<string[]> {
  const isReading = /^\s*\(?select/i.test(statement)
  const { rows } = await storage.schema.executeQuery<Step>(
    CompiledQuery.raw(`${isReading ? 'analyze' : 'explain'} ${statement}`),
  )
  if (rows.length === 0) throw new Error(`no plan of ${statement}`)
  return rows
    .filter(({ table, type }) => table !== null && !table.startsWith('<') && type !== null)
    .map((step) => ({ ...step, read: Number((isReading ? step.r_rows : step.rows) ?? 0) }))
    .filter(({ read }) => read > most)
    .map(({ table, type, key, read }) => `${type} of ${table} by ${key}: ${read} rows`)
}
