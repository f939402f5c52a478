import { expect, test } from 'vitest'
import { startApp } from './support/app.ts'
import { askEveryOperation, operationsOf } from './support/authorization.ts'
import { MATRIX, type Row } from './support/authorization-matrix.ts'
import { ATTACHED } from './support/helpdesk.ts'

/** Beside a host, what is done in the host itself is not there, for anybody with a session. */
const HOSTS_OWN = new Set([
  'PATCH /plugins/callmanager/api/v1/session',
  'DELETE /plugins/callmanager/api/v1/session',
  'DELETE /plugins/callmanager/api/v1/users/{id}',
  'PUT /plugins/callmanager/api/v1/users/{id}/password',
  'PUT /plugins/callmanager/api/v1/users/{id}/profiles',
  'POST /plugins/callmanager/api/v1/entities',
  'PATCH /plugins/callmanager/api/v1/entities/{id}',
  'DELETE /plugins/callmanager/api/v1/entities/{id}',
  'POST /plugins/callmanager/api/v1/locations',
  'PATCH /plugins/callmanager/api/v1/locations/{id}',
  'DELETE /plugins/callmanager/api/v1/locations/{id}',
])
/** Logging in is the host's, and so are the accounts of a first start: there are no such operations at all. */
const LOGGING_IN = /\/apirest\.php\/|POST .*\/v1\/(setup|session)$/

function besideHost([name, row]: [string, Row]): [string, Row][] {
  if (LOGGING_IN.test(name)) return []
  return [[name, HOSTS_OWN.has(name) ? { ...row, statuses: [401, 404, 404, 404] } : row]]
}

const matrix = ATTACHED ? Object.fromEntries(Object.entries(MATRIX).flatMap(besideHost)) : MATRIX

const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
const operations = operationsOf(it)

test('every operation has a row, and every row an operation', () => {
  expect(Object.keys(matrix).sort()).toEqual(operations.map(({ name }) => name).sort())
})

test('only what is open on purpose answers those without a session or without the right', () => {
  for (const { name, security } of operations) {
    const { statuses: [stranger = 0, powerless = 0] = [], open } = matrix[name] ?? {}
    if (open !== undefined) continue
    const refused = ATTACHED && HOSTS_OWN.has(name) ? 404 : 403
    expect({ name, stranger, powerless }).toEqual({ name, stranger: 401, powerless: refused })
    expect({ name, security }).not.toEqual({ name, security: [] })
  }
})

askEveryOperation(operations, matrix, { app: () => it, logIn: it.logIn })
