import type { Identifier } from './identifier.ts'
import { LABEL, phoneIdentifiers } from './phone.ts'
import { phonePrefixes } from './phone-prefix.ts'
import { rioKey, rioPrefixes } from './rio.ts'
import { addressKey, phraseOf, wantedWords } from './words.ts'

/** All that one line of text may mean: it is looked for in every way at once. */
export interface SearchQuery {
  /** A whole RIO, or a whole login, whose keys are made alike. */
  rio: string | null
  /** What a RIO's key may begin with. */
  rioPrefixes: string[]
  /** Whole phone numbers and extensions. */
  numbers: Identifier[]
  /** What a phone number's key may begin with. */
  phonePrefixes: string[]
  /** Words of which a person must have every one, each by its beginning; empty when it is no name but an identifier. */
  words: string[]
  /** Several words as the beginning of a full name. */
  name: string | null
  /** The beginning of an e-mail address, from its `@` on. */
  address: string | null
  /** Whether it looks like a name rather than like an identifier. */
  isName: boolean
  /** Too little was typed to look for names. */
  isShort: boolean
}

const LETTER = /\p{L}/u
const ONE_RUN_OF_DIGITS = /^\p{N}+$/u
/** One of these is a whole name. */
const IDEOGRAPH = /\p{Ideographic}/u
const FEWEST_CHARACTERS = 2
const INSIGNIFICANT = /[^\p{L}\p{N}]/gu
const LABELLED = new RegExp(`^\\s*${LABEL}[0-9]`, 'iu')

/** What was typed, understood. `country` is that of the agent's entity. */
export function parseSearch(typed: string, country: string): SearchQuery {
  const text = typed.trim()
  const address = text.includes('@') ? addressKey(text) : null
  // Groups of digits are a number, not words: a login's digits are typed in one go.
  const isWords = address === null && (LETTER.test(text) || ONE_RUN_OF_DIGITS.test(text))
  const words = isWords ? wantedWords(text) : []
  const isShort = [...text.replace(INSIGNIFICANT, '')].length < FEWEST_CHARACTERS && !IDEOGRAPH.test(text)
  // In a text such as "Martin 2" the digits are no extension, unless it says so.
  const mayBeExtension = !LETTER.test(text) || LABELLED.test(text)
  return {
    rio: rioKey(text),
    rioPrefixes: rioPrefixes(text),
    numbers: phoneIdentifiers(typed, country).filter(({ kind }) => kind === 'phone' || mayBeExtension),
    phonePrefixes: phonePrefixes(typed, country),
    words: isShort ? [] : words,
    name: words.length > 1 ? phraseOf(text) : null,
    address,
    isName: LETTER.test(text) && address === null,
    isShort,
  }
}
