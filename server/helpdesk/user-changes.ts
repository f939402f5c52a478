import { isDirectoryOwned } from '../domain/accounts.ts'
import { AppError } from '../domain/errors.ts'
import { textFieldOf, type UserColumns } from './user-columns.ts'
import type { UserState } from './user-state.ts'

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

/** Throws `directory-owned` where a directory would undo the change: at its next turn it writes every text again. */
export function demandOwnership(
  authtype: number,
  columns: readonly (keyof UserColumns)[],
  changesEmails: boolean,
): void {
  if (!isDirectoryOwned(authtype)) return
  const field = columns.map(textFieldOf).find((name) => name !== undefined)
  if (field !== undefined || changesEmails)
    throw new AppError('directory-owned', { field: field ?? 'emails' })
}
