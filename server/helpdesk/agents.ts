import { displayName, isUsable } from '../domain/accounts.ts'
import {
  type EntityTree,
  entitiesOf,
  type Membership,
  membershipsOf,
  type Scope,
  scopeOf,
} from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { NO_RIGHTS, RIGHT_NAMES, type Rights } from '../domain/rights.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent } from './helpdesk.ts'

/** What a session says of itself; everything else about its owner is read live. */
export interface SessionFacts {
  sessionKey: string
  usersId: number
  profilesId: number
  impersonatorId: number | null
  /** The active entity. */
  entityId: number
  isRecursive: boolean
  /** The entities the session is set to, of those that the profile gives. */
  activeEntities(given: ReadonlySet<number>, tree: EntityTree): Iterable<number>
  /** Two sessions with the same choice of entities have the same text here. */
  activeChoice: string
}

/** Reads the owner of a session: account, active profile, rights and entities as they are now. */
export function createAgents(storage: Storage, entityTree: () => Promise<EntityTree>) {
  // One statement: a look-up waits for one answer. The account comes once for each membership in the profile.
  const selectAccount = storage.prepare((db, params: { usersId: number; profilesId: number }) => {
    const right = (name: string) =>
      db
        .selectFrom('glpi_profilerights')
        .select('glpi_profilerights.rights')
        .where('glpi_profilerights.profiles_id', '=', params.profilesId)
        .where('glpi_profilerights.name', '=', name)
    return db
      .selectFrom('glpi_users')
      .leftJoin('glpi_profiles', (join) => join.on('glpi_profiles.id', '=', params.profilesId))
      .leftJoin('glpi_profiles_users as member', (join) =>
        join.onRef('member.users_id', '=', 'glpi_users.id').on('member.profiles_id', '=', params.profilesId),
      )
      .select([
        'member.entities_id as member_entity',
        'member.is_recursive as member_recursive',
        'glpi_users.name',
        'glpi_users.realname',
        'glpi_users.firstname',
        'glpi_users.is_active',
        'glpi_users.is_deleted',
        'glpi_users.begin_date',
        'glpi_users.end_date',
        'glpi_profiles.interface',
        right(RIGHT_NAMES.access).as('access'),
        right(RIGHT_NAMES.config).as('config'),
        right(RIGHT_NAMES.user).as('user'),
        right(RIGHT_NAMES.ticket).as('ticket'),
        right(RIGHT_NAMES.followup).as('followup'),
      ])
      .where('glpi_users.id', '=', params.usersId)
  })
  // A tree of thousands of entities is not walked for each look-up: a scope lives as long as the tree it was made from.
  const scopes = new WeakMap<EntityTree, Map<string, Scope>>()

  function scope(facts: SessionFacts, memberships: readonly Membership[], tree: EntityTree): Scope {
    const ofTree = scopes.get(tree) ?? new Map<string, Scope>()
    scopes.set(tree, ofTree)
    const key = `${facts.activeChoice} ${JSON.stringify(memberships)}`
    const known = ofTree.get(key)
    if (known !== undefined) return known
    const made = scopeOf(facts.activeEntities(entitiesOf(memberships, tree), tree), tree)
    ofTree.set(key, made)
    return made
  }

  return async (facts: SessionFacts): Promise<Agent> => {
    const params = { usersId: facts.usersId, profilesId: facts.profilesId }
    const [rows, tree] = await Promise.all([selectAccount(params), entityTree()])
    const [account] = rows
    if (account === undefined || !isUsable(account, new Date())) throw new AppError('account-unusable')
    // A profile that was taken away takes its rights with it. Helpdesk-interface profiles lose every right of ours,
    // as on the host.
    const memberships = membershipsOf(rows)
    const held = memberships.length > 0 && account.interface === 'central'
    const rights: Rights = held
      ? {
          access: account.access ?? 0,
          config: account.config ?? 0,
          user: account.user ?? 0,
          ticket: account.ticket ?? 0,
          followup: account.followup ?? 0,
        }
      : NO_RIGHTS
    const covered = scope(facts, memberships, tree)
    return {
      id: facts.usersId,
      name: `${displayName(account)} (${facts.usersId})`,
      sessionKey: facts.sessionKey,
      profileId: facts.profilesId,
      rights,
      scope: covered,
      entityId: activeEntity(facts.entityId, memberships, covered),
      isRecursive: facts.isRecursive,
      impersonatorId: facts.impersonatorId,
    }
  }
}

/** A session over all entities of a profile, or whose entity was taken away, is in the first that it covers. */
function activeEntity(chosen: number, memberships: readonly Membership[], { entities }: Scope): number {
  if (entities.has(chosen)) return chosen
  const covered = memberships
    .map(({ entities_id: entity }) => entity)
    .filter((entity) => entities.has(entity))
  return covered.length === 0 ? chosen : Math.min(...covered)
}
