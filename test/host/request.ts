import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { refusal } from './answers.ts'

export interface HostRequest {
  method: string
  /** Behind `apirest.php/`. */
  segments: string[]
  /** From the query, the body and the headers, the later over the earlier, as the host mixes them. */
  parameters: ReadonlyMap<string, unknown>
  address: string
  /** When it began, in whole seconds: the time that everything it writes carries. */
  at: Date
}

/** Reads what was asked. A body that is not JSON is refused before anything else is looked at. */
export async function readRequest(
  message: IncomingMessage,
  path: string,
  query: URLSearchParams,
  apiUrl: string,
): Promise<HostRequest> {
  const at = new Date()
  const method = message.method ?? 'GET'
  const parameters = new Map<string, unknown>(query)
  const body = (await text(message)).trim()
  if (body !== '' && method === 'GET') throw refusal('ERROR_JSON_PAYLOAD_FORBIDDEN', apiUrl)
  if ((message.headers['content-type'] ?? 'application/json').includes('application/json') && body !== '') {
    for (const [name, value] of Object.entries(decoded(body, apiUrl))) parameters.set(name, value)
  }
  for (const [name, value] of authorization(message.headers.authorization)) parameters.set(name, value)
  for (const header of ['session-token', 'app-token']) {
    const value = message.headers[header]
    if (typeof value === 'string') parameters.set(header.replace('-', '_'), value)
  }
  for (const [name, value] of parameters) {
    if (value === 'true' || value === 'false') parameters.set(name, value === 'true')
  }
  const address = message.socket.remoteAddress ?? ''
  return {
    method,
    segments: path.split('/').map(decodeURIComponent),
    parameters,
    address: address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address,
    at,
  }
}

function decoded(body: string, apiUrl: string): object {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw refusal('ERROR_JSON_PAYLOAD_INVALID', apiUrl)
}

function authorization(header = ''): [string, string][] {
  const [scheme = '', value = ''] = header.split(' ')
  if (scheme === 'user_token') return [['user_token', value]]
  if (scheme.toLowerCase() !== 'basic') return []
  const [login = '', ...password] = Buffer.from(value, 'base64').toString().split(':')
  return [
    ['login', login],
    ['password', password.join(':')],
  ]
}
