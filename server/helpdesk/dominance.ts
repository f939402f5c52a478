import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import {
  CREATE,
  demandRight,
  dominates,
  missingBit,
  type ProfileRights,
  type WriteBit,
} from '../domain/rights.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent } from './helpdesk.ts'

/** Profiles with every right they give: for what is done too rarely for an agent to carry the right along. */
async function readProfileRights(
  db: Kysely<Tables>,
  ids: Iterable<number>,
): Promise<ReadonlyMap<number, ProfileRights>> {
  const rows = await db
    .selectFrom('glpi_profiles as profile')
    .leftJoin('glpi_profilerights as held', 'held.profiles_id', 'profile.id')
    .select(['profile.id', 'profile.interface', 'held.name', 'held.rights'])
    .where('profile.id', 'in', [...new Set(ids)])
    .execute()
  return new Map(
    [...Map.groupBy(rows, ({ id }) => id)].map(([id, rights]) => [
      id,
      {
        interface: rights[0]?.interface ?? '',
        bits: new Map(rights.map(({ name, rights: bits }) => [name ?? '', bits ?? 0])),
      },
    ]),
  )
}

/** Throws `right-missing` unless the agent's active profile gives this bit of a right of the host's. */
export async function demandProfileRight(
  db: Kysely<Tables>,
  agent: Agent,
  name: string,
  bit: WriteBit,
): Promise<void> {
  const profiles = await readProfileRights(db, [agent.profileId])
  demandRight(missingBit(name, profiles.get(agent.profileId)?.bits.get(name), bit))
}

/**
 * The wall against taking over, or making, somebody more powerful than oneself: throws `right-missing` unless the agent's
 * active profile has every right of each of these profiles. Whoever may create profiles could give themselves any right,
 * so nothing is kept from them.
 */
export async function demandDominance(
  db: Kysely<Tables>,
  agent: Agent,
  profileIds: readonly number[],
  detail: string,
): Promise<void> {
  const profiles = await readProfileRights(db, [agent.profileId, ...profileIds])
  const mine = profiles.get(agent.profileId) ?? { interface: '', bits: new Map() }
  if (missingBit('profile', mine.bits.get('profile'), CREATE) === null) return
  for (const id of profileIds) {
    const theirs = profiles.get(id)
    // A profile that is gone gives nothing.
    if (theirs !== undefined && !dominates(mine, theirs)) throw new AppError('right-missing', { detail })
  }
}

/**
 * The same for all that a user holds, anywhere: who takes over an account has it in each of its entities. So the agent
 * reaches as far as the user does, the way they would have to for giving them that. Nobody is more powerful than themselves.
 */
export async function demandPowerOver(
  db: Kysely<Tables>,
  agent: Agent,
  usersId: number,
  memberships: readonly { profiles_id: number; entities_id: number; is_recursive: number }[],
): Promise<void> {
  if (usersId === agent.id) return
  await demandDominance(
    db,
    agent,
    memberships.map(({ profiles_id: id }) => id),
    'the user holds a profile with rights that your active profile does not have',
  )
  if (agent.scope.all) return
  for (const { entities_id: entity, is_recursive: recursive } of memberships) {
    const reached =
      agent.scope.entities.has(entity) && (recursive === 0 || (await reachesBelow(db, agent, entity)))
    if (reached) continue
    const detail = 'the user also belongs to entities in which you do not hold your active profile'
    throw new AppError('right-missing', { detail })
  }
}

/** Does the agent hold the active profile in this entity and all below it, those to come included? */
export async function reachesBelow(db: Kysely<Tables>, agent: Agent, entityId: number): Promise<boolean> {
  const held = await db
    .selectFrom('glpi_profiles_users')
    .select('entities_id')
    .where('users_id', '=', agent.id)
    .where('profiles_id', '=', agent.profileId)
    .where('is_recursive', '=', 1)
    .execute()
  const recursive = new Set(held.map(({ entities_id: entity }) => entity))
  const passed = new Set<number>()
  // A transaction reads the tree itself; a cycle is cut.
  for (let entity: number | undefined = entityId; entity !== undefined && !passed.has(entity); ) {
    if (recursive.has(entity)) return true
    passed.add(entity)
    const row: { entities_id: number | null } | undefined = await db
      .selectFrom('glpi_entities')
      .select('entities_id')
      .where('id', '=', entity)
      .executeTakeFirst()
    entity = row?.entities_id ?? undefined
  }
  return false
}
