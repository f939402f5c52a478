import type { Accounts } from '../../contract/search.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { UserSummary } from '../../contract/users.ts'
import { type AccountState, isUsable } from '../domain/accounts.ts'
import { canSeeUser, membershipsOf } from '../domain/entities.ts'
import type { SearchedPerson } from '../domain/search-match.ts'
import type { Storage } from '../storage/storage.ts'
import { type NumberedCallerRow, rowsByUser, selectNumberedCallers } from './caller-rows.ts'
import type { Asking } from './find.ts'
import { type SummaryRow, toSummary } from './user-summaries.ts'

/** So many people are read at once: a page of the usual length, and one more. */
export const PEOPLE_AT_ONCE = 26

type Ids = Record<`id${number}`, number>

const NO_USER = -1

/** People as they are now: what a search is compared with, and what it answers. */
export interface FoundPerson {
  searched: SearchedPerson
  summary: UserSummary
}

/** What is searched for, by whom. */
export interface Searching extends Asking {
  accounts: Accounts
}

const IS_SHOWN: Record<Accounts, (account: AccountState, now: Date) => boolean> = {
  usable: isUsable,
  all: (account) => account.is_deleted === 0,
  binned: (account) => account.is_deleted === 1,
}

/** Reads those of some people whose accounts are looked for, and who are in scope, at most {@link PEOPLE_AT_ONCE}, in the order asked. */
export function createPeopleReader(storage: Storage) {
  const idsOf = (params: Ids) =>
    Array.from({ length: PEOPLE_AT_ONCE }, (_, index) => params[`id${index}`] ?? NO_USER)
  const withMethod = (method: RioStorageMethod) =>
    storage.prepare<NumberedCallerRow & SummaryRow, Ids>((db, params) => {
      const matched = db
        .selectFrom('glpi_users')
        .select('glpi_users.id as users_id')
        .where('glpi_users.id', 'in', idsOf(params))
      return selectNumberedCallers(db, matched, method)
        .select('user.name as login')
        .$castTo<NumberedCallerRow & SummaryRow>()
    })
  const people = {
    custom_table: withMethod('custom_table'),
    name: withMethod('name'),
    registration_number: withMethod('registration_number'),
  } as const satisfies Record<RioStorageMethod, unknown>
  const addresses = storage.prepare<{ users_id: number; email: string | null }, Ids>((db, params) =>
    db.selectFrom('glpi_useremails').select(['users_id', 'email']).where('users_id', 'in', idsOf(params)),
  )

  return async (
    ids: readonly number[],
    { scope, method, rules, accounts }: Searching,
  ): Promise<FoundPerson[]> => {
    const params = Object.fromEntries(
      Array.from({ length: PEOPLE_AT_ONCE }, (_, index) => [`id${index}`, ids[index] ?? NO_USER]),
    )
    const [rows, emails] = await Promise.all([people[method](params), addresses(params)])
    const addressesOf = Map.groupBy(emails, ({ users_id: id }) => id)
    const now = new Date()
    const found = new Map<number, FoundPerson>()
    for (const [user, rowsOfUser] of rowsByUser(rows)) {
      if (user.id === null || !IS_SHOWN[accounts](user, now) || !canSeeUser(scope, membershipsOf(rowsOfUser)))
        continue
      found.set(user.id, {
        searched: {
          rio: rules.decode(user.rio),
          login: rules.decode(user.login),
          lastname: rules.decode(user.realname),
          firstname: rules.decode(user.firstname),
          phone: rules.decode(user.phone),
          phone2: rules.decode(user.phone2),
          mobile: rules.decode(user.mobile),
          emails: (addressesOf.get(user.id) ?? []).map(({ email }) => rules.decode(email)),
          country: rules.country(user.entities_id),
        },
        summary: toSummary(user.id, user, rules.decode, now),
      })
    }
    return ids.flatMap((id) => found.get(id) ?? [])
  }
}
