import type { Kysely } from 'kysely'
import type { HeldProfile } from '../../../contract/users.ts'
import type { Tables } from '../../storage/tables.ts'

export async function insertMembership(
  tx: Kysely<Tables>,
  usersId: number,
  { profileId, entityId, recursive }: HeldProfile,
): Promise<void> {
  await tx
    .insertInto('glpi_profiles_users')
    .values({
      users_id: usersId,
      profiles_id: profileId,
      entities_id: entityId,
      is_recursive: recursive ? 1 : 0,
    })
    .execute()
}

/** A held profile in words, for the history. */
export async function describeMembership(
  tx: Kysely<Tables>,
  { profileId, entityId, recursive }: HeldProfile,
): Promise<string> {
  const profile = await tx
    .selectFrom('glpi_profiles')
    .select('name')
    .where('id', '=', profileId)
    .executeTakeFirst()
  const entity = await tx
    .selectFrom('glpi_entities')
    .select('completename')
    .where('id', '=', entityId)
    .executeTakeFirst()
  return `${profile?.name ?? ''} (${profileId}), ${entity?.completename ?? ''}${recursive ? ' (recursive)' : ''}`
}
