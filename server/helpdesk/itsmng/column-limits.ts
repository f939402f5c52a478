import { type Kysely, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Tables } from '../../storage/tables.ts'
import type { createHostText } from './host-text.ts'

interface Limit {
  name: string
  type: string
  longest: number
  charset: string
}

/** A text on its way to a column: what it is called where it came from, and how it was typed. */
export interface ColumnText {
  field: string
  typed: string
}

/**
 * Throws `value-refused` where a column of the host's cannot hold a text as it was typed: the host would cut it, or store
 * question marks, and say nothing. Asked of the database's own description, which differs from host to host.
 */
export async function demandHeld(
  db: Kysely<Tables>,
  table: keyof Tables & string,
  texts: Readonly<Record<string, ColumnText>>,
  { encode, decode }: ReturnType<typeof createHostText>,
): Promise<void> {
  if (Object.keys(texts).length === 0) return
  const { rows } = await sql<Limit>`select column_name as name, data_type as type,
    character_maximum_length as longest, character_set_name as charset
    from information_schema.columns where table_schema = database() and table_name = ${table}`.execute(db)
  for (const [column, { field, typed }] of Object.entries(texts)) {
    const limit = rows.find(({ name }) => name === column)
    if (limit === undefined) throw new Error(`the helpdesk's ${table} has no column ${column}`)
    const stored = encode(typed)
    const refuse = (detail: string) => new AppError('value-refused', { field, detail })
    if (decode(stored) !== typed) {
      throw refuse('the helpdesk would read some of its characters (such as &lt;) as others; leave them out')
    }
    if (/^null$/i.test(typed))
      throw refuse('the helpdesk takes this word for an empty field; write it otherwise')
    const isText = limit.type !== 'varchar' && limit.type !== 'char'
    const length = isText ? Buffer.byteLength(stored) : [...stored].length
    if (length > limit.longest) {
      const unit = isText ? 'bytes' : 'characters'
      throw refuse(
        `the helpdesk holds ${limit.longest} ${unit}, and this is ${length} as it stores it (< and > take several); shorten it`,
      )
    }
    if (limit.charset !== 'utf8mb4' && /[\u{10000}-\u{10FFFF}]/u.test(typed)) {
      throw refuse('the helpdesk cannot hold characters of four bytes, such as emoji; leave them out')
    }
  }
}
