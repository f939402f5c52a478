import { type Static, Type } from 'typebox'

export const SetupRequest = Type.Object(
  {
    code: Type.String({
      maxLength: 100,
      description: 'The one-time code of the set-up link, valid for 30 minutes',
    }),
    login: Type.String({ maxLength: 255, description: 'The login of the first Super-Admin' }),
    password: Type.String({ maxLength: 255, description: 'The password, at least 8 characters' }),
  },
  { title: 'SetupRequest', additionalProperties: false },
)
export type SetupRequest = Static<typeof SetupRequest>
