import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { versionTag } from '../domain/version-tag.ts'
import type { Tables } from '../storage/tables.ts'

/** All of a user that their page shows and that can be edited there, as stored. */
export async function readUserState(db: Kysely<Tables>, usersId: number) {
  const user = await db
    .selectFrom('glpi_users')
    .select([
      'id',
      'name',
      'realname',
      'firstname',
      'phone',
      'phone2',
      'mobile',
      'registration_number',
      'entities_id',
      'locations_id',
      'language',
      'is_active',
      'is_deleted',
      'begin_date',
      'end_date',
      'authtype',
      'last_login',
      'date_creation',
      'date_mod',
    ])
    .where('id', '=', usersId)
    .executeTakeFirst()
  if (user === undefined) throw new AppError('user-unknown')
  const emails = await db
    .selectFrom('glpi_useremails')
    .select(['id', 'email', 'is_default'])
    .where('users_id', '=', usersId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute()
  const memberships = await db
    .selectFrom('glpi_profiles_users')
    .select(['id', 'profiles_id', 'entities_id', 'is_recursive'])
    .where('users_id', '=', usersId)
    .orderBy('entities_id')
    .orderBy('profiles_id')
    .orderBy('id')
    .execute()
  return { user, emails, memberships }
}

export type UserState = Awaited<ReturnType<typeof readUserState>>

/** Names what an editor of this user has seen; logging in changes nothing of it. */
export function userTag({ user, emails, memberships }: UserState): string {
  const { last_login: _login, date_mod: _changed, ...columns } = user
  return versionTag([
    columns,
    emails.map(({ email, is_default }) => [email, is_default]),
    memberships.map(({ profiles_id, entities_id, is_recursive }) => [profiles_id, entities_id, is_recursive]),
  ])
}
