import type { Kysely } from 'kysely'
import { canChangeUser, canDeleteUser, canSeeUser } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent } from './helpdesk.ts'

const RULES = { see: canSeeUser, change: canChangeUser, delete: canDeleteUser }

/**
 * Throws `user-unknown` unless the agent's scope lets them see (or change, or delete) this user: who asks must not learn that
 * somebody exists whom they may not see. Rights are the caller's to check. In a transaction, pass that.
 */
export async function demandUserInScope(
  db: Kysely<Tables>,
  agent: Agent,
  usersId: number,
  to: keyof typeof RULES,
): Promise<void> {
  const rows = await db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_profiles_users as member', 'member.users_id', 'user.id')
    .select(['member.entities_id', 'member.is_recursive'])
    .where('user.id', '=', usersId)
    .execute()
  const memberships = rows.flatMap(({ entities_id: entity, is_recursive: recursive }) =>
    entity === null ? [] : [{ entities_id: entity, is_recursive: recursive ?? 0 }],
  )
  if (rows.length === 0 || !RULES[to](agent.scope, memberships)) throw new AppError('user-unknown')
}
