import parse, { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/min'
import { frenchE164 } from './french-plan.ts'
import type { Identifier } from './identifier.ts'

const LONGEST_E164 = 15
export const LONGEST_EXTENSION = 8
const LONGEST_AMBIGUOUS = 5

/**
 * One written number (digits, perhaps with + and separators) as an identifier: a phone in E.164, or an extension.
 * Numbers that no plan knows still get a stable key: metadata goes stale, and a match must not be refused for it.
 * Null when the digits are too many, or begin with a 0 where a calling code should be, or are all zeros: `0` and
 * `0000000000` stand for no number, in fields as in caller identification.
 */
export function readNumber(written: string, country: string): Identifier | null {
  const key = possibleE164(written, country)
  if (key !== null) return { kind: 'phone', key }

  if (/^0*$/.test(digitsOf(written))) return null

  const digits = dialled(written)
  if (digitsOf(digits).length <= LONGEST_EXTENSION) return { kind: 'extension', key: digitsOf(written) }

  return guessPhone(digits, country)
}

/**
 * The E.164 number of a text that, all its digits taken together, is a possible number for the country; else null.
 * Possible is a matter of length: it is what tells a phone from an extension, since six digits are an extension in
 * France and a phone in New Caledonia.
 */
export function possibleE164(written: string, country: string): string | null {
  const digits = dialled(written)
  const french = frenchE164(digits, country)
  if (french !== null) return french

  const number = parse(digits, isSupportedCountry(country) ? country : undefined)
  if (number === undefined) return null

  // Length does not tell enough when it is very small (Germany has numbers from four digits on, and extensions too),
  // or when the 0 is still there (significant in Italy; elsewhere a trunk 0 before too few digits).
  const isDoubtful = digits.length <= LONGEST_AMBIGUOUS || number.nationalNumber.startsWith('0')
  const isPhone = isDoubtful ? number.isValid() : number.isPossible()
  if (!isPhone) return null

  // Callers arrive with their +, so what is stored without must read the same with it.
  return digits.startsWith('+') ? number.number : possibleE164(number.number, country)
}

/** Whether digits that lost their + are an international number. They must be valid, since the + is only supposed. */
export function isInternational(digits: string): boolean {
  return parse(`+${digits}`)?.isValid() === true
}

/** Whether numbers of this country (ISO 3166-1 alpha-2) can be told without their calling code. */
export function isCountry(country: string): boolean {
  return isSupportedCountry(country)
}

/** The digits as written, without anything else. */
export function digitsOf(written: string): string {
  return written.replace(/[^0-9]/g, '')
}

/** What one would dial: digits, after a + when the number is international (`00` is as good as +). */
export function dialled(written: string): string {
  return written
    .replace(/([0-9][^0-9]*)\(0\)/, '$1') // +33 (0)1: the trunk 0 that is not dialled after a country
    .replace(/[^0-9+]/g, '')
    .replace(/^00/, '+')
}

function guessPhone(digits: string, country: string): Identifier | null {
  if (digits.startsWith('+')) {
    return /^\+[1-9]/.test(digits) && digits.length <= 1 + LONGEST_E164
      ? { kind: 'phone', key: digits }
      : null
  }
  if (isInternational(digits)) return readNumber(`+${digits}`, country)
  if (isSupportedCountry(country)) {
    return readNumber(`+${getCountryCallingCode(country)}${digits.replace(/^0/, '')}`, country)
  }
  // Without its country a national number means something only where it was written, as an extension does.
  return digits.length <= LONGEST_E164 ? { kind: 'extension', key: digits } : null
}
