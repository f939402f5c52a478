import { type Static, Type } from 'typebox'
import { RioStorageMethod } from './settings.ts'

export const StorageMethod = Type.Object(
  {
    method: RioStorageMethod,
    people: Type.Integer({ description: 'How many people there are' }),
    places: Type.Array(
      Type.Object({
        method: RioStorageMethod,
        people: Type.Integer({ description: 'How many of them have something in this place' }),
      }),
      { description: 'The three places that a RIO can be kept in' },
    ),
  },
  { title: 'StorageMethod', description: 'Where RIOs are kept, and what the other places hold' },
)
export type StorageMethod = Static<typeof StorageMethod>

const replaces = Type.Boolean({
  description:
    'Whether another registration number, or another RIO, is replaced in the new place; false where missing. Logins always are.',
})

export const MethodPreview = Type.Object(
  { to: RioStorageMethod, replaces: Type.Optional(replaces) },
  {
    title: 'MethodPreview',
    description: 'A change of the storage method to look at',
    additionalProperties: false,
  },
)
export type MethodPreview = Static<typeof MethodPreview>

export const MethodChange = Type.Object(
  {
    ...MethodPreview.properties,
    changesLogins: Type.Optional(
      Type.Boolean({ description: 'Needed for `name`: people then log in by their RIO' }),
    ),
  },
  { title: 'MethodChange', description: 'A change of the storage method', additionalProperties: false },
)
export type MethodChange = Static<typeof MethodChange>
