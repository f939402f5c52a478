import { codeOf } from '../../domain/error-code.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import type { RestHealth } from '../helpdesk.ts'
import { illBecause, readAnswer } from './host-answer.ts'

/** More than the session of somebody with 100,000 entities; what goes on for longer would fill the memory. */
const MAX_BYTES = 32 << 20

interface Options {
  /** Where the host is, its sub-directory included. */
  url: string
  appToken: string
  timeoutMs: number
}

/** The host's REST API (`apirest.php`), by the words that we use of it. Throws `helpdesk-…`, `session-invalid`, …: values of our table. */
export interface HostRest {
  /** Reads; asked once more where the connection breaks, as one that was kept open for long may. */
  get(path: string, token: string): Promise<unknown>
  /** Writes one item; never asked again, since nobody knows whether it was done. */
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, token: string, input: object): Promise<unknown>
  /** How it last answered. */
  health(): RestHealth
}

/** What says something of the host rather than of the session. */
const ILL: ReadonlySet<ErrorCode> = new Set([
  'helpdesk-ill',
  'helpdesk-api-off',
  'helpdesk-address-refused',
  'helpdesk-app-token',
  'helpdesk-down',
  'helpdesk-slow',
  'helpdesk-maintenance',
])

export function createHostRest({ url, appToken, timeoutMs }: Options): HostRest {
  let health: RestHealth = { state: 'unknown' }

  async function ask(path: string, token: string, init: RequestInit): Promise<unknown> {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      'session-token': token,
      ...(appToken !== '' && { 'app-token': appToken }),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await fetch(`${url}/apirest.php/${path}`, {
        ...init,
        headers,
        signal,
        redirect: 'manual',
      })
      const contentType = answer.headers.get('content-type') ?? ''
      const body = readAnswer({ status: answer.status, contentType, text: await readText(answer) })
      health = { state: 'ok' }
      return body
    } catch (cause) {
      const error = cause instanceof AppError ? cause : unreachable(cause)
      health = isIll(error) ? { state: 'ill', reason: error.message } : { state: 'ok' }
      throw error
    }
  }

  return {
    get: (path, token) =>
      ask(path, token, { method: 'GET' }).catch((error: unknown) => {
        if (isBroken(error)) return ask(path, token, { method: 'GET' })
        throw error
      }),
    send: (method, path, token, input) => ask(path, token, { method, body: JSON.stringify({ input }) }),
    health: () => health,
  }
}

async function readText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > MAX_BYTES) throw illBecause(`its answer is longer than ${MAX_BYTES >> 20} MB`)
    pieces.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}

/** Whether it is the host that fails, rather than a session, a right or a value. */
export function isIll(error: unknown): boolean {
  return error instanceof AppError && ILL.has(error.code)
}

/** Why nothing came back. Node wraps the reason, and says nothing itself. */
function unreachable(error: unknown): AppError {
  if (error instanceof Error && error.name === 'TimeoutError')
    return new AppError('helpdesk-slow', { cause: error })
  return new AppError('helpdesk-down', { cause: error instanceof Error ? (error.cause ?? error) : error })
}

/** No connection came about, so that nothing was asked. */
const NEVER_ASKED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether the host may have done what it was asked all the same: the request may have gone out, and no answer came back. */
export function isInDoubt(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  if (error.code === 'helpdesk-down') return !NEVER_ASKED.has(codeOf(error.cause))
  return error.code === 'helpdesk-slow' || error.code === 'helpdesk-ill'
}

const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

function isBroken(error: unknown): boolean {
  return error instanceof AppError && error.code === 'helpdesk-down' && BROKEN.has(codeOf(error.cause))
}
