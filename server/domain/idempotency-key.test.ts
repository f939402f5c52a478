import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestHash } from './idempotency-key.ts'

const request = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()))

test('a request has the same hash however its properties are ordered', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const reversed = Object.fromEntries(Object.entries(asked).reverse())
      expect(requestHash('createTicket', reversed)).toBe(requestHash('createTicket', asked))
    }),
  )
})

test('another request, or another operation, has another', () => {
  fc.assert(
    fc.property(request, request, (one, other) => {
      const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
      expect(requestHash('createTicket', one) === requestHash('createTicket', other)).toBe(same)
      expect(requestHash('addFollowup', one)).not.toBe(requestHash('createTicket', one))
    }),
  )
  expect(requestHash('createTicket', { a: 1 })).not.toBe(requestHash('createTicket', { a: '1' }))
})
