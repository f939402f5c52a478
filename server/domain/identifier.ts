import { hash } from 'node:crypto'
import { AppError } from './errors.ts'

export type IdentifierKind = 'rio' | 'phone' | 'extension'

/** A normalised key that a caller can be found by. Keys are compared for equality, within one kind. */
export interface Identifier {
  kind: IdentifierKind
  key: string
}

/** The longest identifier a caller may send, in code points: the width of the host's own text columns. */
export const MAX_IDENTIFIER_LENGTH = 255

const KEY_COLUMN_WIDTH = 255

/**
 * The key as it fits the index's 255-character binary column: itself, or `sha256:<hex>` when it is longer.
 * Hashing rather than cutting keeps two long keys with one beginning apart.
 */
export function fitKey(key: string): string {
  return key.length <= KEY_COLUMN_WIDTH ? key : `sha256:${hash('sha256', key, 'hex')}`
}

/** What is wrong with an identifier as a caller sent it (design §6 answers 400 for it), or null when it may be looked up. */
export function identifierProblem(raw: string): 'empty' | 'too_long' | 'control_characters' | null {
  if (isTooLong(raw)) return 'too_long'
  // Before the white space, which a line break is too.
  if (/\p{Cc}/u.test(raw) || !raw.isWellFormed()) return 'control_characters'
  if (raw.trim() === '') return 'empty'
  return null
}

const PROBLEMS = {
  too_long: 'it is longer than 255 characters',
  control_characters: 'it contains control characters',
} as const

/** Throws `identifier-malformed` for a text that cannot be looked up; nothing but white space finds nobody. */
export function demandWellFormed(field: string, raw: string): void {
  const problem = identifierProblem(raw)
  if (problem === null || problem === 'empty') return
  throw new AppError('identifier-malformed', { field, detail: PROBLEMS[problem] })
}

/** Whether a text passes MAX_IDENTIFIER_LENGTH. */
export function isTooLong(raw: string): boolean {
  // A code point takes at most two UTF-16 units, so that a huge text is refused without being counted.
  return raw.length > 2 * MAX_IDENTIFIER_LENGTH || [...raw].length > MAX_IDENTIFIER_LENGTH
}
