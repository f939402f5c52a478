import type { IdentifierKind } from './identifier.ts'
import { phoneIdentifiers } from './phone.ts'
import { rioKey } from './rio.ts'
import { addressKey, addressWords, phraseOf, wordsOf } from './words.ts'

/** The columns a user is found by, as their author typed them. */
export interface IdentifyingColumns {
  /** The RIO of our own table. */
  custom_table: string | null
  /** The login. */
  name: string | null
  registration_number: string | null
  phone: string | null
  phone2: string | null
  mobile: string | null
}

type IdentifierSource = keyof IdentifyingColumns

/** The columns a user is searched for by, besides. */
export interface NamingColumns {
  /** The login. */
  name: string | null
  /** The last name. */
  realname: string | null
  firstname: string | null
}

/**
 * What a row of the index holds: an identifier, which is compared whole, or what only the search compares, by its
 * beginning: a `word` of a name, login or e-mail address; a full `name`, since thousands have a frequent first or last
 * name, but few have both; and an `email` address.
 */
export type KeyKind = IdentifierKind | 'word' | 'name' | 'email'

/** One row of the identifier index, without its user. */
export interface SourcedKey {
  kind: KeyKind
  key: string
  source: IdentifierSource | keyof NamingColumns | 'email'
}

/** The same where it is an identifier. */
export interface SourcedIdentifier {
  kind: IdentifierKind
  key: string
  source: IdentifierSource
}

/** Any of the three can be the place where RIOs are kept, so each is indexed: changing the method is then a setting. */
const RIO_SOURCES = ['custom_table', 'name', 'registration_number'] as const
const PHONE_SOURCES = ['phone', 'phone2', 'mobile'] as const
/** A word that several columns have is kept once, under the first of these; under an e-mail address last of all. */
const WORD_SOURCES = ['realname', 'firstname', 'name'] as const

/**
 * Raise it whenever the keys that the same text gives change: every index made with another version is rebuilt.
 */
export const KEYS_VERSION = 2

/** Every identifier that leads to this user, each once per column. `country` is the default country of the user's entity. */
export function identifiersOf(columns: IdentifyingColumns, country: string): SourcedIdentifier[] {
  const found: SourcedIdentifier[] = []
  for (const source of RIO_SOURCES) {
    const key = rioKey(columns[source])
    if (key !== null) found.push({ kind: 'rio', key, source })
  }
  for (const source of PHONE_SOURCES) {
    for (const { kind, key } of phoneIdentifiers(columns[source], country)) found.push({ kind, key, source })
  }
  return found
}

/** What a search finds this user by, besides their identifiers. */
function searchKeysOf(columns: NamingColumns, emails: readonly (string | null)[]): SourcedKey[] {
  const words = new Map<string, SourcedKey['source']>()
  const add = (found: string[], source: SourcedKey['source']) => {
    for (const word of found) if (!words.has(word)) words.set(word, source)
  }
  for (const source of WORD_SOURCES) add(wordsOf(columns[source]), source)
  for (const email of emails) add(addressWords(email), 'email')

  // As it is written, and as it is spoken.
  const { realname: last, firstname: first } = columns
  const names = new Map<string | null, SourcedKey['source']>()
  if (wordsOf(last).length > 0 && wordsOf(first).length > 0) {
    names.set(phraseOf(`${last} ${first}`), 'realname').set(phraseOf(`${first} ${last}`), 'firstname')
  }

  // Apart from the words: whoever types the beginning of a name means words, not every address that begins so. Many a
  // login is an address.
  const addresses = new Map<string | null, SourcedKey['source']>()
  for (const email of emails) addresses.set(addressKey(email), 'email')
  if (columns.name?.includes('@')) addresses.set(addressKey(columns.name), 'name')

  const keys = (kind: KeyKind, found: Map<string | null, SourcedKey['source']>): SourcedKey[] =>
    [...found].flatMap(([key, source]) => (key === null ? [] : [{ kind, key, source }]))
  return [...keys('word', words), ...keys('name', names), ...keys('email', addresses)]
}

/** Every key that the index holds for this user. */
export function keysOf(
  columns: IdentifyingColumns & NamingColumns,
  emails: readonly (string | null)[],
  country: string,
): SourcedKey[] {
  return [...identifiersOf(columns, country), ...searchKeysOf(columns, emails)]
}

/** The default country for numbers in an entity: its own, or that of the nearest entity above that has one. */
export function countryOf(
  entity: number,
  ancestors: readonly number[],
  countries: ReadonlyMap<number, string>,
  fallback: string,
): string {
  for (const candidate of [entity, ...ancestors]) {
    const country = countries.get(candidate)
    if (country !== undefined) return country
  }
  return fallback
}
