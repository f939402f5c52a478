import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/times.ts'
import type { SessionUse } from '../helpdesk.ts'
import { type HostRest, isIll } from './rest.ts'
import { demandSessionOf, type HostSession, readFullSession } from './session-facts.ts'

/** A token as PHP makes session ids; nothing else is sent on. */
const TOKEN = /^[A-Za-z0-9,-]{22,256}$/

/**
 * How old the host's word on a session may be for each use, whether it counts as its owner doing something, and whether the
 * last word serves while the host gives none.
 */
const USES: Record<SessionUse, { freshMs: number; acts: boolean; outlastsHost: boolean }> = {
  read: { freshMs: 30_000, acts: true, outlastsHost: true },
  write: { freshMs: 30_000, acts: true, outlastsHost: false },
  watch: { freshMs: 5 * MINUTE_MS, acts: false, outlastsHost: true },
}

const REFUSED_MS = 30_000
const MAX_SESSIONS = 10_000

/** So long after the host has failed, known sessions go on without asking it. */
const ILL_MS = 5000
/** A host that is slower than this keeps nobody waiting whom it has once confirmed. */
const PATIENCE_MS = 2000

interface Known {
  session: HostSession
  /** When the host last confirmed it, and when its owner last did something; as `now` tells. */
  confirmedAt: number
  actedAt: number
}

interface Options {
  rest: Pick<HostRest, 'get'>
  /** How long a session goes on after its owner last did something, or after the host last confirmed it. */
  sessionHours: number
  /** Told of a failure that a caller did not see, since they were answered by what was known. */
  onUnconfirmed(cause: unknown): void
  /** Milliseconds; for tests. */
  now?: () => number
}

/**
 * The host's sessions, by borrowed tokens: one read-only call for each every 30 seconds at most, however many ask. Neither
 * tokens nor what a session holds besides {@link HostSession} are kept.
 */
export function createHostSessions({
  rest,
  sessionHours,
  onUnconfirmed,
  now = () => performance.now(),
}: Options) {
  const known = new Map<string, Known>()
  const refused = new Map<string, number>()
  const asking = new Map<string, Promise<HostSession>>()
  const longestMs = sessionHours * HOUR_MS
  let illUntil = Number.NEGATIVE_INFINITY

  /** Asks the host; requests that arrive meanwhile share the call. */
  function confirm(token: string, key: string): Promise<HostSession> {
    const underWay = asking.get(key)
    if (underWay !== undefined) return underWay
    const call = ask(token, key).finally(() => asking.delete(key))
    asking.set(key, call)
    return call
  }

  async function ask(token: string, key: string): Promise<HostSession> {
    try {
      const body = await rest.get('getFullSession', token)
      demandSessionOf(body, token)
      const session = readFullSession(body, key)
      const before = known.get(key)
      keep(known, key, { session, confirmedAt: now(), actedAt: before?.actedAt ?? now() })
      return session
    } catch (error) {
      if (error instanceof AppError && error.code === 'session-invalid') {
        known.delete(key)
        keep(refused, key, now() + REFUSED_MS)
      }
      if (isIll(error)) illUntil = now() + ILL_MS
      throw error
    }
  }

  /** The last word on a session, while the host gives no new one in time. */
  async function outlast(token: string, key: string, last: HostSession): Promise<HostSession> {
    if (now() < illUntil) return last
    const call = confirm(token, key)
    try {
      return await Promise.race([call, sleep(PATIENCE_MS, last, { ref: false })])
    } catch (error) {
      if (!isIll(error)) throw error
      onUnconfirmed(error)
      return last
    } finally {
      call.catch(() => undefined)
    }
  }

  return {
    /** Who a token belongs to. Throws `session-invalid`, `account-unusable` or what ails the host. */
    async find(token: string, use: SessionUse): Promise<HostSession> {
      if (!TOKEN.test(token)) throw new AppError('session-invalid')
      const key = hash('sha256', token)
      const until = refused.get(key)
      if (until !== undefined && now() < until) throw new AppError('session-invalid')
      const { freshMs, acts, outlastsHost } = USES[use]
      const before = known.get(key)
      if (before === undefined) return confirm(token, key)
      if (acts) before.actedAt = now()
      // An open page would keep its session alive for ever, long after its owner has gone home.
      else if (now() - before.actedAt > longestMs) throw new AppError('session-invalid')
      const age = now() - before.confirmedAt
      if (age < freshMs) return before.session
      if (outlastsHost && age < longestMs) return outlast(token, key, before.session)
      return confirm(token, key)
    },

    /** Forgets what nobody can use any more. */
    housekeep(): void {
      for (const [key, { confirmedAt }] of known) if (now() - confirmedAt > longestMs) known.delete(key)
      for (const [key, until] of refused) if (now() > until) refused.delete(key)
    },
  }
}

/** Adds to a map that forgets its oldest entry rather than growing without end. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= MAX_SESSIONS) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
