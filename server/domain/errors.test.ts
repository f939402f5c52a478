import { expect, test } from 'vitest'
import { AppError, ERRORS, type ErrorCode } from './errors.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

test.each(CODES)('%s has a status, a title and a remedy in whole words', (code) => {
  const { status, title, remedy } = ERRORS[code]
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(600)
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(title).toMatch(/^[A-Z].+[^.]$/)
  expect(remedy).toMatch(/^[A-Z].+(\.|: callmanager [a-z ]+)$/)
})

test('an error carries what its table says, and what makes the case special', () => {
  const cause = new Error('disk full')
  const error = new AppError('value-refused', { field: 'rio', detail: 'it is empty', retryAfter: 3, cause })
  expect(error).toMatchObject({
    name: 'AppError',
    code: 'value-refused',
    status: 422,
    field: 'rio',
    detail: 'it is empty',
    retryAfter: 3,
    cause,
    message: 'Value refused: it is empty',
  })
})

test('without a detail the title says it', () => {
  const error = new AppError('user-unknown')
  expect(error.message).toBe('User not found')
  expect(error).toMatchObject({ detail: undefined, field: undefined, retryAfter: undefined })
})
