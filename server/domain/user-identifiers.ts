import type { IdentifierKind } from './identifier.ts'
import { phoneIdentifiers } from './phone.ts'
import { rioKey } from './rio.ts'

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

export type IdentifierSource = keyof IdentifyingColumns

/** One row of the identifier index, without its user. */
export interface SourcedIdentifier {
  kind: IdentifierKind
  key: string
  source: IdentifierSource
}

/** Any of the three can be the place where RIOs are kept, so each is indexed: changing the method is then a setting. */
const RIO_SOURCES = ['custom_table', 'name', 'registration_number'] as const
const PHONE_SOURCES = ['phone', 'phone2', 'mobile'] as const

/**
 * Raise it whenever the keys that the same text gives change: every index made with another version is rebuilt.
 */
export const KEYS_VERSION = 1

/** Every key that leads to this user, each once per column. `country` is the default country of the user's entity. */
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
