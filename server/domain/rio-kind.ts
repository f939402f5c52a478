import type { RioKind } from '../../contract/rio.ts'
import { frenchNational } from './french-plan.ts'
import { phoneIdentifiers } from './phone.ts'
import { PORTABILITY_CODE, rioKey } from './rio.ts'
import type { IdentifyingColumns } from './user-identifiers.ts'

const MINISTRY_NUMBER = /^[0-9]{7}$/

/** The signs of a portability code; the place of each is what it counts for. */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+'
const WEIGHTS = [1, 2, 4] as const
const KEY_LENGTH = WEIGHTS.length

const PHONES = ['phone', 'phone2', 'mobile'] as const
type PhoneColumn = (typeof PHONES)[number]

/** What a RIO looks like: the number of somebody under the Interior ministry, a portability code, or anything else. */
export function rioKind(rio: string): RioKind {
  const key = rioKey(rio)
  if (key === null) return 'none'
  if (MINISTRY_NUMBER.test(key)) return 'ministry'
  return PORTABILITY_CODE.test(key) ? 'portability' : 'other'
}

/**
 * The control key of a portability code: three remainders of its first nine signs and the ten digits of the line it
 * belongs to. One wrong sign, or two that are swapped, always give another key.
 */
export function controlKey(code: string, nationalNumber: string): string {
  const signs = [...code.toUpperCase(), ...nationalNumber].map((sign) => SIGNS.indexOf(sign))
  return WEIGHTS.map((weight) => signs.reduce((sum, sign) => (weight * sum + sign) % SIGNS.length, 0))
    .map((place) => SIGNS.charAt(place))
    .join('')
}

/**
 * Which of a person's numbers a portability code belongs to (`fits`), of those that it can be checked with: a French number
 * of ten digits. Null for a RIO of another kind.
 */
export function checkControlKey(
  rio: string,
  phones: Pick<IdentifyingColumns, PhoneColumn>,
  country: string,
): { fits: PhoneColumn | null; checked: PhoneColumn[] } | null {
  if (rioKind(rio) !== 'portability') return null
  const written = (rioKey(rio) ?? '').toUpperCase()
  const [code, key] = [written.slice(0, -KEY_LENGTH), written.slice(-KEY_LENGTH)]
  const numbersIn = (column: PhoneColumn) =>
    phoneIdentifiers(phones[column], country).flatMap(({ key: e164 }) => frenchNational(e164) ?? [])
  const checked = PHONES.filter((column) => numbersIn(column).length > 0)
  const fits = checked.find((column) => numbersIn(column).some((number) => controlKey(code, number) === key))
  return { fits: fits ?? null, checked }
}
