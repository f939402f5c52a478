import { type Static, Type } from 'typebox'
import { id, MAX_ID, orNull, TIME, text } from './fields.ts'
import { pageOf, pageQuery } from './paging.ts'

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

export const UserPage = pageOf(UserSummary, 'UserPage', 'The people, in the order that was asked for')
export type UserPage = Static<typeof UserPage>

const Sort = Type.Enum(['name', '-name', 'login', '-login', 'id', '-id'], {
  default: 'name',
  description:
    'By last name, login or id; with `-` backwards. Whoever has no last name comes first, backwards last.',
})
export type UserSort = Static<typeof Sort>

export const UserListQuery = pageQuery({
  sort: Type.Optional(Sort),
  entityId: Type.Optional(id('Only who holds a profile in this entity itself, not merely in one above it')),
  entityRecursive: Type.Optional(
    Type.Boolean({ description: 'With `entityId`: or in an entity below it; false when missing' }),
  ),
  rio: Type.Optional(
    Type.Union([Type.Literal('with'), Type.Literal('without')], {
      description: 'Only who has a RIO, or who has none, in the place where RIOs are kept now',
    }),
  ),
  active: Type.Optional(
    Type.Boolean({ description: 'Only accounts that are usable, or only those that are not' }),
  ),
})
export type UserListQuery = Static<typeof UserListQuery>

const Place = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  path: Type.String({ description: 'The place with those above it, parted by ` > `' }),
})

/** A person as their own page shows them. */
export const User = Type.Object(
  {
    id: Type.Integer({ description: "The user's id in the helpdesk" }),
    login: text('The login'),
    lastname: text('Last name'),
    firstname: text('First name'),
    rio: text('The RIO as stored, wherever the storage method keeps it'),
    phone: text('The phone number as stored'),
    phone2: text('The second phone number as stored'),
    mobile: text('The mobile number as stored'),
    registrationNumber: text('The registration number'),
    email: text('The default e-mail address, else the oldest'),
    emails: Type.Array(Type.String(), { description: 'All e-mail addresses, the default one first' }),
    language: text('Such as `fr_FR`'),
    entity: orNull(Place, "The user's default entity; null where it is gone"),
    location: orNull(Place, 'Where the user is; null for nowhere'),
    active: Type.Boolean({
      description: 'Whether the account is usable now: enabled, not deleted, within its dates',
    }),
    account: Type.Object(
      {
        enabled: Type.Boolean({ description: 'The switch that an administrator sets' }),
        deleted: Type.Boolean({ description: 'Whether the user is in the bin' }),
        beginDate: orNull(TIME, 'From when on the account is usable; null for ever'),
        endDate: orNull(TIME, 'Until when the account is usable; null for ever'),
        authType: Type.String({
          description:
            'Where the password is checked: `local`, `mail`, `ldap`, `external`, `cas`, `x509`, `api`, `cookie`, `none` before the first login, or `other`',
        }),
        directoryOwned: Type.Boolean({
          description: 'Whether a directory writes this account, so that names and numbers are changed there',
        }),
        lastLoginAt: orNull(TIME, 'The last login; null before the first'),
        createdAt: orNull(TIME, 'When the user was created, where that is known'),
        changedAt: orNull(TIME, 'When the user was last changed, where that is known'),
      },
      { description: 'The account behind the person' },
    ),
    profiles: Type.Array(
      Type.Object({
        profileId: Type.Integer({ description: 'The profile' }),
        name: Type.String(),
        entity: Type.Object(Place.properties, { description: 'Where it is held' }),
        recursive: Type.Boolean({ description: 'Whether it is held in the entities below too' }),
      }),
      { description: 'The profiles that the user holds in entities that you see' },
    ),
    identifiers: Type.Array(
      Type.Object({
        kind: Type.String({ description: '`rio`, `phone` or `extension`' }),
        key: Type.String({ description: 'What a look-up compares: a number in E.164, a RIO in lower case' }),
        value: Type.String({ description: 'The field as stored' }),
        source: Type.String({
          description:
            'Where it is kept: `custom_table`, `name` or `registration_number` for a RIO, `phone`, `phone2` or `mobile`',
        }),
      }),
      { description: 'Every key that a look-up finds this person by' },
    ),
  },
  { title: 'User' },
)
export type User = Static<typeof User>

