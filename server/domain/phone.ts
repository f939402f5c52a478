import { type Identifier, isTooLong } from './identifier.ts'
import { splitPhoneField } from './phone-fields.ts'
import { digitsOf, isInternational, LONGEST_EXTENSION, possibleE164, readNumber } from './phone-number.ts'

// These also stand inside one number (01/23/45/67/89, 0241 / 123456), so what they part decides. In this order.
const SPACED_SLASH = /\s\/\s/
const SPACED_DASH = /\s[\p{Pd}\u2212]\s/u
const SLASH = /\//

/** What stands before an extension. */
export const LABEL = String.raw`(?<!\p{L})(?<label>poste|ext(?:ension)?|int(?:erne)?|p(?=\.)|x|#)(?:[\s.:=]|n°)*`
const NOT_IN_A_WORD = String.raw`(?<![\p{L}\p{N}_])`
const DIGITS = String.raw`(?<written>\+?[0-9][0-9\s().\/\p{Pd}\u2212]*)`
const NUMBER = new RegExp(`(?:${LABEL}|${NOT_IN_A_WORD})${DIGITS}`, 'giu')

/**
 * The identifiers in a telephone field or in a caller's number: phones in E.164, extensions as their digits, distinct
 * and in the order written. `country` (ISO 3166-1 alpha-2) gives national numbers their calling code.
 * Only digits make keys, so `anonymous`, `<unknown>` and their like yield nothing without a list of such words.
 * Design §8; spellings from cti-landscape §5 and pitfalls 1-9, 24.
 */
export function phoneIdentifiers(raw: string | null, country: string): Identifier[] {
  if (raw === null || isTooLong(raw)) return []

  const region = country.toUpperCase()
  const found = splitPhoneField(restorePlus(raw)).flatMap((piece) => readPiece(piece, region))
  return [
    ...new Map(found.map((identifier) => [`${identifier.kind}:${identifier.key}`, identifier])).values(),
  ]
}

/** A + in a query string arrives as a space. Eleven digits or more: a shorter number may be a national one. */
function restorePlus(raw: string): string {
  const digits = digitsOf(raw)
  return /^ [1-9][0-9\s.-]*$/.test(raw) && digits.length > 10 && isInternational(digits) ? `+${digits}` : raw
}

function readPiece(piece: string, country: string): Identifier[] {
  const isPhone = (text: string) => possibleE164(text, country) !== null
  if (isPhone(piece)) return readNumbers(piece, country)

  for (const separator of [SPACED_SLASH, SPACED_DASH, SLASH]) {
    const parts = piece.split(separator)
    if (parts.length === 1) continue
    if (separator === SPACED_SLASH || parts.some(isPhone)) {
      return parts.flatMap((part) => readPiece(part, country))
    }
  }
  return readNumbers(piece, country)
}

function readNumbers(piece: string, country: string): Identifier[] {
  const numbers = [...piece.matchAll(NUMBER)].flatMap(({ groups }) => {
    const isLabelled = groups?.label !== undefined
    const identifier = read(groups?.written ?? '', isLabelled, country)
    return identifier === null ? [] : [{ identifier, isLabelled }]
  })

  // Beside a phone, a short number without a label is a room or a floor: "Bureau 12 : 01 23 45 67 89".
  const hasPhone = numbers.some(({ identifier }) => identifier.kind === 'phone')
  return numbers
    .filter(({ identifier, isLabelled }) => identifier.kind === 'phone' || isLabelled || !hasPhone)
    .map(({ identifier }) => identifier)
}

function read(written: string, isLabelled: boolean, country: string): Identifier | null {
  const digits = digitsOf(written)
  if (isLabelled && digits.length <= LONGEST_EXTENSION) return { kind: 'extension', key: digits }
  return readNumber(written, country)
}
