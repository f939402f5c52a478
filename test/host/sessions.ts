import { refusal } from './answers.ts'
import type { HostRequest } from './request.ts'
import type { Session } from './session.ts'

/** The living sessions. Only their end changes them: not a right that is taken away, not an account that is disabled. */
export function createSessions() {
  const living = new Map<string, Session>()
  return {
    add(session: Session): string {
      living.set(session.token, session)
      return session.token
    },
    /** The session that a request names, or the host's refusal. A cookie names none. */
    demand({ parameters }: HostRequest, apiUrl: string): Session {
      const token = String(parameters.get('session_token') ?? '').trim()
      if (token === '') throw refusal('ERROR_SESSION_TOKEN_MISSING', apiUrl)
      const session = living.get(token)
      if (session === undefined) throw refusal('ERROR_SESSION_TOKEN_INVALID', apiUrl)
      return session
    },
    end: (token: string) => living.delete(token),
    /** Makes it a session in which somebody acts as its user. */
    impersonate(token: string, impersonatorId: number | null): void {
      const session = living.get(token)
      if (session === undefined) throw new Error('there is no such session')
      session.impersonatorId = impersonatorId
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
