import { type Static, Type } from 'typebox'

const text = (description: string) => Type.String({ description: `${description}; empty when missing` })

/** A person as lists show them. Text is as its author typed it, never null. */
export const UserSummary = Type.Object(
  {
    id: Type.Integer({ description: "The user's id in the helpdesk" }),
    login: text('The login'),
    lastname: text('Last name'),
    firstname: text('First name'),
    rio: text('The RIO as stored, wherever the storage method keeps it'),
    phone: text('The phone number as stored'),
    mobile: text('The mobile number as stored'),
    email: text('The default e-mail address, else the oldest'),
    entity: text("The short name of the user's entity"),
    location: text("The short name of the user's location"),
    active: Type.Boolean({
      description: 'Whether the account is usable: active, not deleted, within its dates',
    }),
  },
  { title: 'UserSummary' },
)
export type UserSummary = Static<typeof UserSummary>
