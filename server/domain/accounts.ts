import { hostTime, isTime } from './times.ts'

/** What decides whether an account may be used, as the host stores it. */
export interface AccountState {
  is_active: number
  is_deleted: number
  begin_date: string | null
  end_date: string | null
}

/** The host's rule for a usable account: active, not deleted, begun and not ended. */
export function isUsable(account: AccountState, now: Date): boolean {
  if (account.is_active !== 1 || account.is_deleted !== 0) return false
  if (isTime(account.begin_date) && account.begin_date > hostTime(now)) return false
  return !isTime(account.end_date) || account.end_date > hostTime(now)
}

/** The name the host shows: last name then first name, or the login where there is no last name. */
export function displayName(user: {
  name: string | null
  realname: string | null
  firstname: string | null
}): string {
  if (user.realname === null || user.realname === '') return user.name ?? ''
  return user.firstname ? `${user.realname} ${user.firstname}` : user.realname
}

/** Where an account proves its password, by the host's `authtype` (host-contract §1.1). */
const AUTH_TYPES = ['none', 'local', 'mail', 'ldap', 'external', 'cas', 'x509', 'api', 'cookie'] as const
export type AuthType = (typeof AUTH_TYPES)[number] | 'other'

export function authTypeOf(authtype: number): AuthType {
  return AUTH_TYPES[authtype] ?? 'other'
}

const DIRECTORIES: ReadonlySet<AuthType> = new Set(['mail', 'ldap', 'external', 'cas', 'x509'])

/** Is this account written by a directory, which would undo what is changed here? */
export function isDirectoryOwned(authtype: number): boolean {
  return DIRECTORIES.has(authTypeOf(authtype))
}

/** What the host takes as a login: letters, digits, spaces and a few signs. */
export function isLoginAllowed(login: string): boolean {
  return /^[\p{L}\p{N}'@.\-_ ]+$/u.test(login)
}
