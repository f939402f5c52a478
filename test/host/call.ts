import type { HostDatabase } from './database.ts'
import type { HostRequest } from './request.ts'
import type { Session } from './session.ts'

/** What the host does with a login that somebody else has: see {@link HostOptions.takenLogins}. */
export type TakenLogins = 'refused' | 'ignored' | 'crashed'

/** What it does with an object inside the input of a `PUT`: see {@link HostOptions.nestedInput}. */
export type NestedInput = 'heeded' | 'crashed'

/** One request on its way through the host. */
export interface Call {
  db: HostDatabase
  config(name: string): string
  apiUrl: string
  /** Text as this host stores it. */
  sanitise(text: string): string
  request: HostRequest
  takenLogins: TakenLogins
  nestedInput: NestedInput
  /** Is there a rule that rewrites what is written? */
  rewrites: boolean
  /** Notes what a test must not have asked. */
  unexpected(what: string): void
}

/** The same with the session that it is made in. */
export interface SessionCall extends Call {
  session: Session
}

/** Names, of those given, what is not in the list of what is played. */
export function notPlayed(given: Iterable<string>, played: ReadonlySet<string>): string[] {
  return [...given].filter((name) => !played.has(name))
}
