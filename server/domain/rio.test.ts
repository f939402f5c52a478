import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { rioKey } from './rio.ts'

const SEPARATORS = [
  ' ',
  '\u00a0',
  '\u2009',
  '\u202f',
  '.',
  '-',
  '\u2010',
  '\u2011',
  '\u2013',
  '\u2015',
  '\u2212',
  '/',
]

const anyText = fc.string({ unit: 'binary' })
const word = fc.string({ unit: 'grapheme' })
const digits = fc.stringMatching(/^[0-9]{1,20}$/)
const separated = (code: string) =>
  fc
    .array(fc.string({ unit: fc.constantFrom(...SEPARATORS), maxLength: 3 }), {
      minLength: code.length + 1,
      maxLength: code.length + 1,
    })
    .map((gaps) => gaps.map((gap, at) => gap + (code[at] ?? '')).join(''))

describe('rioKey', () => {
  test.each([
    ['a plain RIO', '1234567', '1234567'],
    ['leading zeros, which matter', '0001234', '0001234'],
    ['spaces around', '  1234567\u00a0', '1234567'],
    ['a space and a dash between digits', '12 34-567', '1234567'],
    ['dots and slashes between digits', '12.34/567', '1234567'],
    ['no-break, thin and narrow spaces', '12\u00a034\u200956\u202f7', '1234567'],
    ['typographic dashes and a minus sign', '1\u20102\u20113\u20124\u20135\u20146\u20157\u2212', '1234567'],
    ['a portability code', '01P123456XYZ', '01p123456xyz'],
    ['a portability code in groups', '02 e a1b2c3 l7+', '02ea1b2c3l7+'],
    ['a code one character short, which is ordinary text', '01-P123456XY', '01-p123456xy'],
    ['a login with a dot', 'J.Martin', 'j.martin'],
    ['a login with a dash and digits', 'agent-007', 'agent-007'],
    ['an e-mail address', 'Alice@Example.ORG', 'alice@example.org'],
    ['digits that are not ASCII', '\u0661\u0662-\u0663', '\u0661\u0662-\u0663'],
    ['nothing but separators', ' - ', '-'],
    ['accents, which are kept', 'ÉLOÏSE', 'éloïse'],
    ['decomposed accents', 'E\u0301loi\u0308se', 'éloïse'],
    ['the final sigma', 'ΟΔΟΣ', 'οδος'],
    ['a dotted capital I', 'İZMİR', 'i\u0307zmi\u0307r'],
    ['a sharp s', 'Straße', 'strasse'],
    ['a capital sharp s', 'STRAẞE', 'strasse'],
    ['wildcards, which are ordinary text', '%_', '%_'],
    ['the word null, which is ordinary text', 'NULL', 'null'],
    ['an empty text', '', null],
    ['white space', ' \u00a0\u3000 ', null],
    ['no value', null, null],
  ])('reads %s', (_what, raw, key) => {
    expect(rioKey(raw)).toBe(key)
  })

  it('does not fold accents', () => {
    expect(rioKey('eloise')).not.toBe(rioKey('éloïse'))
  })

  it('hashes a text too long for the index', () => {
    expect(rioKey('A'.repeat(256))).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(rioKey('A'.repeat(256))).toBe(rioKey('a'.repeat(256)))
  })

  it('gives its own keys back unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, word), (raw) => {
        const key = rioKey(raw)
        expect(rioKey(key)).toBe(key)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives its own keys back unchanged for every character there is', () => {
    // Nothing above U+1FFFF has letter case or decomposes into what has.
    const unstable: string[] = []
    for (let codePoint = 0; codePoint <= 0x1ffff; codePoint++) {
      const raw = `a${String.fromCodePoint(codePoint)}\u0301`
      const key = rioKey(raw)
      if (rioKey(key) !== key) unstable.push(codePoint.toString(16))
    }
    expect(unstable).toEqual([])
  })

  it('ignores letter case', () => {
    fc.assert(
      fc.property(word, (raw) => {
        const text = raw.normalize('NFC')
        expect(rioKey(text.toUpperCase())).toBe(rioKey(text))
        expect(rioKey(text.toLowerCase())).toBe(rioKey(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('ignores separators anywhere in a number', () => {
    const spellings = digits.chain((code) => fc.tuple(fc.constant(code), separated(code)))
    fc.assert(
      fc.property(spellings, ([code, spelling]) => {
        expect(rioKey(spelling)).toBe(code)
      }),
    )
  })

  it('never ignores a leading zero', () => {
    fc.assert(
      fc.property(fc.oneof(digits, word), (raw) => {
        expect(rioKey(`0${raw}`)).not.toBe(rioKey(raw))
      }),
    )
  })
})
