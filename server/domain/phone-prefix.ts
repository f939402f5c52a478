import { AsYouType, isSupportedCountry } from 'libphonenumber-js/min'
import { frenchPrefixes } from './french-plan.ts'
import { dialled, digitsOf } from './phone-number.ts'

/** Fewer would find half the house, and so would a calling code and no more. */
const FEWEST_DIGITS = 4
const LONGEST_COMMON_CALLING_CODE = 2

const DIGITS_AND_SEPARATORS = /^\+?[0-9\s()./\p{Pd}\u2212]*$/u

/**
 * What the E.164 numbers begin with that begin as typed, for finding a number while it is typed: `0478`, `+33 478` and
 * `0033 478` are all `+33478`. Digits that begin neither with 0 nor with + may be an international number or a national
 * one, so there can be several. `country` as in `phoneIdentifiers`; empty when it is no number or too short.
 */
export function phonePrefixes(typed: string, country: string): string[] {
  const text = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
  if (!DIGITS_AND_SEPARATORS.test(text) || digitsOf(text).length < FEWEST_DIGITS) return []
  const region = country.toUpperCase()
  const digits = dialled(text)
  const national = frenchPrefixes(digits, region)
  const all = [
    ...(national.length > 0 ? national : [asTyped(digits, region)]),
    // A + gets lost on many ways.
    ...(/^[1-9]/.test(digits) ? [`+${digits}`] : []),
  ]
  return [...new Set(all)].filter((prefix) => digitsOf(prefix).length > LONGEST_COMMON_CALLING_CODE)
}

function asTyped(digits: string, country: string): string {
  const typing = new AsYouType(isSupportedCountry(country) ? country : undefined)
  typing.input(digits)
  return typing.getNumberValue() ?? ''
}
