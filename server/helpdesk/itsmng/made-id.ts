import { Type } from 'typebox'
import Value from 'typebox/value'
import { AppError } from '../../domain/errors.ts'

const Made = Type.Object({
  id: Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[1-9][0-9]*$' })]),
})

/** The id of what the host has made: it answers `{"id": 12, "message": "…"}`. */
export function madeId(body: unknown): number {
  if (Value.Check(Made, body)) return Number(body.id)
  throw new AppError('helpdesk-ill', { detail: 'it does not tell the id of what it has made' })
}
