import { type Static, Type } from 'typebox'
import { pageOf } from './paging.ts'

export const ProfileRights = Type.Object(
  {
    config: Type.Object(
      { update: Type.Boolean({ description: 'Change settings and rights, import, read statistics' }) },
      { description: '`plugin_callmanager_config`', additionalProperties: false },
    ),
    access: Type.Object(
      {
        read: Type.Boolean({ description: 'Look callers up' }),
        update: Type.Boolean({ description: 'Write RIOs as well; gives nothing without `read`' }),
      },
      { description: '`plugin_callmanager_access`', additionalProperties: false },
    ),
  },
  { title: 'ProfileRights', additionalProperties: false },
)
export type ProfileRights = Static<typeof ProfileRights>

export const Profile = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    interface: Type.String({ description: '`central`, or `helpdesk` for the simplified interface' }),
    rights: { ...ProfileRights, description: 'The rights of Call Manager that the profile gives' },
    editable: Type.Boolean({ description: 'Whether rights of Call Manager can be given to it' }),
    reason: Type.String({ description: 'Why they cannot; empty when they can' }),
  },
  { title: 'Profile' },
)
export type Profile = Static<typeof Profile>

export const ProfilePage = pageOf(Profile, 'ProfilePage', 'Profiles, by id')
export type ProfilePage = Static<typeof ProfilePage>
