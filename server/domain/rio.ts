import { fitKey } from './identifier.ts'

const SEPARATORS = /[\s./\-\u2010-\u2015\u2212]/g
const ALL_DIGITS = /^[0-9]+$/

/** Operator (2 digits), quality (1 letter), contract (6) and control key (3): the French portability code, as a key. */
export const PORTABILITY_CODE = /^[0-9]{2}[a-z][a-z0-9+]{9}$/
const PORTABILITY_CODE_BEGUN = /^[0-9]{2}[a-z][a-z0-9+]{0,9}$/

/**
 * The key that a RIO is found by, from the RIO as stored or as asked for; null when there is none (design §8).
 * Separators are ignored only in numbers and portability codes: `12 34-567` is `1234567`, but the login
 * `j.martin` is not `jmartin`. Leading zeros, accents, `%` and `_` are kept as they are.
 */
export function rioKey(raw: string | null): string | null {
  if (raw === null) return null

  const text = foldCase(raw).trim()
  if (text === '') return null

  const compact = text.replace(SEPARATORS, '')
  const isCode = ALL_DIGITS.test(compact) || PORTABILITY_CODE.test(compact)
  return fitKey(isCode ? compact : text)
}

/**
 * What the keys of RIOs begin with that begin as typed, for finding them while they are typed. A number or a portability
 * code need not be whole to be told, but may also be the beginning of another RIO, whose separators count.
 */
export function rioPrefixes(typed: string): string[] {
  const text = foldCase(typed).trim()
  const compact = text.replace(SEPARATORS, '')
  const isBegun = ALL_DIGITS.test(compact) || PORTABILITY_CODE_BEGUN.test(compact)
  return [...new Set(isBegun ? [compact, text] : [text])].filter((prefix) => [...prefix].length >= 2)
}

/**
 * One spelling for all letter cases. Lower case alone is not enough (`STRASSE` is `straße`, `Σ` is `σ` or `ς`), and
 * upper case first would leave `ẞ` with two keys. Case mapping may decompose, hence the second NFC.
 */
function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC')
}
