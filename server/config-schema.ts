import { type TSchema, Type } from 'typebox'

/** What the manual says of a setting besides its schema. */
export interface Manual {
  description: string
  example: string
  secret: boolean
}

const setting = <Schema extends TSchema & { description: string }>(
  schema: Schema,
  example: string,
  secret = false,
): Schema & Manual => Object.assign(schema, { example, secret })

/** `form` says in words what `pattern` demands. */
const text = (options: {
  default: string
  description: string
  pattern?: string
  form?: string
  minLength?: number
}) => Object.assign(Type.String(options), { description: options.description, form: options.form })
const integer = (options: { default: number; minimum: number; maximum: number; description: string }) =>
  Object.assign(Type.Integer(options), { description: options.description })
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * Every setting that the environment gives, in the order of the manual. `.env.example` and the README's table are made
 * from this, and each secret may also be given as NAME_FILE, a file that holds it.
 */
export const ConfigSchema = Type.Object({
  HOST: setting(
    text({
      default: '127.0.0.1',
      minLength: 1,
      description: 'Address to listen on; `0.0.0.0` or `::` for every network interface.',
    }),
    '0.0.0.0',
  ),
  PORT: setting(
    integer({
      default: 8090,
      minimum: 0,
      maximum: 65535,
      description: 'Port to listen on; 0 takes a free one.',
    }),
    '8090',
  ),
  DATA_DIR: setting(
    text({
      default: 'data',
      minLength: 1,
      description:
        'Folder of the embedded database and of lock files. `demo` uses `data/demo` unless told otherwise.',
    }),
    '/var/lib/callmanager',
  ),
  DATABASE_URL: setting(
    text({
      default: '',
      pattern: '^$|^(mysql|mariadb)://.+/.+$|^file:.+$',
      form: 'it begins with mysql://, mariadb:// or file:, and ends with the name of a database',
      description:
        'Database: `mysql://user:password@host:3306/database` for MariaDB or MySQL, with `?socketPath=` for a socket and `?ssl={}` for TLS, `file:/path/to/file.db` for SQLite. Empty: `callmanager.db` in DATA_DIR.',
    }),
    'mysql://callmanager:secret@127.0.0.1:3306/callmanager',
    true,
  ),
  HELPDESK_URL: setting(
    text({
      default: '',
      // Without an account, a query or a fragment: none of them reaches the host, and errors would repeat them.
      pattern: '^$|^https?://[^\\s/?#@]+(/((?!\\.php)[^\\s?#])*)?$',
      form: 'it begins with http:// or https://, and holds no login, no page such as apirest.php, no ? and no #',
      description:
        'Address of the ITSM-NG (or GLPI) to attach to, as this server reaches it, its sub-directory included; DATABASE_URL then names its database. Empty: the embedded helpdesk.',
    }),
    'https://itsm.example.org',
  ),
  HELPDESK_CONFIG_DB: setting(
    text({
      default: '',
      description:
        "Path of the helpdesk's own `config/config_db.php`, to take its database account from instead of setting DATABASE_URL. That account may do everything; one of Call Manager's own needs little (docs/install.md).",
    }),
    '/var/www/itsm-ng/config/config_db.php',
  ),
  HELPDESK_APP_TOKEN: setting(
    text({
      default: '',
      pattern: '^[!-~]*$',
      form: 'it holds ASCII letters, digits and signs, and no spaces',
      description:
        "App-Token of the host's API client for this server (Setup > General > API). Empty where that client has none.",
    }),
    'Xq7vKe0nJf2mWs5tRb8yLu3aZc6dHg9pTi1oNk4x',
    true,
  ),
  HELPDESK_TIMEOUT_SECONDS: setting(
    integer({
      default: 10,
      minimum: 1,
      maximum: 120,
      description: 'Seconds that the host may take for an answer before it counts as not answering.',
    }),
    '10',
  ),
  SESSION_HOURS: setting(
    integer({
      default: 10,
      minimum: 1,
      maximum: 168,
      description:
        "Attached: hours that an open page keeps its owner's session alive after they last did something, and that a session once confirmed goes on reading while the host cannot confirm it.",
    }),
    '10',
  ),
  BASE_PATH: setting(
    text({
      default: '',
      pattern: '^$|^(/[A-Za-z0-9._~-]+)+$',
      form: 'it begins with /, does not end with /, and holds only letters, digits and . _ ~ - /',
      description: 'Sub-directory that the URLs start with, as where ITSM-NG is installed under one.',
    }),
    '/itsm-ng',
  ),
  PUBLIC_URL: setting(
    text({
      default: '',
      pattern: '^$|^https?://[^\\s/?#@]+$',
      form: 'it begins with http:// or https://, and ends with the host or its port',
      description:
        'How browsers reach the server, without a path; for the links it prints, and for `doctor`. Empty: HOST and PORT, and what the helpdesk calls itself.',
    }),
    'https://calls.example.org',
  ),
  TRUSTED_PROXIES: setting(
    text({
      default: '',
      description:
        'Addresses or networks, separated by commas, whose X-Forwarded-For is trusted. Empty: none.',
    }),
    '127.0.0.1,10.0.0.0/8',
  ),
  SESSION_IDLE_MINUTES: setting(
    integer({
      default: 24,
      minimum: 1,
      maximum: 10080,
      description: 'Minutes that a session of the embedded helpdesk lasts without being used.',
    }),
    '24',
  ),
  LOOKUPS_PER_MINUTE: setting(
    integer({
      default: 600,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Look-ups a minute that one session may make; 0 lifts the limit.',
    }),
    '600',
  ),
  FAILED_LOGINS_PER_MINUTE: setting(
    integer({
      default: 10,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Failed logins a minute that one address may make; 0 lifts the limit.',
    }),
    '10',
  ),
  LOG_LEVEL: setting(
    text({
      default: 'info',
      pattern: `^(${LEVELS.join('|')})$`,
      form: `it is one of ${LEVELS.join(', ')}`,
      description: `How much is logged: one of ${LEVELS.join(', ')}.`,
    }),
    'info',
  ),
})
