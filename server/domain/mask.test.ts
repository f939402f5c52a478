import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { maskIdentifier } from './mask.ts'

describe('maskIdentifier', () => {
  test.each([
    ['', ''],
    ['1', '*'],
    ['123', '***'],
    ['1234', '1***'],
    ['1234567', '1******'],
    ['0123456789', '01********'],
    ['+33123456789', '+33*********'],
    ['alice.martin@example.org', 'alic************'],
    ['😀😁😂🤣', '😀***'],
  ])('shows %j as %j', (raw, masked) => {
    expect(maskIdentifier(raw)).toBe(masked)
  })

  it('does not tell the length of a long identifier', () => {
    expect(maskIdentifier('1'.repeat(16))).toBe(maskIdentifier('1'.repeat(255)))
  })

  it('never shows more than a quarter, nor more than 16 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '1', 'é', '😀'), maxLength: 60 }), (raw) => {
        const length = [...raw].length
        const masked = [...maskIdentifier(raw)]
        const kept = masked.filter((character) => character !== '*')
        expect(masked.length).toBe(Math.min(length, 16))
        expect(kept.length).toBeLessThanOrEqual(Math.min(length / 4, 4))
        expect(raw.startsWith(kept.join(''))).toBe(true)
      }),
    )
  })

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => maskIdentifier(raw).length <= 2 * 16))
  })
})
