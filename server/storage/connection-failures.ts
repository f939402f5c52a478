import { codeOf } from '../domain/error-code.ts'
import { AppError } from '../domain/errors.ts'

/** What to do about a server that cannot be used, by its own code or the system's. */
const FAILURES: readonly { codes: RegExp; what: (code: string) => string; remedy: string }[] = [
  {
    codes: /^ER_(ACCESS_DENIED|HOST_NOT_PRIVILEGED)/,
    what: (code) => `The database server refuses the account or the password of DATABASE_URL (${code}).`,
    remedy:
      "Correct DATABASE_URL; the account must be allowed from this machine: create user 'callmanager'@'THIS MACHINE' identified by '…'",
  },
  {
    codes: /^ER_(DBACCESS_DENIED|BAD_DB)/,
    what: (code) =>
      `The database that DATABASE_URL names is not there, or its account may not use it (${code}).`,
    remedy:
      "Correct the name in DATABASE_URL; or an administrator of the database runs: callmanager migrate --print --account 'USER@HOST' | mariadb DATABASE",
  },
  {
    codes: /^ER_(CON_COUNT|TOO_MANY_USER)/,
    what: (code) => `The database server has no connection left (${code}).`,
    remedy: 'Raise its max_connections; each Call Manager takes up to 24.',
  },
  {
    codes: /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|ENOENT|EACCES|EPERM|PROTOCOL_|HANDSHAKE_)/,
    what: (code) => `The database server of DATABASE_URL cannot be reached (${code}).`,
    remedy:
      'Start it, or correct the address and port in DATABASE_URL; look for a firewall and its bind-address.',
  },
]

/** Why a database server could not be used and what to do about it, in sentences; null for what is no such failure. */
export function explainConnection(error: unknown): { what: string; remedy: string } | null {
  const code = codeOf(error instanceof AppError ? error.cause : error)
  const known = FAILURES.find(({ codes }) => codes.test(code))
  return known === undefined ? null : { what: known.what(code), remedy: known.remedy }
}
