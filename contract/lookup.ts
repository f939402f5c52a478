import { type Static, Type } from 'typebox'
import { text } from './fields.ts'
import { RioStorageMethod } from './settings.ts'

/** A caller, in the documented order of fields. Text is as its author typed it, never null. */
export const LookupUser = Type.Object(
  {
    id: Type.Integer({ description: "The user's id in the helpdesk" }),
    phone: text('The phone number as stored'),
    lastname: text('Last name'),
    firstname: text('First name'),
    rio: text('The RIO as stored, wherever the storage method keeps it'),
    email: text('The default e-mail address, else the oldest'),
    entity: text("The short name of the user's entity"),
    location: text("The short name of the user's location"),
  },
  { title: 'LookupUser' },
)
export type LookupUser = Static<typeof LookupUser>

export const LookupAnswer = Type.Object(
  {
    users: Type.Array(LookupUser, {
      description:
        'Every usable user in your scope who has this RIO, by id, at most 100; empty when there is none.',
    }),
  },
  { title: 'LookupAnswer', description: 'Whom the RIO belongs to' },
)
export type LookupAnswer = Static<typeof LookupAnswer>

export const LookupParams = Type.Object({
  rio: Type.String({
    description:
      'The RIO, percent-encoded (UTF-8), 1 to 255 characters. Letter case does not matter; leading zeros do. Spaces, dots, dashes and slashes are ignored in numbers.',
  }),
})

export const ConfigParams = Type.Object({
  key: Type.String({ description: 'Only `rio_storage_method` can be read.' }),
})

export const ConfigAnswer = Type.Object(
  { key: Type.Literal('rio_storage_method'), value: RioStorageMethod },
  { title: 'ConfigAnswer', description: 'The setting' },
)

/** Errors under `api.php`: one stable English sentence. */
export const LegacyError = Type.Object(
  { error: Type.String({ description: 'What is wrong, and where it helps, why' }) },
  { title: 'LegacyError' },
)
