import { randomBytes } from 'node:crypto'

/** Of every error that we answer: the id finds one log line. */
export const REQUEST_ID_HEADER = 'x-request-id'

const OURS = /^[0-9a-f]{8}-[0-9a-z]+$/

/** Requests are told apart across restarts and servers: `85e123fc-1a`. */
export function createRequestIds(): () => string {
  const boot = randomBytes(4).toString('hex')
  let requests = 0
  return () => `${boot}-${(++requests).toString(36)}`
}

/** Whether a header's value is one that {@link createRequestIds} made. */
export const isRequestId = (value: string): boolean => OURS.test(value)
