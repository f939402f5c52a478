import { AppError } from '../domain/errors.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'

/** What the column of our table holds. */
const MAX_LENGTH = 255

export type RioText = Pick<Helpdesk, 'encodeText' | 'decodeText'>

/** Why our table cannot hold a RIO as it was typed, in which it stands as the helpdesk stores text; null when it can. */
export function storedRioProblem(rio: string, { encodeText, decodeText }: RioText): string | null {
  const stored = encodeText(rio)
  if ([...stored].length > MAX_LENGTH) {
    return `it is longer than ${MAX_LENGTH} characters as the helpdesk stores it (< and > take several)`
  }
  if (decodeText(stored) === rio) return null
  return 'the helpdesk would read some of its characters (such as &lt;) as others'
}

/** Throws `value-refused` for the same. */
export function demandStorable(rio: string, text: RioText): void {
  const detail = storedRioProblem(rio, text)
  if (detail !== null) throw new AppError('value-refused', { field: 'rio', detail })
}
