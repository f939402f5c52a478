import { codeOf } from '../domain/error-code.ts'

/** What a MariaDB or MySQL server refuses because of the account or the tables, rather than because it is ill. */

/** The account may not do this. Of a table that it may not see at all, the server does not tell whether there is one. */
export function isDenied(error: unknown): boolean {
  return /^ER_(DB|TABLE|COLUMN|SPECIFIC_)ACCESS_DENIED_ERROR$/.test(codeOf(error))
}

export function isUnknownTable(error: unknown): boolean {
  return codeOf(error) === 'ER_NO_SUCH_TABLE'
}

export function isUnknownColumn(error: unknown): boolean {
  return codeOf(error) === 'ER_BAD_FIELD_ERROR'
}

/** The account may not even open the database. */
export function isDatabaseDenied(error: unknown): boolean {
  return codeOf(error) === 'ER_DBACCESS_DENIED_ERROR'
}
