import { type Static, Type } from 'typebox'

/** ITSM-NG's own words for sessions, spoken by the embedded helpdesk, so that one telephone script serves both. */

export const InitSessionQuery = Type.Object({
  get_full_session: Type.Optional(
    Type.Union([Type.Literal('true'), Type.Literal('1'), Type.Literal('false'), Type.Literal('0')], {
      description: 'Also answer what `getFullSession` does',
    }),
  ),
})

const SessionEntity = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  is_recursive: Type.Integer(),
})

/** The part of the host's session that its clients use; flags are 0 or 1. */
export const FullSession = Type.Object(
  {
    valid_id: Type.String({ description: 'The session token' }),
    glpi_currenttime: Type.String({ description: 'Now, `YYYY-MM-DD HH:MM:SS`, UTC' }),
    glpiID: Type.Integer({ description: "The user's id" }),
    glpiname: Type.String({ description: 'The login' }),
    glpirealname: Type.Union([Type.String(), Type.Null()]),
    glpifirstname: Type.Union([Type.String(), Type.Null()]),
    glpifriendlyname: Type.String(),
    glpidefault_entity: Type.Integer(),
    glpiauthtype: Type.Integer(),
    glpiroot: Type.String({ description: 'The sub-directory the helpdesk is installed in' }),
    glpilanguage: Type.String(),
    glpiprofiles: Type.Record(
      Type.String(),
      Type.Object({ name: Type.String(), entities: Type.Array(SessionEntity) }),
      { description: 'Every profile held, by id' },
    ),
    glpiactiveprofile: Type.Object(
      {
        id: Type.Integer(),
        name: Type.String(),
        interface: Type.String(),
        is_default: Type.Integer(),
        entities: Type.Array(SessionEntity),
      },
      { additionalProperties: Type.Integer(), description: 'The active profile, with every right by name' },
    ),
    glpiactiveentities: Type.Array(Type.Integer()),
    glpiparententities: Type.Array(Type.Integer()),
    glpiactive_entity: Type.Integer(),
    glpiactive_entity_recursive: Type.Integer(),
    glpiactive_entity_name: Type.String(),
    glpiactive_entity_shortname: Type.String(),
    glpishowallentities: Type.Integer(),
    glpigroups: Type.Array(Type.Integer()),
  },
  { title: 'FullSession' },
)
export type FullSession = Static<typeof FullSession>

export const InitSessionAnswer = Type.Object(
  {
    session_token: Type.String({ description: 'Send it back as Session-Token' }),
    session: Type.Optional(FullSession),
  },
  { title: 'InitSessionAnswer' },
)

export const FullSessionAnswer = Type.Object({ session: FullSession }, { title: 'FullSessionAnswer' })

/** The host's errors: a code and a message. Test the code only. */
export const HostError = Type.Array(Type.String(), {
  minItems: 2,
  maxItems: 2,
  title: 'HostError',
  description: '`[code, message]`, for example `["ERROR_SESSION_TOKEN_INVALID", "…"]`',
})
