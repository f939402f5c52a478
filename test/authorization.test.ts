import { expect, test } from 'vitest'
import { startApp } from './support/app.ts'
import { askEveryOperation, operationsOf } from './support/authorization.ts'
import { MATRIX } from './support/authorization-matrix.ts'

const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
const operations = operationsOf(it)

test('every operation has a row, and every row an operation', () => {
  expect(Object.keys(MATRIX).sort()).toEqual(operations.map(({ name }) => name).sort())
})

test('only what is open on purpose answers those without a session or without the right', () => {
  for (const { name, security } of operations) {
    const { statuses: [stranger = 0, powerless = 0] = [], open } = MATRIX[name] ?? {}
    if (open !== undefined) continue
    expect({ name, stranger, powerless }).toEqual({ name, stranger: 401, powerless: 403 })
    expect({ name, security }).not.toEqual({ name, security: [] })
  }
})

askEveryOperation(operations, MATRIX, { app: () => it, logIn: it.logIn })
