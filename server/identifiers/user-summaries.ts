import type { RioStorageMethod } from '../../contract/settings.ts'
import type { UserSummary } from '../../contract/users.ts'
import { isUsable } from '../domain/accounts.ts'
import { canSeeUser, membershipsOf, type Scope } from '../domain/entities.ts'
import type { Storage } from '../storage/storage.ts'
import { type CallerRow, rowsByUser, selectCallers } from './caller-rows.ts'
import type { KeyRules } from './refresh.ts'

interface Showing {
  scope: Scope
  method: RioStorageMethod
  decode: KeyRules['decode']
}

/**
 * Shows people by their ids, in the order of the ids; whoever is gone, in the bin or out of scope is left out. Inactive
 * people are shown as such: lists have them, pickers ask for `active`.
 */
export async function readSummaries(
  storage: Storage,
  ids: readonly number[],
  { scope, method, decode }: Showing,
): Promise<UserSummary[]> {
  if (ids.length === 0) return []
  const matched = storage.db.selectFrom('glpi_users').select('id as users_id').where('id', 'in', ids)
  const rows = await selectCallers(storage.db, matched, method)
    .select(['user.name as login', 'user.mobile'])
    .$castTo<SummaryRow>()
    .execute()
  const now = new Date()
  const shown = new Map<number, UserSummary>()
  for (const [user, rowsOfUser] of rowsByUser(rows)) {
    if (user.id === null || user.is_deleted === 1 || !canSeeUser(scope, membershipsOf(rowsOfUser))) continue
    shown.set(user.id, toSummary(user.id, user, decode, now))
  }
  return ids.flatMap((id) => shown.get(id) ?? [])
}

export interface SummaryRow extends CallerRow {
  login: string | null
  mobile: string | null
}

export function toSummary(id: number, row: SummaryRow, decode: KeyRules['decode'], now: Date): UserSummary {
  return {
    id,
    login: decode(row.login) ?? '',
    lastname: decode(row.realname) ?? '',
    firstname: decode(row.firstname) ?? '',
    rio: decode(row.rio) ?? '',
    phone: decode(row.phone) ?? '',
    mobile: decode(row.mobile) ?? '',
    email: decode(row.email) ?? '',
    entity: decode(row.entity) ?? '',
    location: decode(row.location) ?? '',
    active: isUsable(row, now),
  }
}
