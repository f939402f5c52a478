import { describe, expect, it, test } from 'vitest'
import { fitOf, type SearchedPerson } from './search-match.ts'
import { parseSearch } from './search-query.ts'

const JEANNE: SearchedPerson = {
  rio: '12 34-567',
  login: 'j.martin',
  lastname: 'Martin-Durand',
  firstname: 'Jeanne',
  phone: '04 78 12 34 56 poste 4521',
  phone2: null,
  mobile: '+33 6 12 34 56 78',
  emails: ['jeanne.martin@example.org', 'jm42@home.example'],
  country: 'FR',
}

/** How Jeanne fits, as one line: rank, then fields, those with `=` as a whole. */
function fits(typed: string, person = JEANNE): string {
  const fit = fitOf(parseSearch(typed, 'FR'), person)
  if (fit === null) return 'no'
  return [`${fit.rank}:`, ...fit.matched.map(({ field, exact }) => (exact ? `=${field}` : field))].join(' ')
}

describe('Jeanne Martin-Durand', () => {
  test.each([
    ['1234567', 'rio: =rio'],
    ['12.34.5', 'beginnings: rio'],
    ['2345', 'no'],
    ['0478123456', 'number: =phone'],
    ['+33478', 'beginnings: phone'],
    ['0612', 'beginnings: mobile'],
    ['4521', 'number: =phone'],
    ['452', 'no'],
    ['J.MARTIN', 'login: =login =lastname firstname email'],
    ['jeanne.martin@example.org', 'email: =email'],
    ['jeanne.martin@exa', 'beginnings: email'],
    ['jm42@', 'beginnings: email'],
    ['jm4@', 'no'],
    ['jm42', 'words: =email'],
    ['durand', 'words: =lastname'],
    ['durand jeanne', 'words: =lastname =firstname =email'],
    ['dur jea', 'beginnings: lastname firstname email'],
    ['jean', 'beginnings: firstname email'],
    ['jeanne dupont', 'no'],
    ['urand', 'no'],
    ['example', 'no'],
    ['', 'no'],
  ])('fits %j: %s', (typed, expected) => {
    expect(fits(typed)).toBe(expected)
  })

  it('is found by what is there when there is little', () => {
    const nothing = {
      rio: null,
      login: null,
      lastname: null,
      firstname: null,
      phone: null,
      mobile: null,
      emails: [null],
    }
    expect(fits('martin', { ...JEANNE, ...nothing })).toBe('no')
    expect(fits('martin@', { ...JEANNE, ...nothing })).toBe('no')
    expect(fits('', { ...JEANNE, ...nothing, rio: '', lastname: '' })).toBe('no')
  })
})