const field = (description: string) => Type.Optional(Type.String({ maxLength: 255, description }))

const FIELDS = {
  lastname: field('Last name'),
  firstname: field('First name'),
  phone: field('Phone number, in any spelling'),
  phone2: field('Second phone number'),
  mobile: field('Mobile number'),
  registrationNumber: field('Registration number; the RIO where the storage method keeps it there'),
  emails: Type.Optional(
    Type.Array(Type.String({ maxLength: 255 }), {
      maxItems: 20,
      description: 'All e-mail addresses, the default one first',
    }),
  ),
  locationId: Type.Optional(orNull(id('A location'), 'The location; null for none')),
  language: Type.Optional(Type.String({ pattern: '^[a-z]{2}_[A-Z]{2}$', description: 'Such as `fr_FR`' })),
  enabled: Type.Optional(
    Type.Boolean({ description: 'False locks the account and ends its sessions at once' }),
  ),
  beginDate: Type.Optional(orNull(TIME, 'From when on the account is usable; null for ever')),
  endDate: Type.Optional(orNull(TIME, 'Until when the account is usable; null for ever')),
}

const HeldProfile = Type.Object(
  {
    profileId: Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'The profile' }),
    entityId: id('Where it is held'),
    recursive: Type.Boolean({ description: 'Whether it is held in the entities below too' }),
  },
  { additionalProperties: false },
)
export type HeldProfile = Static<typeof HeldProfile>

export const ProfilesChange = Type.Array(HeldProfile, {
  title: 'ProfilesChange',
  maxItems: 200,
  description:
    'Every profile that the user is to hold in the entities of your scope; what is held elsewhere stays',
})

const password = Type.String({ minLength: 1, maxLength: 255, description: 'Of 8 characters or more' })

export const NewUser = Type.Object(
  {
    ...FIELDS,
    login: field('The login; may be left out where the RIO is the login'),
    rio: field('The RIO, kept where the storage method says'),
    entityId: Type.Optional(id('The default entity; your active one when missing')),
    password: Type.Optional(password),
    profiles: Type.Optional(
      Type.Array(HeldProfile, {
        minItems: 1,
        maxItems: 200,
        description: 'The profiles to hold; when missing, the default profile in the default entity',
      }),
    ),
  },
  { title: 'NewUser', additionalProperties: false },
)
export type NewUser = Static<typeof NewUser>

export const UserChange = Type.Object(
  {
    ...FIELDS,
    login: field('The login'),
    entityId: Type.Optional(id('The default entity')),
    deleted: Type.Optional(Type.Literal(false, { description: 'False takes the user out of the bin' })),
    changesRio: Type.Optional(
      Type.Boolean({
        description: 'Must be true to change the login where the storage method keeps the RIO there',
      }),
    ),
  },
  { title: 'UserChange', additionalProperties: false, minProperties: 1 },
)
export type UserChange = Static<typeof UserChange>

export const PasswordChange = Type.Object(
  { password },
  { title: 'PasswordChange', additionalProperties: false },
)

const HistoryLine = Type.Object(
  {
    id: Type.Integer({ description: 'Of the line' }),
    happenedAt: orNull(TIME, 'When it happened, where that is known'),
    who: text('Who did it, as the helpdesk names them'),
    action: Type.String({
      description:
        '`created`, `changed`, `deleted`, `restored`, `added`, `removed`, `message`, or `other` for what only the helpdesk knows',
    }),
    field: text('What was changed: a field of the user, `email`, `profile`'),
    old: text('What it was'),
    new: text('What it became'),
  },
  { title: 'HistoryLine' },
)
export type HistoryLine = Static<typeof HistoryLine>

export const HistoryPage = pageOf(HistoryLine, 'HistoryPage', 'What happened, the newest first')
export type HistoryPage = Static<typeof HistoryPage>

export const DeleteQuery = Type.Object(
  {
    purge: Type.Optional(
      Type.Boolean({ description: 'True removes the user for good; otherwise they go to the bin' }),
    ),
  },
  { additionalProperties: false },
)
