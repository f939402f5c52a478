import type { EntityTree } from '../domain/entities.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent, Helpdesk, SessionDescription } from './helpdesk.ts'

/** What there is to tell of an agent's session, read from the tables as they are now. */
export async function describeSession(
  storage: Storage,
  tree: EntityTree,
  agent: Agent,
  decodeText: Helpdesk['decodeText'],
): Promise<SessionDescription> {
  const { db } = storage
  const text = (stored: string | null | undefined) => decodeText(stored ?? '')
  const textOrNull = (stored: string | null) => (stored === null ? null : decodeText(stored))
  const user = await db
    .selectFrom('glpi_users')
    .select(['id', 'name', 'realname', 'firstname', 'entities_id', 'authtype', 'language'])
    .where('id', '=', agent.id)
    .executeTakeFirstOrThrow()
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
    .where('held.users_id', '=', agent.id)
    .orderBy('profile.name')
    .orderBy('held.entities_id')
    .execute()
  const rights = await db
    .selectFrom('glpi_profilerights')
    .select(['name', 'rights'])
    .where('profiles_id', '=', agent.profileId)
    .execute()
  const active = held.filter(({ id }) => id === agent.profileId)
  const entity = await db
    .selectFrom('glpi_entities')
    .select(['name', 'completename'])
    .where('id', '=', agent.entityId)
    .executeTakeFirst()
  const profileIds = [...new Set(held.map(({ id }) => id))]
  return {
    user: {
      id: user.id,
      login: text(user.name),
      lastname: textOrNull(user.realname),
      firstname: textOrNull(user.firstname),
      entityId: user.entities_id,
      authtype: user.authtype,
    },
    language: user.language ?? '',
    profile: {
      id: agent.profileId,
      name: text(active[0]?.name),
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
        name: text(rows[0]?.name),
        entities: rows.map((row) => ({
          id: row.entities_id,
          name: text(row.entity_name),
          isRecursive: row.is_recursive,
        })),
      }
    }),
    activeEntities: [...agent.scope.entities].sort((one, other) => one - other),
    parentEntities: tree.ancestors(agent.entityId),
    entity: {
      id: agent.entityId,
      name: text(entity?.name),
      completename: text(entity?.completename),
      isRecursive: agent.isRecursive,
    },
    showsAllEntities: agent.scope.all,
  }
}
