import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { fitKey, identifierProblem, MAX_IDENTIFIER_LENGTH } from './identifier.ts'

const anyText = fc.string({ unit: 'binary' })

describe('identifierProblem', () => {
  test.each([
    ['a RIO', '0123456', null],
    ['a login with accents', 'éloïse.müller', null],
    ['SQL and wildcards, which are ordinary text', "%_' OR 1=1 --", null],
    ['nothing', '', 'empty'],
    ['spaces', '  \u00a0\u2009 ', 'empty'],
    ['line breaks only', '\r\n\t', 'control_characters'],
    ['a NUL', '12\u000034', 'control_characters'],
    ['a line break', '1234\n', 'control_characters'],
    ['DEL', '12\u007f', 'control_characters'],
    ['a C1 control', '12\u0085', 'control_characters'],
    ['half of an emoji', '12\ud83d', 'control_characters'],
    ['255 code points', 'a'.repeat(255), null],
    ['255 emoji, which are 510 UTF-16 units', '😀'.repeat(255), null],
    ['256 code points', 'a'.repeat(256), 'too_long'],
    ['256 emoji', '😀'.repeat(256), 'too_long'],
  ])('judges %s', (_what, raw, problem) => {
    expect(identifierProblem(raw)).toBe(problem)
  })

  it('answers for any text', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        expect(['empty', 'too_long', 'control_characters', null]).toContain(identifierProblem(raw))
      }),
    )
  })

  it('stops counting early in a huge text', () => {
    expect(identifierProblem('a'.repeat(5_000_000))).toBe('too_long')
    expect(MAX_IDENTIFIER_LENGTH).toBe(255)
  })
})

describe('fitKey', () => {
  it('keeps a key that fits', () => {
    expect(fitKey('a'.repeat(255))).toBe('a'.repeat(255))
  })

  it('hashes a key that does not, counting UTF-16 units', () => {
    expect(fitKey('a'.repeat(256))).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(fitKey('😀'.repeat(128))).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it('keeps two long keys with one beginning apart', () => {
    expect(fitKey(`${'a'.repeat(300)}1`)).not.toBe(fitKey(`${'a'.repeat(300)}2`))
  })

  it('always fits the column, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600, size: 'max' }), (key) => {
        const fitted = fitKey(key)
        expect(fitted.length).toBeLessThanOrEqual(255)
        expect(fitKey(fitted)).toBe(fitted)
      }),
    )
  })
})
