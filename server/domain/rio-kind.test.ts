import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frenchE164, frenchNational } from './french-plan.ts'
import { checkControlKey, controlKey, rioKind } from './rio-kind.ts'

const NOBODY = { phone: null, phone2: null, mobile: null }

const sign = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+')
const code = fc
  .tuple(
    fc.constantFrom('01', '02', '03', '04', '12'),
    fc.constantFrom('P', 'E', 'F', 'Z'),
    fc.array(sign, { minLength: 6, maxLength: 6 }),
  )
  .map(([operator, quality, contract]) => `${operator}${quality}${contract.join('')}`)
const nationalNumber = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([first, rest]) => `0${first}${String(rest).padStart(8, '0')}`)

describe('what a RIO looks like', () => {
  test.each([
    ['1234567', 'ministry'],
    ['0000001', 'ministry'],
    ['12 34-567', 'ministry'],
    ['123456', 'other'],
    ['12345678', 'other'],
    ['01P12345636Q', 'portability'],
    ['01 P 123456 36q', 'portability'],
    ['04P+00000MZE', 'portability'],
    ['1P123456736Q', 'other'],
    ['01P12345636', 'other'],
    ['j.martin', 'other'],
    ["O'Brien", 'other'],
    ['👩‍💻', 'other'],
    ['', 'none'],
    [' \t', 'none'],
  ])('%j is %s', (rio, kind) => {
    expect(rioKind(rio)).toBe(kind)
  })
})

describe('the control key', () => {
  test.each([
    ['01P123456', '0612345678', '36Q'],
    ['02EA1B2C3', '0698765432', 'L7W'],
    ['04P000000', '0600000000', 'MZE'],
  ])('of %s and %s is %s', (contract, number, key) => {
    expect(controlKey(contract, number)).toBe(key)
    expect(controlKey(contract.toLowerCase(), number)).toBe(key)
  })

  test('fits the line that it was made for, however both are written', () => {
    fc.assert(
      fc.property(code, nationalNumber, (contract, number) => {
        const rio = `${contract} ${controlKey(contract, number)}`.toLowerCase()
        const mobile = `+33 ${number.slice(1, 2)} ${number.slice(2)}`
        const found = checkControlKey(rio, { ...NOBODY, phone: 'poste 12', mobile }, 'FR')
        expect(found).toEqual({ fits: 'mobile', checked: ['mobile'] })
      }),
    )
  })

  test('is another one as soon as one sign is another', () => {
    fc.assert(
      fc.property(code, nationalNumber, fc.nat({ max: 18 }), sign, (contract, number, place, other) => {
        const text = contract + number
        fc.pre(text[place] !== other)
        const changed = text.slice(0, place) + other + text.slice(place + 1)
        expect(controlKey(changed, '')).not.toBe(controlKey(text, ''))
      }),
    )
  })

  test('is another one when two different signs are swapped', () => {
    fc.assert(
      fc.property(
        code,
        nationalNumber,
        fc.nat({ max: 18 }),
        fc.nat({ max: 18 }),
        (contract, number, one, two) => {
          const signs = [...contract, ...number]
          const [first = '', second = ''] = [signs[one], signs[two]]
          fc.pre(first !== second)
          signs[one] = second
          signs[two] = first
          expect(controlKey(signs.join(''), '')).not.toBe(controlKey(contract, number))
        },
      ),
    )
  })
})

describe('checking it with a person’s numbers', () => {
  const RIO = '01P12345636Q'

  test.each([
    [
      'the first that fits',
      { phone: '0612345678', phone2: null, mobile: '+33612345678' },
      'phone',
      ['phone', 'mobile'],
    ],
    ['one of two in a field', { ...NOBODY, phone2: '0123456789 / 06 12 34 56 78' }, 'phone2', ['phone2']],
    ['none that fits', { ...NOBODY, mobile: '0612345679' }, null, ['mobile']],
    ['no French number', { ...NOBODY, phone: '+3223456789', phone2: '4521' }, null, []],
    ['no number at all', NOBODY, null, []],
  ])('%s', (_what, phones, fits, checked) => {
    expect(checkControlKey(RIO, phones, 'FR')).toEqual({ fits, checked })
  })

  test('says nothing of other kinds', () => {
    expect(checkControlKey('1234567', { ...NOBODY, phone: '0612345678' }, 'FR')).toBeNull()
    expect(checkControlKey('', NOBODY, 'FR')).toBeNull()
  })
})

test('a number of the French plan reads back as the ten digits it is dialled by', () => {
  fc.assert(
    fc.property(nationalNumber, (number) => {
      expect(frenchNational(frenchE164(number, 'FR') ?? '')).toBe(number)
    }),
  )
  expect(frenchNational('+508412345')).toBe('0508412345')
  expect(frenchNational('+32470123456')).toBeNull()
})
