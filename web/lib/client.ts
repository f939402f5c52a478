import type { Problem } from '../../contract/problem.ts'

/** Why something could not be done, as a value that a page can show. */
export type Failure =
  | { kind: 'problem'; problem: Problem; retryAfter: number | null }
  /** No answer: no network, or a server that is down or slow. */
  | { kind: 'unreachable' }
  /** An answer that is not ours: a proxy's page. */
  | { kind: 'garbled'; status: number }

export class ApiError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.title : failure.kind)
    this.failure = failure
  }

  /** The last word of the problem's type, such as `rio-shared`; empty where there is no problem document. */
  get code(): string {
    return this.failure.kind === 'problem' ? codeOf(this.failure.problem) : ''
  }
}

/** Whether nobody is known to ask: no session, or one that has ended. */
export const isWithoutSession = (failure: Failure) =>
  failure.kind === 'problem' && failure.problem.status === 401

export const codeOf = (problem: Problem) => problem.type.split('/').at(-1) ?? ''

export interface Answer<Body> {
  body: Body
  /** Names what was read; send it back as `ifMatch`. */
  etag: string
  /** Where what was made can be read. */
  location: string
}

interface Sent {
  /** Sent as JSON, unless it is a file. */
  body?: unknown
  type?: string
  ifMatch?: string
  idempotencyKey?: string
  signal?: AbortSignal
  /** A large file takes longer than what is waited for otherwise. */
  timeoutMs?: number
}

type Query = Record<string, string | number | boolean | undefined>

const TIMEOUT_MS = 60_000

export interface Client {
  /** The address of something under `api/v1`, for links and downloads; an absolute path stays as it is. */
  url(path: string, query?: Query): string
  get<Body>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer<Body>>
  /** The answer as it arrives, where it is no JSON. */
  open(path: string, query?: Query, signal?: AbortSignal): Promise<Response>
  send<Body>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, sent?: Sent): Promise<Answer<Body>>
}

interface Means {
  /** What a problem says, in the reader's language. */
  inWords: (problem: Problem) => Promise<Problem>
  /** Gets a new session where the old one has ended; answers whether there is one. */
  onExpired?: () => Promise<boolean>
}

/**
 * Asks `api/v1`. Whatever is not a success is thrown as an {@link ApiError}. Where the session has ended and a new one is
 * had, the request is made again, so that nothing typed is lost.
 */
export function createClient(base: string, { inWords, onExpired }: Means): Client {
  const url = (path: string, query: Query = {}) => {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
    return (path.startsWith('/') ? path : `${base}/api/v1/${path}`) + search
  }

  async function ask(method: string, address: string, sent: Sent, again = true): Promise<Response> {
    const response = await fetchOrFail(method, address, sent)
    if (response.ok) return response
    const failure = await failureOf(response, inWords)
    if (response.status === 401 && again && (await onExpired?.())) return ask(method, address, sent, false)
    throw new ApiError(failure)
  }

  const open: Client['open'] = (path, query, signal) => ask('GET', url(path, query), signal ? { signal } : {})

  return {
    url,
    open,
    get: async (path, query, signal) => read(await open(path, query, signal)),
    send: async (method, path, sent = {}) => read(await ask(method, url(path), sent)),
  }
}

async function fetchOrFail(method: string, url: string, sent: Sent): Promise<Response> {
  const { body, type, ifMatch, idempotencyKey, signal, timeoutMs = TIMEOUT_MS } = sent
  const headers = new Headers({ accept: 'application/json' })
  if (body !== undefined) headers.set('content-type', type ?? 'application/json')
  if (ifMatch) headers.set('if-match', ifMatch)
  if (idempotencyKey) headers.set('idempotency-key', idempotencyKey)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : type && body instanceof Blob ? body : JSON.stringify(body),
      credentials: 'same-origin',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  } catch (error) {
    // Who has asked for something else meanwhile is told nothing.
    if (signal?.aborted) throw error
    throw new ApiError({ kind: 'unreachable' })
  }
}

async function read<Body>(response: Response): Promise<Answer<Body>> {
  const header = (name: string) => response.headers.get(name) ?? ''
  const around = { etag: header('etag'), location: header('location') }
  if (response.status === 204) return { body: undefined as Body, ...around }
  try {
    return { body: (await response.json()) as Body, ...around }
  } catch {
    throw new ApiError({ kind: 'garbled', status: response.status })
  }
}

async function failureOf(response: Response, inWords: Means['inWords']): Promise<Failure> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return { kind: 'garbled', status: response.status }
  }
  const problem = await inWords(await response.json())
  return { kind: 'problem', problem, retryAfter: Number(response.headers.get('retry-after')) || null }
}

/** A key that makes sending a form twice safe. `crypto.randomUUID` is missing where a page comes without TLS. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
