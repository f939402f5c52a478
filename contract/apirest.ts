import { type Static, Type } from 'typebox'

/** ITSM-NG's own words for sessions, spoken by the embedded helpdesk, so that one telephone script serves both. */

export const InitSessionQuery = Type.Object({
  get_full_session: Type.Optional(
    Type.Union([Type.Literal('true'), Type.Literal('1'), Type.Literal('false'), Type.Literal('0')], {
      description: 'Also answer what `getFullSession` does',
    }),
  ),
})

export const InitSessionBody = Type.Union([
  Type.Null(),
  Type.Object({
    login: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    user_token: Type.Optional(Type.String({ description: "The API token of a user's form" })),
  }),
])

const SessionEntity = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  is_recursive: Type.Integer({ description: '1 when those below it belong to it' }),
})

/** The part of the host's session that its clients use; flags are 0 or 1. */
export const FullSession = Type.Object(
  {
    valid_id: Type.String({ description: 'The session token' }),
    glpi_currenttime: Type.String({ description: 'Now, `YYYY-MM-DD HH:MM:SS`, UTC' }),
    glpiID: Type.Integer({ description: "The user's id" }),
    glpiname: Type.String({ description: 'The login' }),
    glpirealname: Type.Union([Type.String(), Type.Null()], { description: 'The last name' }),
    glpifirstname: Type.Union([Type.String(), Type.Null()], { description: 'The first name' }),
    glpifriendlyname: Type.String({ description: 'Last and first name, or the login where there is none' }),
    glpidefault_entity: Type.Integer({ description: "The entity of the user's form" }),
    glpiauthtype: Type.Integer({ description: 'How the user logs in; 1 by a password kept here' }),
    glpiroot: Type.String({ description: 'The sub-directory the helpdesk is installed in' }),
    glpilanguage: Type.String({ description: 'Such as `en_GB`' }),
    glpiprofiles: Type.Record(
      Type.String(),
      Type.Object({
        name: Type.String(),
        entities: Type.Array(SessionEntity, { description: 'Where it is held' }),
      }),
      { description: 'Every profile held, by id' },
    ),
    glpiactiveprofile: Type.Object(
      {
        id: Type.Integer(),
        name: Type.String(),
        interface: Type.String({ description: '`central`, or `helpdesk` for who only opens tickets' }),
        is_default: Type.Integer({ description: '1 when new users are given it' }),
        entities: Type.Array(SessionEntity, { description: 'Where it is held' }),
      },
      { additionalProperties: Type.Integer(), description: 'The active profile, with every right by name' },
    ),
    glpiactiveentities: Type.Array(Type.Integer(), { description: 'Every entity that the session sees' }),
    glpiparententities: Type.Array(Type.Integer(), { description: 'The entities above the active one' }),
    glpiactive_entity: Type.Integer({ description: 'The active entity' }),
    glpiactive_entity_recursive: Type.Integer({ description: '1 when those below it are active too' }),
    glpiactive_entity_name: Type.String({ description: 'The active entity, with those above it' }),
    glpiactive_entity_shortname: Type.String({ description: 'The active entity alone' }),
    glpishowallentities: Type.Integer({ description: '1 when every entity there is is seen' }),
    glpigroups: Type.Array(Type.Integer(), { description: 'Always empty' }),
  },
  { title: 'FullSession' },
)
export type FullSession = Static<typeof FullSession>

export const InitSessionAnswer = Type.Object(
  {
    session_token: Type.String({ description: 'Send it back as Session-Token' }),
    session: Type.Optional(FullSession),
  },
  { title: 'InitSessionAnswer', description: 'The session is open' },
)

export const FullSessionAnswer = Type.Object(
  { session: FullSession },
  { title: 'FullSessionAnswer', description: 'The session' },
)

/** The host's errors: a code and a message. Test the code only. */
export const HostError = Type.Array(Type.String(), {
  minItems: 2,
  maxItems: 2,
  title: 'HostError',
  description: '`[code, message]`, for example `["ERROR_SESSION_TOKEN_INVALID", "…"]`',
})
