import { type HostDatabase, hostTime, type Row, textOf, type Value } from './database.ts'

export interface ChangedColumn {
  column: string
  from: string
  /** As it was sent, which may be longer than what is stored. */
  to: string
}

/** Does the host see a difference: text by its characters, with nothing as empty text; numbers by their value. */
function differs(before: Value, after: Value): boolean {
  if (typeof before === 'number') return before !== Number(after ?? 0)
  return textOf(before) !== textOf(after)
}

/**
 * Changes columns as the host does: a statement for each that differs, each committed by itself, `date_mod` last. Answers
 * what was changed. A statement that fails (a login that is taken) is passed over when `ignores` says so, and counts as done.
 */
export async function changeColumns(
  db: HostDatabase,
  { table, row, at }: { table: string; row: Row; at: Date },
  values: ReadonlyMap<string, Value>,
  ignores: (error: unknown) => boolean,
): Promise<ChangedColumn[]> {
  const changed: ChangedColumn[] = []
  const different = [...values].filter(([column, value]) => differs(row[column] ?? null, value))
  for (const [column, value] of different) {
    const affected = await db
      .run('update ?? set ?? = ? where id = ?', [table, column, value, textOf(row.id)])
      .then((result) => result.changed)
      .catch((error: unknown) => {
        if (ignores(error)) return -1
        throw error
      })
    if (affected !== 0)
      changed.push({ column, from: textOf(row[column]), to: value === null ? 'NULL' : textOf(value) })
  }
  if (different.length > 0) {
    await db.run('update ?? set date_mod = ? where id = ?', [table, hostTime(at), textOf(row.id)])
  }
  return changed
}

/** Is it the database that says that the unique key is taken? */
export function isDuplicate(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY'
}
