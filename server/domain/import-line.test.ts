import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IMPORT_COLUMNS, readHeader } from './import-columns.ts'
import { readLine } from './import-line.ts'
import { createKeySet } from './key-set.ts'

describe('a header row', () => {
  test.each([
    [
      ['Identifiant', 'NOM', 'Prénom', 'Numéro RIO'],
      ['login', 'lastname', 'firstname', 'rio'],
    ],
    [
      ['login', 'Last name', 'First_Name', 'N° RIO'],
      ['login', 'lastname', 'firstname', 'rio'],
    ],
    [
      ['Téléphone', 'TÉLÉPHONE 2', 'portable', 'courriel'],
      ['phone', 'phone2', 'mobile', 'email'],
    ],
    [
      ['E-Mail', 'matricule', 'Entité', 'lieu', 'ACTIF'],
      ['email', 'registrationNumber', 'entity', 'location', 'active'],
    ],
    [
      ["Numéro d'administration", 'Adresse électronique'],
      ['registrationNumber', 'email'],
    ],
    // As a Mac decomposes accents.
    [
      ['Pre\u0301nom', 'te\u0301le\u0301phone'],
      ['firstname', 'phone'],
    ],
  ])('%j is understood', (cells, columns) => {
    expect([...readHeader(cells).positions.keys()]).toEqual(columns)
  })

  test('tells what it ignores and what stands there twice', () => {
    const header = readHeader([' login ', 'shoe size', '', 'Identifiant'])
    expect(header).toMatchObject({ ignored: ['shoe size'], doubled: ['Identifiant'], width: 4 })
  })

  test('no name means two columns', () => {
    const names = Object.entries(IMPORT_COLUMNS).flatMap(([column, all]) =>
      all.map((name) => ({ column, name })),
    )
    for (const { column, name } of names) {
      expect([name, ...readHeader([name]).positions.keys()]).toEqual([name, column])
    }
  })
})

describe('a line', () => {
  const header = readHeader(['login', 'téléphone', 'courriel', 'actif', 'entité'])
  const rules = { match: 'login', clearEmpty: false } as const
  const read = (cells: string[], more = {}) => readLine(cells, 2, header, { ...rules, ...more })

  test('keeps what is odd and ordinary alike', () => {
    expect(read([" O'Brien ", "'+33 1 99 00 12 34", 'a@b.fr', 'Oui', 'A > B'])).toEqual({
      line: 2,
      key: "o'brien",
      values: { login: "O'Brien", phone: '+33 1 99 00 12 34', email: 'a@b.fr', active: '1', entity: 'A > B' },
      problems: [],
    })
    expect(read(['👩‍💻', '<b>', '', '', '']).values).toEqual({ login: '👩‍💻', phone: '<b>' })
  })
  test('leaves alone what is empty, unless told to empty it', () => {
    expect(read(['x', '', '', '', '']).values).toEqual({ login: 'x' })
    expect(read(['x', '', '', '', ''], { clearEmpty: true }).values).toEqual({
      login: 'x',
      phone: '',
      email: '',
    })
    expect(read(['x']).values).toEqual({ login: 'x' })
  })
  test.each([
    [['', 'p'], 'login', /empty/],
    [['a'.repeat(256)], 'login', /longer than 255/],
    [['x', 'one\ntwo'], 'téléphone', /control characters/],
    [['x', '', 'no address'], 'courriel', /mail address/],
    [['x', '', '', 'perhaps'], 'actif', /neither yes nor no/],
    [['x', '01 �'], 'téléphone', /encoding/],
    [['x', '', '', '', '', 'surplus'], '', /more cells/],
  ])('%j is refused', (cells, column, reason) => {
    expect(read(cells).problems).toEqual([{ column, reason: expect.stringMatching(reason) }])
  })
  test('of 255 characters fits, however many units they take', () => {
    expect(read(['👩'.repeat(255)]).problems).toEqual([])
  })
  test('tells all that is wrong with it', () => {
    expect(read(['', 'a\tb', 'none', 'so so']).problems).toHaveLength(4)
  })
})

test('a set of keys knows each text once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (texts) => {
      const set = createKeySet()
      const known = new Set<string>()
      for (const text of texts) {
        expect(set.add(text)).toBe(!known.has(text))
        known.add(text)
      }
    }),
  )
  const large = createKeySet()
  for (let number = 0; number < 20_000; number++) expect(large.add(String(number))).toBe(true)
  for (let number = 0; number < 20_000; number++) expect(large.add(String(number))).toBe(false)
})
