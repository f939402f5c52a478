import type { Page } from '../../contract/paging.ts'
import { AppError } from './errors.ts'

type CursorValue = string | number | null

/** Where a page ended, as text that can stand in an address. Lists go on behind it, so that what is added meanwhile shifts nothing. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

const NOT_OURS = 'it is not the cursor of a `next` link of this list; begin again without it'

function isValue(value: unknown): value is CursorValue {
  return value === null || typeof value === 'string' || Number.isSafeInteger(value)
}

/** The values of a cursor that this list made, or null without one. Throws `value-refused`. */
export function decodeCursor(cursor: string | undefined, length: number): CursorValue[] | null {
  if (cursor === undefined) return null
  let values: unknown
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    values = undefined
  }
  if (Array.isArray(values) && values.length === length && values.every(isValue)) return values
  refuseCursor(NOT_OURS)
}

/** Throws the `value-refused` of a cursor that means nothing to this list. */
export function refuseCursor(detail: string): never {
  throw new AppError('value-refused', { field: 'cursor', detail })
}

/** The id where the page before ended, of a list in the order of ids; null for the first page. Throws `value-refused`. */
export function idBehind(cursor: string | undefined): number | null {
  const values = decodeCursor(cursor, 1)
  if (values === null) return null
  const [id] = values
  if (typeof id === 'number') return id
  refuseCursor(NOT_OURS)
}

/** The page of a list in the order of ids; `rows` has one more than the page where there is another. */
export function pageById<Row extends { id: number }>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, cursor: last === undefined || rows.length <= limit ? null : encodeCursor([last.id]) }
}
