import { isDirectoryOwned } from '../domain/accounts.ts'
import { AppError } from '../domain/errors.ts'
import type { UserColumns } from './user-columns.ts'
import type { UserState } from './user-state.ts'

/** What a directory writes again at its next turn, by column, with our name of it. */
const DIRECTORY_COLUMNS: Partial<Record<keyof UserColumns, string>> = {
  name: 'login',
  realname: 'lastname',
  firstname: 'firstname',
  phone: 'phone',
  phone2: 'phone2',
  mobile: 'mobile',
  registration_number: 'registrationNumber',
}

/** Who can change these can lock somebody out, or (with a mail that resets a password) become them. */
const POWERFUL_COLUMNS = ['name', 'is_active', 'is_deleted', 'begin_date', 'end_date'] as const

/** Whether a change asks for power over the account. */
export function givesPower(changed: UserColumns): boolean {
  return POWERFUL_COLUMNS.some((column) => column in changed)
}

/** Those of the columns that are another value than what stands there. */
export function changedColumns(before: UserState['user'], columns: UserColumns): UserColumns {
  const entries = Object.entries(columns) as [keyof UserColumns, string | number | null][]
  // Empty text and none are the same to whoever reads them.
  return Object.fromEntries(entries.filter(([column, value]) => (before[column] ?? '') !== (value ?? '')))
}

/** Throws `directory-owned` where a directory would undo the change. */
export function demandOwnership(
  authtype: number,
  columns: readonly (keyof UserColumns)[],
  changesEmails: boolean,
): void {
  if (!isDirectoryOwned(authtype)) return
  const field = columns.map((column) => DIRECTORY_COLUMNS[column]).find((name) => name !== undefined)
  if (field !== undefined || changesEmails)
    throw new AppError('directory-owned', { field: field ?? 'emails' })
}
