import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { rioKey, rioPrefixes } from './rio.ts'
import { parseSearch } from './search-query.ts'

describe('what is typed', () => {
  test.each<[string, Partial<ReturnType<typeof parseSearch>>]>([
    ['Martin', { words: ['martin'], name: null, numbers: [], rioPrefixes: ['martin'], isName: true }],
    ['Jean Martin', { words: ['jean', 'martin'], name: 'jean martin' }],
    ['j.martin', { words: ['j', 'martin'], rio: 'j.martin', name: 'j martin' }],
    ['12 34', { words: [], rio: '1234', rioPrefixes: ['1234', '12 34'], isName: false }],
    ['1234567', { words: ['1234567'], numbers: [{ kind: 'extension', key: '1234567' }] }],
    ['04 78 12 34 56', { words: [], numbers: [{ kind: 'phone', key: '+33478123456' }] }],
    ['4521', { numbers: [{ kind: 'extension', key: '4521' }] }],
    ['poste 4521', { numbers: [{ kind: 'extension', key: '4521' }] }],
    ['Martin 2', { words: ['martin', '2'], numbers: [] }],
    ['Bureau : 01 23 45 67 89', { numbers: [{ kind: 'phone', key: '+33123456789' }] }],
    ['Jean.Martin@Exa', { address: 'jean.martin@exa', isName: false }],
    ['01P123', { rioPrefixes: ['01p123'] }],
    ['01 P 123', { rioPrefixes: ['01p123', '01 p 123'] }],
    ['m', { words: [], rio: 'm', rioPrefixes: [], isShort: true }],
    ['7', { words: [], rio: '7', numbers: [{ kind: 'extension', key: '7' }], isShort: true }],
    ['é', { words: [], isShort: true }],
    ['-m', { words: [], isShort: true }],
    ['王', { words: ['王'], isShort: false }],
    ['j m', { words: ['j', 'm'], isShort: false }],
    ['👩‍💻', { words: [], numbers: [], phonePrefixes: [] }],
    ['%', { words: [] }],
  ])('%j is understood', (typed, expected) => {
    expect(parseSearch(typed, 'FR')).toMatchObject(expected)
  })

  it('may be anything', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (typed) => parseSearch(typed, 'FR') !== undefined))
  })
})

test('a RIO is found by its beginning, wherever one stops', () => {
  const rio = fc.oneof(
    fc.stringMatching(/^[0-9]{7}$/),
    fc.stringMatching(/^[0-9]{2}[A-Z][A-Z0-9+]{9}$/),
    fc.stringMatching(/^[a-z]{1,3}[.\- ][a-z0-9]{1,6}$/),
  )
  const spell = fc.constantFrom<(rio: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => (/^[0-9]/.test(text) ? text.replace(/(..)(?=.)/g, '$1 ') : text),
  )
  fc.assert(
    fc.property(rio, spell, (stored, as) => {
      const key = rioKey(stored) ?? ''
      const letters = [...as(stored)]
      for (let end = 2; end <= letters.length; end++) {
        const typed = letters.slice(0, end).join('')
        if ([...typed.trim()].length < 2) continue
        const found = rioPrefixes(typed).some((prefix) => key.startsWith(prefix))
        expect({ typed, found }).toEqual({ typed, found: true })
      }
    }),
  )
})
