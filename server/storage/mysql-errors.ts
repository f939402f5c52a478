import { codeOf } from '../domain/error-code.ts'
import { AppError } from '../domain/errors.ts'

const READ_ONLY = 'it is read-only'

/**
 * What a server says of itself rather than of a statement, by its numbers (the driver has no name for some of MariaDB's),
 * with the reason where there is a plainer one than that it does not answer.
 */
const SERVER_ILL = new Map<unknown, string | undefined>([
  [1021, 'its disk is full'], // ER_DISK_FULL
  [1040, 'it has no connection left'], // ER_CON_COUNT_ERROR
  [1041, 'it has no memory left'], // ER_OUT_OF_RESOURCES
  [1045, 'it refuses the account'], // ER_ACCESS_DENIED_ERROR, the password's
  [1047, 'it does not take part in its cluster'], // ER_UNKNOWN_COM_ERROR, as Galera says it
  [1053, 'it is shutting down'], // ER_SERVER_SHUTDOWN
  [1077, 'it is shutting down'], // ER_NORMAL_SHUTDOWN
  [1114, 'its disk is full'], // ER_RECORD_FILE_FULL
  [1129, 'it blocks this machine'], // ER_HOST_IS_BLOCKED
  [1152, undefined], // ER_ABORTING_CONNECTION
  [1158, undefined], // ER_NET_READ_ERROR
  [1159, undefined], // ER_NET_READ_INTERRUPTED
  [1160, undefined], // ER_NET_ERROR_ON_WRITE
  [1161, undefined], // ER_NET_WRITE_INTERRUPTED
  [1180, undefined], // ER_ERROR_DURING_COMMIT
  [1203, 'it has no connection left for this account'], // ER_TOO_MANY_USER_CONNECTIONS
  [1205, 'somebody else holds a lock'], // ER_LOCK_WAIT_TIMEOUT
  [1226, 'it has no connection left for this account'], // ER_USER_LIMIT_REACHED
  [1290, READ_ONLY], // ER_OPTION_PREVENTS_STATEMENT
  [1317, undefined], // ER_QUERY_INTERRUPTED
  [1461, 'it holds too many prepared statements'], // ER_MAX_PREPARED_STMT_COUNT_REACHED
  [1820, 'it refuses the account'], // ER_MUST_CHANGE_PASSWORD
  [1862, 'it refuses the account'], // ER_MUST_CHANGE_PASSWORD_LOGIN
  [1792, READ_ONLY], // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  [1836, READ_ONLY], // ER_READ_ONLY_MODE
  [1927, undefined], // ER_CONNECTION_KILLED of MariaDB
  [1969, undefined], // ER_STATEMENT_TIMEOUT of MariaDB
  [3024, undefined], // ER_QUERY_TIMEOUT of MySQL
  [3118, 'it refuses the account'], // ER_ACCOUNT_HAS_BEEN_LOCKED of MySQL
  [3169, undefined], // ER_SESSION_WAS_KILLED of MySQL
  [4031, undefined], // ER_CLIENT_INTERACTION_TIMEOUT of MySQL
  [4151, 'it refuses the account'], // ER_ACCOUNT_HAS_BEEN_LOCKED of MariaDB
])

/** What the system or the driver says of the way there. */
const UNREACHABLE =
  /^(EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|ERR_STREAM_\w+|PROTOCOL_\w+)$/

/** The driver's own words where it gives no code. */
const OUT_OF_USE =
  /^(Queue limit reached\.|Can't (add new command|write).* in closed state|Pool is closed\.)$/

/** A deadlock (ER_LOCK_DEADLOCK), or (MariaDB from 11.6 on) a row that another has changed since (ER_CHECKREAD). */
const AGAIN = new Set<unknown>([1213, 1020])

/** The server has undone the transaction, which may be run again. */
export function isToBeRunAgain(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && AGAIN.has(error.errno)
}

/** A cluster's server that may no longer write; another connection may lead to the one that does. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && SERVER_ILL.get(error.errno) === READ_ONLY
}

/** A database that is away or closed to us is an expected failure; everything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  if ('errno' in error && SERVER_ILL.has(error.errno)) {
    const detail = SERVER_ILL.get(error.errno)
    return new AppError('storage-unavailable', { cause: error, ...(detail !== undefined && { detail }) })
  }
  return UNREACHABLE.test(codeOf(error)) || OUT_OF_USE.test(error.message)
    ? new AppError('storage-unavailable', { cause: error })
    : error
}
