import { AppError, type ErrorCode } from '../../domain/errors.ts'

/** What a host has answered, as far as it could be read. */
export interface HostAnswer {
  status: number
  contentType: string
  text: string
}

/**
 * What the host's error codes mean to whoever asks us (host-contract §4). Its messages are translated, so only the codes
 * are looked at. `ERROR` stands for nothing but an API that is switched off.
 */
const MEANINGS: Record<string, ErrorCode> = {
  ERROR: 'helpdesk-api-off',
  ERROR_NOT_ALLOWED_IP: 'helpdesk-address-refused',
  ERROR_APP_TOKEN_PARAMETERS_MISSING: 'helpdesk-app-token',
  ERROR_WRONG_APP_TOKEN_PARAMETER: 'helpdesk-app-token',
  ERROR_SESSION_TOKEN_INVALID: 'session-invalid',
  ERROR_SESSION_TOKEN_MISSING: 'session-invalid',
  ERROR_RIGHT_MISSING: 'right-missing',
  ERROR_ITEM_NOT_FOUND: 'host-item-unknown',
  ERROR_GLPI_ADD: 'value-refused',
  ERROR_GLPI_UPDATE: 'value-refused',
}

/** The longest message of a host's that is passed on. */
const MAX_MESSAGE = 1000

/** Reads an answer as the JSON that it should be. Throws what stands against it as a value of our table. */
export function readAnswer({ status, contentType, text }: HostAnswer): unknown {
  if (status >= 300 && status < 400) {
    throw illBecause(
      'it redirects to another address: HELPDESK_URL must be the one that it answers at itself',
    )
  }
  if (!contentType.includes('json')) {
    // In maintenance, and while its database waits for an update, the host answers a page with 200.
    if (status === 200 && text.trimStart().startsWith('<')) throw new AppError('helpdesk-maintenance')
    throw illBecause(`it answers ${status} as ${contentType || 'nothing in particular'} instead of JSON`)
  }
  const body = parse(text)
  if (status >= 200 && status < 300 && status !== 207) return body
  throw refusal(status, body)
}

export function illBecause(detail: string): AppError {
  return new AppError('helpdesk-ill', { detail })
}

/** The parser's own error quotes what it has read, which may be a session and is not for the log. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw illBecause('what it answers is no JSON')
  }
}

const CODE = /^[A-Z_]{1,80}$/

/** Errors are lists: the code, then a message or, for each item that was sent, whether it was done and why not. */
function refusal(status: number, body: unknown): AppError {
  const [code, told]: unknown[] = Array.isArray(body) ? body : []
  const meaning = typeof code === 'string' ? MEANINGS[code] : undefined
  if (meaning === undefined) {
    return illBecause(`it answers ${status}${typeof code === 'string' && CODE.test(code) ? ` ${code}` : ''}`)
  }
  const message = messageOf(told)
  // What it says of our own address and of its addresses in the network is for the operator's log only.
  const cause = message === '' ? undefined : new Error(message)
  if (meaning === 'right-missing') {
    return new AppError(meaning, { detail: 'the helpdesk says that the profile may not do this', cause })
  }
  if (meaning !== 'value-refused') return new AppError(meaning, { cause })
  return new AppError(meaning, {
    detail: message === '' ? 'the helpdesk refuses it without a reason' : `the helpdesk says: ${message}`,
  })
}

/** The message for people, as plain text. */
function messageOf(told: unknown): string {
  const first: unknown = Array.isArray(told) ? told[0] : told
  const message = typeof first === 'object' && first !== null && 'message' in first ? first.message : first
  return typeof message === 'string'
    ? message
        .slice(0, MAX_MESSAGE)
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    : ''
}
