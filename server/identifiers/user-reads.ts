import type { Page, PageQuery } from '../../contract/paging.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { HistoryLine, User, UserListQuery, UserSummary } from '../../contract/users.ts'
import { authTypeOf, isDirectoryOwned, isUsable } from '../domain/accounts.ts'
import { demandRight, missingForLookup } from '../domain/rights.ts'
import { storedTime } from '../domain/times.ts'
import { identifiersOf } from '../domain/user-identifiers.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { demandUserInScope } from '../helpdesk/user-gate.ts'
import { readUserHistory } from '../helpdesk/user-history.ts'
import { readUserState, type UserState, userTag } from '../helpdesk/user-state.ts'
import { type IndexDependencies, type KeyRules, readKeyRules } from './refresh.ts'
import { listUsers } from './user-list.ts'

/** People, as lists and as their own page show them. */
export function createUserReads(dependencies: IndexDependencies) {
  const { storage, settings, entityTree, decodeText } = dependencies
  const { db } = storage

  async function rules(): Promise<{ method: RioStorageMethod; rules: KeyRules }> {
    const [{ rio_storage_method: method }, keyRules] = await Promise.all([
      settings.read(),
      readKeyRules(dependencies),
    ])
    return { method, rules: keyRules }
  }

  async function keptRio(usersId: number): Promise<string | null> {
    const row = await db
      .selectFrom('glpi_plugin_callmanager_users')
      .select('rio_number')
      .where('users_id', '=', usersId)
      .executeTakeFirst()
    return row?.rio_number ?? null
  }

  /** Every place that the user's page names, by id. */
  async function placesOf({ user, memberships }: UserState, { decode }: KeyRules) {
    const ids = [user.entities_id, ...memberships.map(({ entities_id: id }) => id)]
    const entities = await db
      .selectFrom('glpi_entities')
      .select(['id', 'name', 'completename'])
      .where('id', 'in', [...new Set(ids)])
      .execute()
    const location = await db
      .selectFrom('glpi_locations')
      .select(['id', 'name', 'completename'])
      .where('id', '=', user.locations_id)
      .executeTakeFirst()
    const toPlace = (row: { id: number; name: string | null; completename: string | null }) => ({
      id: row.id,
      name: decode(row.name) ?? '',
      path: decode(row.completename) ?? '',
    })
    return {
      entities: new Map(entities.map((row) => [row.id, toPlace(row)])),
      location: location === undefined ? null : toPlace(location),
    }
  }

  async function profileNames({ memberships }: UserState): Promise<ReadonlyMap<number, string | null>> {
    const ids = [...new Set(memberships.map(({ profiles_id: id }) => id))]
    if (ids.length === 0) return new Map()
    const rows = await db.selectFrom('glpi_profiles').select(['id', 'name']).where('id', 'in', ids).execute()
    return new Map(rows.map(({ id, name }) => [id, name]))
  }

  return {
    /** A page of the people in the agent's scope who are not in the bin. */
    async list(agent: Agent, query: UserListQuery): Promise<Page<UserSummary>> {
      demandRight(missingForLookup(agent.rights))
      const { method, rules: keyRules } = await rules()
      const tree = await entityTree()
      return listUsers(storage, query, { scope: agent.scope, tree, method, decode: keyRules.decode })
    },

    /** A person whom the agent may see, in the bin or not, with the tag that names what was seen. */
    async read(agent: Agent, usersId: number): Promise<{ user: User; tag: string }> {
      demandRight(missingForLookup(agent.rights))
      await demandUserInScope(db, agent, usersId, 'see')
      const [{ method, rules: keyRules }, state] = await Promise.all([rules(), readUserState(db, usersId)])
      const { entities, location } = await placesOf(state, keyRules)
      const names = await profileNames(state)
      const { decode } = keyRules
      const { user } = state
      const kept = await keptRio(usersId)
      const emails = state.emails.map(({ email }) => decode(email) ?? '')
      const memberships = state.memberships.filter(
        ({ entities_id: entity, is_recursive: recursive }) =>
          agent.scope.entities.has(entity) || (recursive === 1 && agent.scope.above.has(entity)),
      )
      return {
        tag: userTag(state),
        user: {
          id: user.id,
          login: decode(user.name) ?? '',
          lastname: decode(user.realname) ?? '',
          firstname: decode(user.firstname) ?? '',
          rio: decode(method === 'custom_table' ? kept : user[method]) ?? '',
          phone: decode(user.phone) ?? '',
          phone2: decode(user.phone2) ?? '',
          mobile: decode(user.mobile) ?? '',
          registrationNumber: decode(user.registration_number) ?? '',
          email: emails[0] ?? '',
          emails,
          language: user.language ?? '',
          entity: entities.get(user.entities_id) ?? null,
          location,
          active: isUsable(user, new Date()),
          account: {
            enabled: user.is_active === 1,
            deleted: user.is_deleted === 1,
            beginDate: storedTime(user.begin_date),
            endDate: storedTime(user.end_date),
            authType: authTypeOf(user.authtype),
            directoryOwned: isDirectoryOwned(user.authtype),
            lastLoginAt: storedTime(user.last_login),
            createdAt: storedTime(user.date_creation),
            changedAt: storedTime(user.date_mod),
          },
          profiles: memberships.map((row) => ({
            profileId: row.profiles_id,
            name: decode(names.get(row.profiles_id) ?? null) ?? '',
            entity: entities.get(row.entities_id) ?? { id: row.entities_id, name: '', path: '' },
            recursive: row.is_recursive === 1,
          })),
          identifiers: identifiersIn(user, kept, method, keyRules),
        },
      }
    },

    /** What has happened to a person whom the agent may see, the newest first. */
    history: (agent: Agent, usersId: number, query: PageQuery): Promise<Page<HistoryLine>> =>
      readUserHistory(storage, decodeText, agent, usersId, query),
  }
}

export type UserReads = ReturnType<typeof createUserReads>

/** The keys that lead here: of the three places of a RIO only the one in force does. */
function identifiersIn(
  user: UserState['user'],
  kept: string | null,
  method: RioStorageMethod,
  { decode, country }: KeyRules,
): User['identifiers'] {
  const columns = {
    custom_table: decode(kept),
    name: decode(user.name),
    registration_number: decode(user.registration_number),
    phone: decode(user.phone),
    phone2: decode(user.phone2),
    mobile: decode(user.mobile),
  }
  return identifiersOf(columns, country(user.entities_id))
    .filter(({ kind, source }) => kind !== 'rio' || source === method)
    .map(({ kind, key, source }) => ({ kind, key, value: columns[source] ?? '', source }))
}
