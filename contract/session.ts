import { type Static, Type } from 'typebox'
import { id, MAX_ID, orNull } from './fields.ts'
import { Settings } from './settings.ts'

/** Logging in, and who one is: the same whether the helpdesk is embedded or attached. */

export const LoginRequest = Type.Object(
  {
    login: Type.String({ minLength: 1, maxLength: 255, description: 'The login' }),
    password: Type.String({ minLength: 1, maxLength: 255, description: 'The password' }),
  },
  { title: 'LoginRequest', additionalProperties: false },
)

export const SessionChange = Type.Object(
  {
    profileId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ID,
        description: 'A profile that you hold becomes the active one, in its own entities',
      }),
    ),
    entityId: Type.Optional(
      orNull(id('An entity'), 'An entity of the active profile becomes the active one; null for all of them'),
    ),
    recursive: Type.Optional(
      Type.Boolean({ description: 'With `entityId`: also the entities below it; true when missing' }),
    ),
    language: Type.Optional(
      Type.String({ pattern: '^[a-z]{2}_[A-Z]{2}$', description: 'Such as `fr_FR`; kept with your account' }),
    ),
  },
  { title: 'SessionChange', additionalProperties: false, minProperties: 1 },
)
export type SessionChange = Static<typeof SessionChange>

export const Session = Type.Object(
  {
    user: Type.Object(
      {
        id: Type.Integer(),
        login: Type.String(),
        name: Type.String({ description: 'Last and first name, or the login where there is none' }),
      },
      { description: 'You' },
    ),
    language: Type.String({
      description: 'Such as `fr_FR`; empty where the account has chosen none',
    }),
    profile: Type.Object(
      {
        id: Type.Integer(),
        name: Type.String(),
        interface: Type.String({
          description:
            '`central`, or `helpdesk` for the simplified interface, in which no right of Call Manager counts',
        }),
      },
      { description: 'The active profile, whose rights count' },
    ),
    profiles: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() }), {
      description: 'Every profile that you hold',
    }),
    entity: Type.Object(
      {
        id: Type.Integer(),
        name: Type.String(),
        path: Type.String({ description: 'The entity with those above it, parted by ` > `' }),
        recursive: Type.Boolean({ description: 'Whether the entities below it are active too' }),
      },
      { description: 'The active entity' },
    ),
    entities: Type.Array(
      Type.Object({
        id: Type.Integer(),
        name: Type.String(),
        recursive: Type.Boolean({ description: 'Whether the profile is also held in those below it' }),
      }),
      { description: 'Where the active profile is held; these and what is below can be switched to' },
    ),
    showsAllEntities: Type.Boolean({ description: 'Whether you see every entity that there is' }),
    can: Type.Object(
      {
        lookUp: Type.Boolean({ description: 'Look callers up, search, see users' }),
        writeRio: Type.Boolean({ description: 'Write RIOs' }),
        createUsers: Type.Boolean({ description: 'Create users' }),
        editUsers: Type.Boolean({ description: 'Change users' }),
        deleteUsers: Type.Boolean({
          description: 'Put users into the bin; false beside an ITSM-NG, where this is done',
        }),
        purgeUsers: Type.Boolean({
          description: 'Remove users in the bin for good; false beside an ITSM-NG, where this is done',
        }),
        createEntities: Type.Boolean({
          description: 'Create entities; false beside an ITSM-NG, where this is done',
        }),
        editEntities: Type.Boolean({
          description: 'Rename and move entities; false beside an ITSM-NG, where this is done',
        }),
        readTickets: Type.Boolean({ description: 'See at least some tickets' }),
        createTickets: Type.Boolean({ description: 'Open tickets' }),
        addFollowups: Type.Boolean({ description: 'Add followups to at least some tickets' }),
        addPrivateFollowups: Type.Boolean({ description: 'The same, kept from the requester' }),
        configure: Type.Boolean({ description: 'Change settings and rights, import, read statistics' }),
      },
      { description: 'What your rights allow, each within your entities' },
    ),
    missing: Type.Array(
      Type.Object({
        right: Type.String({
          description: 'By its name in the database, such as `plugin_callmanager_access`',
        }),
        name: Type.String({ description: "What ITSM-NG's page of the profile calls it, in English" }),
        level: Type.Literal('read', { description: 'How much of it' }),
      }),
      {
        description:
          'The rights that the active profile lacks for looking callers up; empty where `can.lookUp` is true',
      },
    ),
    ticketForm: Type.Object(
      {
        target: Settings.properties.ticket_target,
        requestSource: Settings.properties.phone_request_source,
      },
      { description: 'How a ticket is opened for a caller, as the settings say' },
    ),
    helpdesk: Type.Object(
      {
        name: Type.String({ description: '`ITSM-NG`, `GLPI`, or `Call Manager` where there is no other' }),
        version: Type.String({ description: 'Its version, as of when the server was started' }),
      },
      { description: 'Whose people and tickets these are' },
    ),
    version: Type.String({ description: 'The release of Call Manager that answers' }),
    managesAccounts: Type.Boolean({
      description:
        'Whether accounts are kept here, so that logging in and out and editing users is done here',
    }),
  },
  { title: 'Session', description: 'Who you are' },
)
export type Session = Static<typeof Session>
