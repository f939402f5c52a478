/**
 * Every error a caller can meet, in one table: the status it is answered with, what went wrong and what to do about it.
 * `api.php` answers `{"error": title + detail}`, `api/v1` a problem (RFC 9457); both read this table.
 */
export const ERRORS = {
  'session-missing': {
    status: 401,
    title: 'No session',
    remedy: 'Send a session token in the Session-Token header, or the session cookie.',
  },
  'session-invalid': {
    status: 401,
    title: 'Session invalid or expired',
    remedy: 'Log in again (initSession) and send the new token.',
  },
  'client-refused': {
    status: 403,
    title: 'No API client allows this address and App-Token',
    remedy: 'Add the address to an active API client (Setup > General > API), or send its App-Token.',
  },
  'login-parameters-missing': {
    status: 400,
    title: 'Login parameters missing',
    remedy:
      'Send Authorization: Basic with login and password, or Authorization: user_token with an API token.',
  },
  'login-failed': {
    status: 401,
    title: 'Incorrect username or password',
    remedy: 'Check the login and the password; an administrator can set a new password.',
  },
  'user-token-invalid': {
    status: 401,
    title: 'The user token is not known',
    remedy: 'Copy the API token again from the user form.',
  },
  'account-refused': {
    status: 401,
    title: 'The account may not log in',
    remedy: 'Ask an administrator: the account is deactivated, deleted, out of its dates, or has no profile.',
  },
  'demo-login-remote': {
    status: 401,
    title: 'Demo logins work from this machine only, and never through a proxy',
    remedy: 'Log in from the machine itself, or make accounts of your own with: callmanager user add',
  },
  'setup-refused': {
    status: 403,
    title: 'The set-up code is wrong, used or older than 30 minutes',
    remedy: 'Restart the server to get a new set-up link, or run: callmanager user add',
  },
  'account-unusable': {
    status: 401,
    title: 'The account of this session is no longer usable',
    remedy: 'Ask an administrator to reactivate the account or to extend its dates, then log in again.',
  },
  'origin-refused': {
    status: 403,
    title: 'The request does not come from our own pages',
    remedy:
      'A session cookie only changes things from the same site; other programs send the Session-Token header.',
  },
  'right-missing': {
    status: 403,
    title: 'Right missing',
    remedy: 'Ask an administrator to grant it in Administration > Profiles.',
  },
  'identifier-malformed': {
    status: 400,
    title: 'Malformed identifier',
    remedy: 'Send 1 to 255 characters, percent-encoded as UTF-8, without control characters.',
  },
  'config-key-unknown': {
    status: 400,
    title: 'Invalid configuration key',
    remedy: 'Ask for rio_storage_method.',
  },
  'request-malformed': {
    status: 400,
    title: 'Malformed request',
    remedy: 'Compare the request with the API manual at /plugins/callmanager/api/docs.',
  },
  'route-unknown': {
    status: 404,
    title: 'Not found',
    remedy: 'Compare the address with the API manual at /plugins/callmanager/api/docs.',
  },
  'user-unknown': {
    status: 404,
    title: 'User not found',
    remedy: 'Look the user up again; it may have been purged.',
  },
  'ticket-unknown': { status: 404, title: 'Ticket not found', remedy: 'Look the ticket up again.' },
  'followup-unknown': {
    status: 404,
    title: 'Followup not found',
    remedy: 'Take one of those that GET tickets/{id}/followups lists.',
  },
  'profile-unknown': {
    status: 404,
    title: 'Profile not found',
    remedy: 'Take one of those that GET profiles lists.',
  },
  'entity-unknown': {
    status: 404,
    title: 'Entity not found',
    remedy: 'Take one of those that GET entities lists.',
  },
  'location-unknown': {
    status: 404,
    title: 'Location not found',
    remedy: 'Take one of those that GET locations lists.',
  },
  'host-item-unknown': {
    status: 404,
    title: 'The helpdesk does not have it any more',
    remedy: 'Look it up again; it may have been purged.',
  },
  'job-unknown': { status: 404, title: 'Job not found', remedy: 'Take one of those that GET jobs lists.' },
  'done-by-host': {
    status: 404,
    title: 'This is done in ITSM-NG itself',
    remedy: 'Log in and out, switch profiles and edit accounts in ITSM-NG.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    remedy: 'Use one of the methods in the Allow header.',
  },
  'store-in-use': {
    status: 409,
    title: 'The store holds accounts of other people',
    remedy: 'Give the demo a DATA_DIR of its own, or serve this one with: callmanager serve',
  },
  conflict: { status: 409, title: 'Already taken', remedy: 'Choose another value.' },
  'rio-shared': {
    status: 409,
    title: 'Somebody else has this RIO',
    remedy: 'Choose another RIO, or allow shared RIOs in the settings.',
  },
  'directory-owned': {
    status: 409,
    title: 'A directory owns this account',
    remedy: 'Change it in the directory (LDAP, SSO), or choose the storage method custom_table.',
  },
  'ticket-closed': {
    status: 409,
    title: 'The ticket is closed',
    remedy: 'Open a new ticket, or reopen this one in the helpdesk.',
  },
  'last-administrator': {
    status: 409,
    title: 'Nobody could administer Call Manager any more',
    remedy: 'First give config.update to another profile that somebody usable holds.',
  },
  'in-use': { status: 409, title: 'Still in use', remedy: 'Move what uses it elsewhere first.' },
  'job-running': {
    status: 409,
    title: 'Another job of this kind is under way',
    remedy: 'Wait for it or cancel it; GET jobs tells how far it is.',
  },
  'request-under-way': {
    status: 409,
    title: 'The first request under this Idempotency-Key has no answer yet',
    remedy: 'Send the same request again after the seconds in the Retry-After header.',
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Changed by somebody else meanwhile',
    remedy: 'Read it again, look at what has changed, and send the new ETag in If-Match.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is missing',
    remedy: 'Send the ETag that you read in If-Match, or `*` to overwrite whatever is there.',
  },
  'body-too-large': { status: 413, title: 'Request body too large', remedy: 'Send a smaller body.' },
  'media-type-unsupported': {
    status: 415,
    title: 'Unsupported media type',
    remedy: 'Send the body as application/json; a file to import as text/csv.',
  },
  'value-refused': {
    status: 422,
    title: 'Value refused',
    remedy: 'Correct the named field and send it again.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key was sent with another request',
    remedy: 'Use a new key for a new request; repeat a request with the very same body.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait for the seconds in the Retry-After header.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    remedy: 'Tell the operator the request id; the log line that carries it names the cause.',
  },
  'helpdesk-ill': {
    status: 502,
    title: 'The helpdesk does not answer as it should',
    remedy: 'Ask the operator to look at the log and to run: callmanager doctor',
  },
  'helpdesk-api-off': {
    status: 502,
    title: "The helpdesk's REST API is switched off",
    remedy: 'In ITSM-NG: Setup > General > API, set "Enable Rest API" to Yes and save.',
  },
  'helpdesk-address-refused': {
    status: 502,
    title: "No API client of the helpdesk allows Call Manager's address",
    remedy:
      "In ITSM-NG: Setup > General > API, give an active API client the address of Call Manager's server.",
  },
  'helpdesk-app-token': {
    status: 502,
    title: "The helpdesk refuses Call Manager's App-Token",
    remedy: 'Set HELPDESK_APP_TOKEN to the App-Token of the API client in ITSM-NG (Setup > General > API).',
  },
  'helpdesk-down': {
    status: 503,
    title: 'The helpdesk cannot be reached',
    remedy: 'Start the web server of ITSM-NG, or correct HELPDESK_URL.',
  },
  'helpdesk-slow': {
    status: 503,
    title: 'The helpdesk did not answer in time',
    remedy:
      'Try again in a moment; the operator looks at the load of ITSM-NG, or raises HELPDESK_TIMEOUT_SECONDS.',
  },
  'helpdesk-maintenance': {
    status: 503,
    title: 'The helpdesk is in maintenance or waits for its own update',
    remedy: 'Try again later; in ITSM-NG: Setup > General > System ends the maintenance mode.',
  },
  'stored-otherwise': {
    status: 502,
    title: 'What the helpdesk has stored is not what it was sent',
    remedy: 'Look at it in ITSM-NG: one of its rules or plugins changes this field.',
  },
  'storage-unavailable': {
    status: 503,
    title: 'The database does not answer',
    remedy: 'Try again in a moment; the operator finds the cause at /readyz and in the log.',
  },
  'index-building': {
    status: 503,
    title: 'The identifier index is not whole yet',
    remedy: 'Try again in a moment; /readyz tells when it is.',
  },
  'foreign-database': {
    status: 503,
    title: 'DATABASE_URL names the database of a live helpdesk',
    remedy: 'Set HELPDESK_URL to attach to that helpdesk, or point DATABASE_URL at an empty database.',
  },
  'host-unsupported': {
    status: 503,
    title: 'The helpdesk of DATABASE_URL is not one that Call Manager can attach to',
    remedy: 'Attach to ITSM-NG 1.0 or later, or to GLPI 9.5 or later, on MariaDB or MySQL.',
  },
  'pages-missing': {
    status: 503,
    title: 'The pages are not built',
    remedy: 'The operator runs `npm run build` and starts the server again; the API works without.',
  },
  overloaded: {
    status: 503,
    title: 'The server is overloaded',
    remedy: 'Try again after the Retry-After header.',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>

export type ErrorCode = keyof typeof ERRORS

export interface ErrorExtra {
  /** What makes this case special, in one stable English sentence; never an identifier, a number or a secret. */
  detail?: string
  /** The field of the request at fault. */
  field?: string
  /** Seconds after which trying again makes sense. */
  retryAfter?: number
  cause?: unknown
}

/** An expected failure, a value of {@link ERRORS}. Anything else that is thrown is a defect and is answered as a 500. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly field: string | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, extra: ErrorExtra = {}) {
    const { status, title } = ERRORS[code]
    super(extra.detail === undefined ? title : `${title}: ${extra.detail}`, { cause: extra.cause })
    this.name = 'AppError'
    this.code = code
    this.status = status
    this.detail = extra.detail
    this.field = extra.field
    this.retryAfter = extra.retryAfter
  }
}
