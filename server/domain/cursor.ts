import { AppError } from './errors.ts'

type CursorValue = string | number | null

/** Where a page ended, as text that can stand in an address. Lists go on behind it, so that what is added meanwhile shifts nothing. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function isValue(value: unknown): value is CursorValue {
  return value === null || typeof value === 'string' || Number.isSafeInteger(value)
}

/** The id that a page of a list in order of ids ended with, or null without a cursor. Throws `value-refused`. */
export function decodeIdCursor(cursor: string | undefined): number | null {
  const values = decodeCursor(cursor, 1)
  if (values === null) return null
  const [id] = values
  if (typeof id === 'number') return id
  throw refusal()
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
  throw refusal()
}

function refusal(): AppError {
  return new AppError('value-refused', {
    field: 'cursor',
    detail: 'it is not the cursor of a `next` link of this list; begin again without it',
  })
}
