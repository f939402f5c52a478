import { isUsable } from '../../domain/accounts.ts'
import { type EntityTree, entitiesOf } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import type { Storage } from '../../storage/storage.ts'
import type { SessionDescription } from '../helpdesk.ts'
import { ALL_ENTITIES, type SessionRow } from './sessions.ts'

/** Everything `getFullSession` tells of a session, read from the tables as they are now. */
export async function describeSession(
  storage: Storage,
  tree: EntityTree,
  session: SessionRow,
): Promise<SessionDescription> {
  const { db } = storage
  const user = await db
    .selectFrom('glpi_users')
    .select([
      'id',
      'name',
      'realname',
      'firstname',
      'entities_id',
      'authtype',
      'language',
      'is_active',
      'is_deleted',
      'begin_date',
      'end_date',
    ])
    .where('id', '=', session.users_id)
    .executeTakeFirst()
  if (user === undefined || !isUsable(user, new Date())) throw new AppError('account-unusable')
  const held = await db
    .selectFrom('glpi_profiles_users as held')
    .innerJoin('glpi_profiles as profile', 'profile.id', 'held.profiles_id')
    .innerJoin('glpi_entities as entity', 'entity.id', 'held.entities_id')
    .select([
      'profile.id',
      'profile.name',
      'profile.interface',
      'profile.is_default',
      'held.entities_id',
      'held.is_recursive',
      'entity.name as entity_name',
    ])
    .where('held.users_id', '=', session.users_id)
    .orderBy('profile.name')
    .orderBy('held.entities_id')
    .execute()
  const rights = await db
    .selectFrom('glpi_profilerights')
    .select(['name', 'rights'])
    .where('profiles_id', '=', session.profiles_id)
    .execute()
  const active = held.filter(({ id }) => id === session.profiles_id)
  const given = entitiesOf(active, tree)
  const entityId = session.entities_id === ALL_ENTITIES ? (active[0]?.entities_id ?? 0) : session.entities_id
  const covered =
    session.entities_id === ALL_ENTITIES
      ? [...given]
      : (session.is_recursive ? tree.withDescendants(entityId) : [entityId]).filter((entity) =>
          given.has(entity),
        )
  const entity = await db
    .selectFrom('glpi_entities')
    .select(['name', 'completename'])
    .where('id', '=', entityId)
    .executeTakeFirst()
  const profileIds = [...new Set(held.map(({ id }) => id))]
  return {
    user: {
      id: user.id,
      login: user.name ?? '',
      lastname: user.realname,
      firstname: user.firstname,
      entityId: user.entities_id,
      authtype: user.authtype,
    },
    language: user.language ?? 'en_GB',
    profile: {
      id: session.profiles_id,
      name: active[0]?.name ?? '',
      interface: active[0]?.interface ?? 'helpdesk',
      isDefault: active[0]?.is_default ?? 0,
      // A profile that was taken away takes its rights with it.
      rights:
        active.length === 0 ? {} : Object.fromEntries(rights.map(({ name, rights }) => [name ?? '', rights])),
    },
    profiles: profileIds.map((id) => {
      const rows = held.filter((row) => row.id === id)
      return {
        id,
        name: rows[0]?.name ?? '',
        entities: rows.map((row) => ({
          id: row.entities_id,
          name: row.entity_name ?? '',
          isRecursive: row.is_recursive,
        })),
      }
    }),
    activeEntities: covered.sort((one, other) => one - other),
    parentEntities: tree.ancestors(entityId),
    entity: {
      id: entityId,
      name: entity?.name ?? '',
      completename: entity?.completename ?? '',
      isRecursive: session.is_recursive === 1,
    },
    showsAllEntities: covered.length === tree.size,
  }
}
