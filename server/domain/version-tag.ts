import { hash } from 'node:crypto'
import { AppError } from './errors.ts'

/** Names a state of something that people edit: an ETag (RFC 9110), quotes included. The same values give the same tag. */
export function versionTag(values: readonly unknown[]): string {
  return `"${hash('sha256', JSON.stringify(values)).slice(0, 32)}"`
}

/** What the editor's If-Match header says they have seen: some tags, or `*` for whatever is there. */
export type Seen = ReadonlySet<string> | '*'

/** Reads an If-Match header. Throws `precondition-required` where there is none. */
export function seenIn(ifMatch: string | undefined): Seen {
  const text = ifMatch?.trim() ?? ''
  if (text === '') throw new AppError('precondition-required')
  if (text === '*') return '*'
  // A proxy that compresses marks tags as weak; what they name is the same.
  return new Set(text.split(',').map((tag) => tag.trim().replace(/^W\//, '')))
}

/** Throws `changed-meanwhile` unless the editor has seen this state. */
export function demandSeen(seen: Seen, tag: string): void {
  if (seen !== '*' && !seen.has(tag)) throw new AppError('changed-meanwhile')
}
