import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { addressKey, addressWords, endOfPrefix, fold, phraseOf, wantedWords, wordsOf } from './words.ts'

/** Names as people have them, and texts as nobody has them. */
const name = fc.oneof(
  fc.constantFrom(
    'Élodie',
    'Jean-Pierre',
    'de La Tour',
    "O'Brien",
    'O’Brien',
    'Œuvrard',
    'Straße',
    'Łukasz',
    'ØRSTED',
  ),
  fc.constantFrom(
    '王小明',
    '김철수',
    'محمد علی',
    'Ἀλέξανδρος',
    'ΟΔΥΣΣΕΥΣ',
    '<b>Bob</b>',
    '👩‍💻 Ada',
    'İpek',
    'ﬁn',
    'ʿAbd',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

describe('fold', () => {
  test.each([
    ['Élodie', 'elodie'],
    ['ÉLODIE', 'elodie'],
    ['E\u0301lodie', 'elodie'],
    ['Œuvre', 'oeuvre'],
    ['Lætitia', 'laetitia'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['Ørsted', 'orsted'],
    ['Łódź', 'lodz'],
    ['Đorđe', 'dorde'],
    ['İpek', 'ipek'],
    ['Ｄｕｐｏｎｔ', 'dupont'],
    ['O’Brien', "o'brien"],
    ['ʿAbd', 'abd'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Ὀδυσσεύς', 'οδυσσευσ'],
    ['شیرین\u200cکار', 'شیرینکار'],
  ])('makes %j %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('leaves nothing to fold again, and folds each character by itself', () => {
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const character = String.fromCodePoint(point)
      const folded = fold(character)
      if (fold(folded) !== folded || fold(`x${character}`) !== `x${folded}`)
        expect({ point: point.toString(16), folded }).toEqual('folded for good')
    }
  })
})

describe('wordsOf', () => {
  test.each([
    ['Jean-Pierre', ['jean', 'pierre']],
    ['de La Tour', ['de', 'la', 'tour']],
    ["O'Brien", ['o', 'brien', 'obrien']],
    ["d'Alembert-L’Hôte", ['d', 'alembert', 'l', 'hote', 'dalembert', 'lhote']],
    ['j.martin_42', ['j', 'martin', '42']],
    ['Martin martin', ['martin']],
    ['<b>Bob</b>', ['b', 'bob']],
    ['👩‍💻', []],
    ['王小明', ['王小明']],
    ['', []],
    [null, []],
    ['%', []],
  ])('takes %j apart', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('keeps a word short enough for the index', () => {
    expect(wordsOf('é'.repeat(255))).toEqual(['e'.repeat(60)])
    expect(wordsOf('🄰'.repeat(255))).toEqual(['a'.repeat(60)])
    expect(wordsOf('𠀀'.repeat(255))).toEqual(['𠀀'.repeat(60)])
  })

  it('makes words of which every beginning finds the text', () => {
    fc.assert(
      fc.property(name, (text) => {
        const words = wordsOf(text)
        for (const word of words) {
          const letters = [...word]
          for (let length = 1; length <= letters.length; length++) {
            const wanted = wantedWords(letters.slice(0, length).join(''))
            expect(wanted).toHaveLength(1)
            expect(words.some((one) => one.startsWith(wanted[0] ?? '-'))).toBe(true)
          }
        }
      }),
    )
  })

  it('finds a text by any of its own words, in any order', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.nat(), (names, at) => {
        const words = wordsOf(names.join(' '))
        const turned = [...names.slice(at % names.length), ...names.slice(0, at % names.length)]
        for (const wanted of wantedWords(turned.join(' ').normalize('NFD')))
          expect(words.some((word) => word.startsWith(wanted))).toBe(true)
      }),
    )
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => wordsOf(text).every((word) => word !== '')),
    )
  })
})

describe('wantedWords', () => {
  test.each([
    ['martin jean', ['martin', 'jean']],
    ['jean jeanne', ['jeanne']],
    ['martin martin', ['martin']],
    ['J. Martin', ['j', 'martin']],
    ["o'bri", ['o', 'bri']],
    ['  ', []],
  ])('of %j are %j', (typed, words) => {
    expect(wantedWords(typed)).toEqual(words)
  })
})

test('a phrase is words whatever stands between them', () => {
  expect(phraseOf('Martin, Jean-Pierre')).toBe('martin jean pierre')
  expect(phraseOf('Martin')).toBeNull()
  expect(phraseOf('a '.repeat(400))).toHaveLength(255)
})

test('an address is one key, and its words are those before the @', () => {
  expect(addressKey(' Jean.MARTIN@Example.org ')).toBe('jean.martin@example.org')
  expect(addressKey('  ')).toBeNull()
  expect(addressKey(null)).toBeNull()
  expect(addressKey('ß'.repeat(200))).toHaveLength(255)
  expect(addressWords('Jean.MARTIN@Example.org')).toEqual(['jean', 'martin'])
  expect(addressWords(null)).toEqual([])
})

test.each([
  ['12', '13'],
  ['a\u{10ffff}', 'b'],
  ['a\ud7ff', 'a\ue000'],
  ['a\uffff', 'a\u{10000}'],
  ['', '\u{10ffff}'.repeat(255)],
  ['\u{10ffff}', '\u{10ffff}'.repeat(255)],
])('all that begins with %j lies before %j', (prefix, end) => {
  expect(endOfPrefix(prefix)).toBe(end)
})

test('what begins with a prefix lies before its end, by code points', () => {
  // A key may begin with a character that is none: a RIO keeps what is typed.
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constant('\u{10ffff}')),
  })
  fc.assert(
    fc.property(text, text, (prefix, rest) => {
      const bytes = (text: string) => Buffer.from(text, 'utf8')
      expect(Buffer.compare(bytes(prefix + rest), bytes(endOfPrefix(prefix)))).toBeLessThanOrEqual(0)
      expect(Buffer.compare(bytes(prefix), bytes(endOfPrefix(prefix)))).toBe(-1)
    }),
  )
})
