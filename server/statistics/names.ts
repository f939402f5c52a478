import { displayName } from '../domain/accounts.ts'
import { canSeeUser, type Membership, type Scope } from '../domain/entities.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'

/** Ids a statement. */
const AT_ONCE = 500

type Decode = Helpdesk['decodeText']

/** The names of those users who are still there and whom this scope lets one see. */
export async function readAgentNames(
  { db }: Storage,
  ids: readonly number[],
  scope: Scope,
  decode: Decode,
): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  for (const some of partsOf(ids)) {
    const users = await db
      .selectFrom('glpi_users')
      .select(['id', 'name', 'realname', 'firstname'])
      .where('id', 'in', some)
      .execute()
    const memberships = new Map<number, Membership[]>()
    const rows = await db
      .selectFrom('glpi_profiles_users')
      .select(['users_id', 'entities_id', 'is_recursive'])
      .where('users_id', 'in', some)
      .execute()
    for (const row of rows) memberships.set(row.users_id, [...(memberships.get(row.users_id) ?? []), row])
    for (const user of users) {
      if (!canSeeUser(scope, memberships.get(user.id) ?? [])) continue
      names.set(user.id, decode(displayName(user)))
    }
  }
  return names
}

/** The paths of those entities that are still there. */
export async function readEntityPaths(
  { db }: Storage,
  ids: readonly number[],
  decode: Decode,
): Promise<Map<number, string>> {
  const paths = new Map<number, string>()
  for (const some of partsOf(ids)) {
    const rows = await db
      .selectFrom('glpi_entities')
      .select(['id', 'completename'])
      .where('id', 'in', some)
      .execute()
    for (const { id, completename } of rows) paths.set(id, decode(completename ?? ''))
  }
  return paths
}

function partsOf(ids: readonly number[]): (readonly number[])[] {
  const count = Math.ceil(ids.length / AT_ONCE)
  return Array.from({ length: count }, (_, part) => ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE))
}
