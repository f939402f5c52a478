import { CRASHED, type HostAnswer, JSON_TYPE } from './answers.ts'

/**
 * How a host can be ill:
 * - `down`: nobody listens;
 * - `reset`: the connection breaks; `answerLost`: the same after the work is done, when it was a write, and
 *   `answerSpoiled`: then comes what is no HTTP;
 * - `hang`: no answer ever; `{ slow }`: one after so many milliseconds;
 * - `maintenance`: a page, with 200; `garbled`: half an answer, with 200; `empty`: none, with 200;
 * - `error500`: what a crashed PHP leaves; `redirect`: to the login page; `sqlError`: the database's fault;
 * - `changesValues`: a rule rewrites the registration number of a user who is written.
 */
export type Fault =
  | 'down'
  | 'reset'
  | 'hang'
  | 'maintenance'
  | 'garbled'
  | 'empty'
  | 'error500'
  | 'redirect'
  | 'sqlError'
  | 'changesValues'
  | 'answerLost'
  | 'answerSpoiled'
  | { slow: number }

const HTML = { 'Content-Type': 'text/html; charset=UTF-8' }
const JSON_HEADERS = { 'Content-Type': JSON_TYPE }

const MAINTENANCE = `<!DOCTYPE html>
<html><head><title>MAINTENANCE MODE</title></head>
<body><div id="contenu-nav">The service is down for maintenance. It will be back shortly.</div></body></html>
`

/** Answers that come instead of the host's own, without any work being done. */
const INSTEAD: Partial<Record<Extract<Fault, string>, HostAnswer>> = {
  maintenance: { status: 200, headers: HTML, body: MAINTENANCE },
  garbled: { status: 200, headers: JSON_HEADERS, body: '{"session":{"valid_id":"example000' },
  empty: { status: 200, headers: HTML, body: '' },
  error500: CRASHED,
  redirect: {
    status: 302,
    headers: { ...HTML, Location: '/index.php?redirect=%2Fapirest.php&error=3' },
    body: '',
  },
  sqlError: {
    status: 500,
    headers: JSON_HEADERS,
    body: '["ERROR_SQL","Unexpected SQL Error : Lost connection to server during query"]',
  },
}

/** What it says while its database cannot be reached: a page, with 200, before it has looked at what it was asked. */
export const NO_DATABASE: HostAnswer = {
  status: 200,
  headers: HTML,
  body: `<!DOCTYPE html>
<html><head><title>Mysql Error</title></head>
<body><p>A link to the SQL server could not be established. Please check your configuration.</p></body></html>
`,
}

export function answerInstead(fault: Fault | null): HostAnswer | undefined {
  return typeof fault === 'string' ? INSTEAD[fault] : undefined
}
