import { Refusal, refusal } from './answers.ts'
import { notPlayed, type SessionCall } from './call.ts'
import type { Value } from './database.ts'

/** What stands in a body's `input`. */
export type Input = ReadonlyMap<string, unknown>

/** Reads the one item that a request writes; a field that is not played fails the test, as the host would drop it quietly. */
export function readInput(call: SessionCall, played: ReadonlySet<string>): Input {
  const input = call.request.parameters.get('input')
  if (typeof input !== 'object' || input === null) throw refusal('ERROR_BAD_ARRAY', call.apiUrl)
  if (Array.isArray(input)) call.unexpected('it writes several items at once')
  const fields = new Map(Object.entries(input))
  const extra = notPlayed(fields.keys(), played)
  if (extra.length > 0) call.unexpected(`fields that nobody plays: ${extra.join(', ')}`)
  return fields
}

/**
 * A value on its way to a statement: text sanitised, and its words `NULL` and `null` no text but nothing. JSON's own null
 * is undefined here: the host leaves such a column alone.
 */
export function columnValue(value: unknown, sanitise: (text: string) => string): Value | undefined {
  if (value === null || value === undefined) return undefined
  if (value === 'NULL' || value === 'null') return null
  if (value === true) return '1'
  if (value === false) return ''
  return typeof value === 'number' ? value : sanitise(String(value))
}

/** Does a field hold an object, which is not the same as a list? */
export function hasNested(input: Input): boolean {
  return [...input.values()].some(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
}

/** A field as a whole number, or what to take where it is missing. */
export function numberIn(input: Input, name: string, otherwise: number): number {
  const value = input.get(name)
  return value === undefined || value === null ? otherwise : Number(value)
}

export type WriteError = 'ERROR_GLPI_ADD' | 'ERROR_GLPI_UPDATE' | 'ERROR_GLPI_DELETE'

/** How a single item's writing fails: the words as they are, with 400 whatever the reason. */
export function writeRefused(code: WriteError, words: string | null): Refusal {
  return new Refusal(code, words, 400)
}

export const NO_PERMISSION = "You don't have permission to perform this action."
