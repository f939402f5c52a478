import { AppError } from './errors.ts'
import { identifierProblem } from './identifier.ts'

const DETAILS = {
  empty: 'it is empty; to clear a RIO, delete it',
  too_long: 'it is longer than 255 characters',
  control_characters: 'it contains control characters',
} as const

/**
 * A RIO as it is stored: without white space around it, otherwise as its author typed it. Whatever passes can be looked
 * up again. Throws `value-refused`.
 */
export function readRio(typed: string): string {
  const rio = typed.trim()
  const problem = identifierProblem(rio)
  if (problem !== null) throw new AppError('value-refused', { field: 'rio', detail: DETAILS[problem] })
  return rio
}
