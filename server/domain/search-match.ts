import type { Match, MatchedField } from '../../contract/search.ts'
import { phoneIdentifiers } from './phone.ts'
import { rioKey } from './rio.ts'
import type { SearchQuery } from './search-query.ts'
import { addressKey, addressWords, wordsOf } from './words.ts'

/** What of a person can be searched for, as its author typed it. */
export interface SearchedPerson {
  rio: string | null
  login: string | null
  lastname: string | null
  firstname: string | null
  phone: string | null
  phone2: string | null
  mobile: string | null
  emails: readonly (string | null)[]
  /** That of the person's entity. */
  country: string
}

/** How well somebody fits, the best first: by a whole identifier, by whole words, by beginnings. */
export const RANKS = ['rio', 'number', 'login', 'email', 'words', 'beginnings'] as const
type Rank = (typeof RANKS)[number]

export interface Fit {
  rank: Rank
  matched: Match[]
}

const PHONES = ['phone', 'phone2', 'mobile'] as const

/** In which ways a person fits what was typed; null when in none. */
export function fitOf(query: SearchQuery, person: SearchedPerson): Fit | null {
  const found: { rank: Rank; field: MatchedField; exact: boolean }[] = []

  const rio = rioKey(person.rio)
  if (rio !== null && rio === query.rio) found.push({ rank: 'rio', field: 'rio', exact: true })
  else if (rio !== null && query.rioPrefixes.some((prefix) => rio.startsWith(prefix)))
    found.push({ rank: 'beginnings', field: 'rio', exact: false })

  for (const field of PHONES) {
    const identifiers = phoneIdentifiers(person[field], person.country)
    const isWhole = query.numbers.some(({ kind, key }) =>
      identifiers.some((other) => other.kind === kind && other.key === key),
    )
    const isBegun = identifiers.some(
      ({ kind, key }) => kind === 'phone' && query.phonePrefixes.some((prefix) => key.startsWith(prefix)),
    )
    if (isWhole) found.push({ rank: 'number', field, exact: true })
    else if (isBegun) found.push({ rank: 'beginnings', field, exact: false })
  }

  if (query.rio !== null && rioKey(person.login) === query.rio)
    found.push({ rank: 'login', field: 'login', exact: true })

  const { address } = query
  if (address !== null) {
    const addresses = person.emails.map(addressKey)
    if (addresses.includes(address)) found.push({ rank: 'email', field: 'email', exact: true })
    else if (addresses.some((other) => other?.startsWith(address)))
      found.push({ rank: 'beginnings', field: 'email', exact: false })
    if (addressKey(person.login)?.startsWith(address))
      found.push({ rank: 'beginnings', field: 'login', exact: false })
  }

  found.push(...wordMatches(query.words, person))

  if (found.length === 0) return null
  const matched = new Map<MatchedField, Match>()
  for (const { field, exact } of found) {
    if (matched.get(field)?.exact !== true) matched.set(field, { field, exact })
  }
  const best = RANKS.find((rank) => found.some((one) => one.rank === rank))
  return { rank: best ?? 'beginnings', matched: [...matched.values()] }
}

/** The fields that have words which were asked for; none unless the person has every one of them. */
function wordMatches(wanted: readonly string[], person: SearchedPerson): (Match & { rank: Rank })[] {
  if (wanted.length === 0) return []
  const fields: [MatchedField, string[]][] = [
    ['lastname', wordsOf(person.lastname)],
    ['firstname', wordsOf(person.firstname)],
    ['login', wordsOf(person.login)],
    ['email', person.emails.flatMap(addressWords)],
  ]
  const all = fields.flatMap(([, words]) => words)
  if (!wanted.every((begun) => all.some((word) => word.startsWith(begun)))) return []
  const rank = wanted.every((word) => all.includes(word)) ? 'words' : 'beginnings'
  return fields.flatMap(([field, words]) => {
    const here = wanted.filter((begun) => words.some((word) => word.startsWith(begun)))
    return here.length === 0 ? [] : [{ rank, field, exact: here.every((word) => words.includes(word)) }]
  })
}
