import { type Static, Type } from 'typebox'
import { DEFAULT_PAGE, MAX_PAGE } from './paging.ts'
import { UserSummary } from './users.ts'

const Accounts = Type.Union(
  [
    Type.Literal('usable', { description: 'Who can be active now; these alone when missing' }),
    Type.Literal('all', {
      description: 'Also whose account is switched off, has not begun or has ended; nobody in the bin',
    }),
    Type.Literal('binned', { description: 'Only who is in the bin' }),
  ],
  {
    default: 'usable',
    description:
      'Whose accounts; any but `usable` needs UPDATE on `plugin_callmanager_access` and on `user` as well',
  },
)
export type Accounts = Static<typeof Accounts>

export const SearchRequest = Type.Object(
  {
    q: Type.String({
      maxLength: 255,
      description:
        'What was typed so far: a RIO or its beginning; a phone number in any spelling, whole or from four digits on, or a whole extension; words of a name, of a login or of what stands before the `@` of an e-mail address, in any order, each whole or its beginning; an address or its beginning, with the `@`. Accents and letter case do not matter. At most 255 characters, no control characters. A single letter finds no names yet; blank finds nobody.',
    }),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PAGE,
        default: DEFAULT_PAGE,
        description: `People to answer, at most ${MAX_PAGE}; ${DEFAULT_PAGE} when missing`,
      }),
    ),
    accounts: Type.Optional(Accounts),
  },
  { additionalProperties: false },
)

const MatchedField = Type.Union(
  [
    Type.Literal('rio', { description: 'The RIO' }),
    Type.Literal('phone', { description: 'The phone number, or an extension beside it' }),
    Type.Literal('phone2', { description: 'The second phone number' }),
    Type.Literal('mobile', { description: 'The mobile number' }),
    Type.Literal('lastname', { description: 'Words of the last name' }),
    Type.Literal('firstname', { description: 'Words of the first name' }),
    Type.Literal('login', { description: 'The login, or words of it' }),
    Type.Literal('email', { description: 'An e-mail address, or words before its @; any of the addresses' }),
  ],
  { description: "Which of the person's fields fits what was typed" },
)
export type MatchedField = Static<typeof MatchedField>

export const Match = Type.Object(
  {
    field: MatchedField,
    exact: Type.Boolean({
      description: 'Whether it fits as a whole (of a name: by whole words), not only by its beginning',
    }),
  },
  { title: 'Match' },
)
export type Match = Static<typeof Match>

const SearchHit = Type.Object(
  {
    user: { ...UserSummary, description: 'The person' },
    matched: Type.Array(Match, { description: 'Why this person was found: each field that fits' }),
  },
  { title: 'SearchHit' },
)
export type SearchHit = Static<typeof SearchHit>

export const SearchAnswer = Type.Object(
  {
    items: Type.Array(SearchHit, {
      description:
        'Users in your scope, of the accounts that were asked for: by whole identifiers first (RIO, phone or extension, login, e-mail), then by whole words, then by beginnings; among these by last name, first name and id',
    }),
    incomplete: Type.Boolean({
      description:
        'Whether there may be more: too many fit, too little was typed, or the index is still being built. Typing more narrows it down; there is no next page.',
    }),
  },
  { title: 'SearchAnswer', description: 'Who fits what was typed' },
)
export type SearchAnswer = Static<typeof SearchAnswer>
