import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import type { Agent, Caller, Helpdesk, SessionUse } from '../helpdesk/helpdesk.ts'

/** The host's session cookies, 32 digits or (GLPI 10 and later) more; which of several is its own only the host knows. */
const COOKIE = /(?:^|;\s*)glpi_[0-9a-f]{32,128}=([^;\s]+)/g
const MAX_COOKIES = 3

/** A browser sends a dead cookie with each request; it is not checked each time. */
const FAILED_COOKIE_MS = 30_000
const MAX_FAILED = 10_000

const FORWARDING_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'via',
]

/** Where a request comes from. */
export function callerOf(request: FastifyRequest): Caller {
  const { headers } = request
  const appToken = headers['app-token']
  return {
    address: request.ip,
    forwarded: FORWARDING_HEADERS.some((name) => headers[name] !== undefined),
    appToken: Array.isArray(appToken) ? appToken.join(', ') : appToken,
  }
}

/** What a request needs its session for; a stream says itself that it only watches. */
function useOf({ method }: FastifyRequest): SessionUse {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write'
}

/** Who asks, and how they have shown it. */
export interface Asker {
  agent: Agent
  caller: Caller
  /** The session's token; never logged, never answered. */
  token: string
  /** Whether a browser sent it by itself. */
  byCookie: boolean
}

/** The Session-Token header, if it says anything; Node lower-cases names, so any letter case will do. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const header = request.headers['session-token']
  const token = Array.isArray(header) ? header.join(', ') : header
  return token === '' ? undefined : token
}

/** Turns away who shows no session at all, before anything is done for them. */
export function demandSession(request: FastifyRequest): void {
  if (sessionToken(request) === undefined && request.headers.cookie === undefined) {
    throw new AppError('session-missing')
  }
}

/**
 * Finds out who asks. The Session-Token header wins and also passes the host's API-client gate; a bad header is never
 * rescued by a good cookie, and nothing is ever read from the query string.
 */
export function createAuthentication(helpdesk: Helpdesk) {
  const failed = new Map<string, number>()

  async function byCookie(token: string, caller: Caller, use: SessionUse): Promise<Agent | undefined> {
    const key = hash('sha256', token)
    const until = failed.get(key)
    if (until !== undefined && until > Date.now()) return undefined
    try {
      return await helpdesk.agent(token, caller, use)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'session-invalid') throw error
      if (failed.size >= MAX_FAILED) failed.clear()
      failed.set(key, Date.now() + FAILED_COOKIE_MS)
      return undefined
    }
  }

  return async (request: FastifyRequest, use = useOf(request)): Promise<Asker> => {
    const caller = callerOf(request)
    const token = sessionToken(request)
    if (token !== undefined) {
      await helpdesk.admitClient(caller)
      return { agent: await helpdesk.agent(token, caller, use), caller, token, byCookie: false }
    }
    const cookies = [...(request.headers.cookie ?? '').matchAll(COOKIE)].slice(0, MAX_COOKIES)
    for (const [, value = ''] of cookies) {
      const agent = await byCookie(value, caller, use)
      if (agent !== undefined) return { agent, caller, token: value, byCookie: true }
    }
    throw new AppError(cookies.length === 0 ? 'session-missing' : 'session-invalid')
  }
}

export type Authenticate = ReturnType<typeof createAuthentication>
