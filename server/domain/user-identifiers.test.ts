import { describe, expect, test } from 'vitest'
import {
  countryOf,
  type IdentifyingColumns,
  identifiersOf,
  KEYS_VERSION,
  keysOf,
  type NamingColumns,
} from './user-identifiers.ts'

const NOBODY: IdentifyingColumns & NamingColumns = {
  custom_table: null,
  name: null,
  registration_number: null,
  phone: null,
  phone2: null,
  mobile: null,
  realname: null,
  firstname: null,
}
const lines = (keys: readonly { kind: string; key: string; source: string }[]) =>
  keys.map(({ kind, key, source }) => `${kind} ${key} (${source})`)

describe('the identifiers of a person', () => {
  test('are every RIO and every number, each with the column it stands in', () => {
    const columns = {
      ...NOBODY,
      custom_table: '12 34-567',
      name: 'J.Martin',
      registration_number: '0042',
      phone: '01 99 00 12 34',
      phone2: 'poste 4521',
      mobile: '06 00 00 12 34',
    }
    expect(lines(identifiersOf(columns, 'FR'))).toEqual([
      'rio 1234567 (custom_table)',
      'rio j.martin (name)',
      'rio 0042 (registration_number)',
      'phone +33199001234 (phone)',
      'extension 4521 (phone2)',
      'phone +33600001234 (mobile)',
    ])
  })

  test('are several where a column holds several, and follow the country', () => {
    const columns = { ...NOBODY, phone: '0692 12 34 56 / poste 12' }
    expect(lines(identifiersOf(columns, 'RE'))).toEqual([
      'phone +262692123456 (phone)',
      'extension 12 (phone)',
    ])
    expect(lines(identifiersOf({ ...NOBODY, mobile: '030 901820' }, 'DE'))).toEqual([
      'phone +4930901820 (mobile)',
    ])
  })

  test('of nobody are none', () => {
    expect(identifiersOf({ ...NOBODY, custom_table: ' ', phone: 'anonymous' }, 'FR')).toEqual([])
  })
})

describe('what a search finds a person by', () => {
  const columns = { ...NOBODY, name: 'jmartin', realname: 'Martin', firstname: 'Jean-Noël' }

  test('is each word once, under the first column that has it', () => {
    const words = lines(keysOf(columns, ['jean.martin@example.org', null], 'FR')).filter((line) =>
      line.startsWith('word'),
    )
    expect(words).toEqual([
      'word martin (realname)',
      'word jean (firstname)',
      'word noel (firstname)',
      'word jmartin (name)',
    ])
  })

  test('is a word of an address where no column has it', () => {
    expect(lines(keysOf({ ...columns, name: null }, ['press-office@example.org'], 'FR'))).toEqual(
      expect.arrayContaining([
        'word press (email)',
        'word office (email)',
        'email press-office@example.org (email)',
      ]),
    )
  })

  test('is the full name in both orders', () => {
    const names = lines(keysOf(columns, [], 'FR')).filter((line) => line.startsWith('name'))
    expect(names).toEqual(['name martin jean noel (realname)', 'name jean noel martin (firstname)'])
  })

  test.each([
    ['a last name alone', { ...columns, firstname: null }],
    ['a first name alone', { ...columns, realname: '' }],
    ['a last name of signs', { ...columns, realname: '—' }],
  ])('is no full name with %s', (_, partly) => {
    expect(keysOf(partly, [], 'FR').filter(({ kind }) => kind === 'name')).toEqual([])
  })

  test('is a login that is an address, and each address once', () => {
    const found = keysOf(
      { ...columns, name: 'J.Martin@Example.org' },
      ['j.martin@example.org', 'jm@example.org'],
      'FR',
    )
    expect(lines(found.filter(({ kind }) => kind === 'email'))).toEqual([
      'email j.martin@example.org (name)',
      'email jm@example.org (email)',
    ])
  })

  test('begins with the identifiers, so that one list holds every key', () => {
    expect(lines(keysOf({ ...columns, custom_table: '1234567' }, [], 'FR')).slice(0, 2)).toEqual([
      'rio 1234567 (custom_table)',
      'rio jmartin (name)',
    ])
  })

  test('of nobody is nothing', () => {
    expect(keysOf(NOBODY, [null], 'FR')).toEqual([])
  })
})

describe('the country of an entity', () => {
  const countries = new Map([
    [1, 'RE'],
    [3, 'DE'],
  ])

  test.each<[string, number, number[], string]>([
    ['its own', 3, [1, 0], 'DE'],
    ['that of the nearest above', 7, [3, 1, 0], 'DE'],
    ['that of one far above', 9, [8, 1, 0], 'RE'],
    ['that of all, where none above has one', 9, [8, 0], 'FR'],
    ['that of all, at the root', 0, [], 'FR'],
  ])('is %s', (_, entity, ancestors, expected) => {
    expect(countryOf(entity, ancestors, countries, 'FR')).toBe(expected)
  })
})

test('keys have a version, which an index is made by', () => {
  expect(KEYS_VERSION).toBe(2)
})
