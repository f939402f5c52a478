import { getCountries } from 'libphonenumber-js/min'
import { expect, test } from 'vitest'
import { COUNTRIES, countryChoices } from './countries.ts'

test('the countries are those whose numbers the server can read', () => {
  expect(COUNTRIES).toEqual(getCountries().sort())
})

test('they are named and ordered as the reader does', () => {
  const labels = countryChoices('fr').map(({ label }) => label)
  expect(labels).toContain('Allemagne (DE)')
  expect(labels.indexOf('Émirats arabes unis (AE)')).toBeLessThan(labels.indexOf('France (FR)'))
})
