import { type Static, Type } from 'typebox'
import { RioStorageMethod } from './settings.ts'
import { UserSummary } from './users.ts'

const RioKind = Type.Union(
  [
    Type.Literal('ministry', {
      description: 'Seven digits: the number of somebody under the Interior ministry',
    }),
    Type.Literal('portability', {
      description: "Twelve signs: a line's portability code (RIO of an operator)",
    }),
    Type.Literal('other', { description: 'Anything else' }),
    Type.Literal('none', { description: 'There is none' }),
  ],
  { description: 'What the RIO looks like' },
)
export type RioKind = Static<typeof RioKind>

const PhoneField = Type.Union([Type.Literal('phone'), Type.Literal('phone2'), Type.Literal('mobile')])

/** How many others who have the same RIO are shown. */
export const MAX_SHARED = 25

export const Rio = Type.Object(
  {
    rio: Type.String({ description: 'The RIO as stored; empty when there is none' }),
    method: RioStorageMethod,
    place: Type.String({ description: 'The same in words' }),
    kind: RioKind,
    controlKey: Type.Union(
      [
        Type.Object({
          fits: Type.Union([PhoneField, Type.Null()], {
            description: "The first of the person's numbers that the key was made for; null for none of them",
          }),
          checked: Type.Array(PhoneField, {
            description: 'The numbers that it could be checked with; empty when there is none',
          }),
        }),
        Type.Null(),
      ],
      {
        description: 'Of a portability code: whether its last three signs fit the line; null for other kinds',
      },
    ),
    sharedWith: Type.Array(UserSummary, {
      description: `Other people in your scope who have the same RIO, by id, at most ${MAX_SHARED}`,
    }),
    writable: Type.Boolean({ description: 'Whether you may change it' }),
    reason: Type.String({ description: 'Why you may not; empty when you may' }),
  },
  { title: 'Rio', description: "A person's RIO, wherever the storage method keeps it" },
)
export type Rio = Static<typeof Rio>

export const RioChange = Type.Object(
  {
    rio: Type.String({
      description:
        'The new RIO, 1 to 255 characters; white space around it is taken off, all else stays as typed',
    }),
    changesLogin: Type.Optional(
      Type.Boolean({
        description:
          'Must be true where the storage method is `name`: the person then logs in by the new RIO. Else without effect.',
      }),
    ),
  },
  { title: 'RioChange', additionalProperties: false },
)
export type RioChange = Static<typeof RioChange>
