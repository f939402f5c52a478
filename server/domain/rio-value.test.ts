import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rioKey } from './rio.ts'
import { readRio } from './rio-value.ts'

describe('a RIO as it is stored', () => {
  test.each([
    ['  0012345 ', '0012345'],
    ["O'Brien", "O'Brien"],
    ['<b>', '<b>'],
    ['12 34-567', '12 34-567'],
    ['👩‍💻', '👩‍💻'],
    ['é'.repeat(255), 'é'.repeat(255)],
    ['📞'.repeat(255), '📞'.repeat(255)],
    [` ${'x'.repeat(255)} `, 'x'.repeat(255)],
    ['null', 'null'],
  ])('%j', (typed, stored) => {
    expect(readRio(typed)).toBe(stored)
  })

  test.each([
    [''],
    [' \t\n'],
    ['é'.repeat(256)],
    ['📞'.repeat(256)],
    ['12\u000034'],
    ['12\n34'],
    ['12\u009f34'],
    ['\ud83d'],
  ])('refuses %j', (typed) => {
    expect(() => readRio(typed)).toThrowError(
      expect.objectContaining({ code: 'value-refused', field: 'rio' }),
    )
  })

  test('can be looked up whenever it passes, and passes again as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
        let stored: string
        try {
          stored = readRio(typed)
        } catch {
          return
        }
        expect(rioKey(stored)).not.toBeNull()
        expect(readRio(stored)).toBe(stored)
      }),
    )
  })
})
