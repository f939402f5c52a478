import { vi } from 'vitest'
import { hostTime } from '../host/database.ts'
import type { Fault } from '../host/faults.ts'
import { HOST_PROFILES } from '../host/people.ts'
import type { Attached } from '../support/attached.ts'

/** How something is made wrong, and right again. */
type Act = (attached: Attached) => Promise<unknown>

/** Something that can be wrong with an installation. */
export interface Ill {
  what: string
  breaks?: Act
  mends?: Act
  /** Settings that are wrong. */
  settings?: (attached: Attached) => Record<string, string>
  /** What is not well then: each finding's check, status, words and remedy, and no other. */
  found: [check: string, status: 'warning' | 'problem', what: RegExp, remedy: RegExp][]
}

const fault =
  (next: Fault | null): Act =>
  ({ host }) =>
    host.fault(next)
const sql =
  (...statements: string[]): Act =>
  async ({ account }) => {
    for (const statement of statements) await account.asRoot(statement)
  }
const config =
  (name: string, value: string): Act =>
  ({ setConfig }) =>
    setConfig(name, value)
/** GRANTs and REVOKEs on a table: `SELECT ON glpi_users`. */
const grant =
  (verb: 'grant' | 'revoke', ...privileges: string[]): Act =>
  async ({ account: { asRoot, name, database } }) => {
    for (const privilege of privileges) {
      const [what, table] = privilege.split(' ON ')
      await asRoot(`${verb} ${what} on ${database}.${table} ${verb === 'grant' ? 'to' : 'from'} ${name}`)
    }
  }

const API = /Setup > General > API/
const access =
  (profile: number, rights: number | null): Act =>
  (attached) =>
    attached.setRight(profile, 'plugin_callmanager_access', rights)

const OWN = ['users', 'configs', 'jobs', 'lookups'].map((name) => `glpi_plugin_callmanager_${name}`)

export const ILLS: readonly Ill[] = [
  {
    what: 'the web server of the helpdesk is down',
    breaks: fault('down'),
    mends: fault(null),
    found: [
      [
        'host reached',
        'problem',
        /cannot be reached at http.*\(ECONNREFUSED\)/,
        /Start the web server of ITSM-NG/,
      ],
    ],
  },
  {
    what: 'the helpdesk is named wrongly',
    settings: () => ({ HELPDESK_URL: 'http://helpdesk.invalid' }),
    found: [
      ['host reached', 'problem', /helpdesk\.invalid \((ENOTFOUND|EAI_AGAIN)\)/, /correct HELPDESK_URL/],
    ],
  },
  {
    what: 'the helpdesk hangs',
    breaks: fault('hang'),
    mends: fault(null),
    settings: () => ({ HELPDESK_TIMEOUT_SECONDS: '1' }),
    found: [['host reached', 'problem', /no answer within 1 s/, /HELPDESK_TIMEOUT_SECONDS/]],
  },
  {
    what: 'the helpdesk is in maintenance',
    breaks: fault('maintenance'),
    mends: fault(null),
    found: [['host reached', 'problem', /in maintenance/, /Setup > General > System/]],
  },
  ...(['error500', 'garbled', 'redirect', 'empty'] as const).map(
    (next): Ill => ({
      what: `the helpdesk answers otherwise (${next})`,
      breaks: fault(next),
      mends: fault(null),
      found: [['host reached', 'problem', /does not answer as an ITSM-NG does \(/, /PATH_INFO/]],
    }),
  ),
  {
    what: 'the REST API is off',
    breaks: config('enable_api', '0'),
    mends: config('enable_api', '1'),
    found: [
      [
        'host api',
        'problem',
        /switched off, as it is by default/,
        /Setup > General > API, set "Enable Rest API" to Yes/,
      ],
    ],
  },
  {
    what: 'no API client holds our address',
    breaks: sql('update glpi_apiclients set ipv4_range_start = 1, ipv4_range_end = 2'),
    mends: sql('update glpi_apiclients set ipv4_range_start = 2130706433, ipv4_range_end = 2130706433'),
    found: [
      [
        'host address',
        'problem',
        /sees this machine as 127\.0\.0\.1,/,
        /add an API client: .*127\.0\.0\.1 in "IPv4/,
      ],
    ],
  },
  {
    what: 'the API client is not active',
    breaks: sql('update glpi_apiclients set is_active = 0'),
    mends: sql('update glpi_apiclients set is_active = 1'),
    found: [['host address', 'problem', /no active API client/, API]],
  },
  {
    what: 'an App-Token is asked for',
    breaks: sql("update glpi_apiclients set app_token = 'the-app-token-of-the-host'"),
    mends: sql('update glpi_apiclients set app_token = null'),
    found: [['host app-token', 'problem', /HELPDESK_APP_TOKEN is empty/, API]],
  },
  {
    what: 'the App-Token is another',
    settings: () => ({ HELPDESK_APP_TOKEN: 'an-app-token-of-our-own' }),
    found: [
      ['host app-token', 'problem', /is not the App-Token/, /Leave it empty where that client has none/],
    ],
  },
  {
    what: 'an API client lets everybody in',
    breaks: sql("insert into glpi_apiclients (name, is_active, ipv6) values ('all', 1, '::1')"),
    mends: sql("delete from glpi_apiclients where name = 'all'"),
    found: [['host clients', 'warning', /1 of its 2 active API clients ask for no App-Token/, API]],
  },
  {
    what: 'an API client lets every IPv4 address in',
    breaks: sql(
      "insert into glpi_apiclients (name, is_active, ipv4_range_start, ipv4_range_end, ipv6) values ('all', 1, 0, 4294967295, '::1')",
    ),
    mends: sql("delete from glpi_apiclients where name = 'all'"),
    found: [['host clients', 'warning', /1 of its 2/, /Regenerate/]],
  },
  {
    what: 'nobody can log in to the API',
    breaks: sql("update glpi_configs set value = '0' where name like 'enable\\_api\\_login%'"),
    mends: sql("update glpi_configs set value = '1' where name like 'enable\\_api\\_login%'"),
    found: [
      ['host log-in', 'warning', /telephone systems get no session/, /"Enable login with external token"/],
    ],
  },
  {
    what: 'the helpdesk is too old',
    breaks: sql(
      "update glpi_configs set value = '9.4.6' where name = 'version'",
      "delete from glpi_configs where name = 'itsmversion'",
    ),
    mends: async ({ setConfig }) => {
      await setConfig('version', '9.5.7')
      await setConfig('itsmversion', '1.4.0')
    },
    found: [['host', 'problem', /GLPI 9\.4\.6/, /ITSM-NG 1\.0 or later/]],
  },
  {
    what: 'the helpdesk is newer than any that was tried',
    breaks: sql(
      "update glpi_configs set value = '11.0.1' where name = 'version'",
      "delete from glpi_configs where name = 'itsmversion'",
    ),
    mends: async ({ setConfig }) => {
      await setConfig('version', '9.5.7')
      await setConfig('itsmversion', '1.4.0')
    },
    found: [['host', 'warning', /GLPI 11\.0\.1.*tried up to GLPI 10/, /copy/]],
  },
  {
    what: 'pages of the two begin at different places',
    settings: () => ({ BASE_PATH: '/itsm-ng' }),
    found: [['host url', 'warning', /HELPDESK_URL has the path ""/, /Set BASE_PATH=/]],
  },
  {
    what: 'the account of the database has another password',
    settings: ({ account }) => ({ DATABASE_URL: account.url.replace(':secret@', ':wrong@') }),
    found: [['database', 'problem', /refuses the account or the password.*ER_ACCESS_DENIED/, /create user/]],
  },
  {
    what: 'the database has another name',
    settings: ({ account }) => ({ DATABASE_URL: account.url.replace(account.database, 'none') }),
    found: [['database', 'problem', /not there, or its account may not use it/, /migrate --print --account/]],
  },
  {
    what: 'the database server is not there',
    settings: () => ({ DATABASE_URL: 'mysql://callmanager:secret@127.0.0.1:1/itsmng' }),
    found: [['database', 'problem', /cannot be reached \(ECONNREFUSED\)\./, /bind-address/]],
  },
  {
    what: 'a privilege is missing',
    breaks: grant('revoke', 'INSERT ON glpi_logs', 'SELECT (phone2) ON glpi_users'),
    mends: grant('grant', 'INSERT ON glpi_logs', 'SELECT (phone2) ON glpi_users'),
    found: [
      [
        'privileges',
        'problem',
        /account of the database lacks: 2/,
        /GRANT SELECT \(.*`phone2`.*; GRANT INSERT ON .*`glpi_logs` TO/,
      ],
    ],
  },
  {
    what: 'many privileges are missing',
    breaks: grant('revoke', ...OWN.map((table) => `DELETE ON ${table}`)),
    mends: grant('grant', ...OWN.map((table) => `DELETE ON ${table}`)),
    found: [
      ['privileges', 'problem', /account of the database lacks: 4/, /callmanager migrate --print \| mariadb/],
    ],
  },
  {
    what: 'the account may do too much',
    breaks: grant('grant', 'UPDATE ON glpi_users', 'DELETE ON glpi_logs', 'SELECT (api_token) ON glpi_users'),
    mends: grant('revoke', 'UPDATE ON glpi_users', 'DELETE ON glpi_logs', 'SELECT (api_token) ON glpi_users'),
    found: [
      [
        'account',
        'warning',
        /may also read the tokens that people log in with, change people, remove history;/,
        /--account/,
      ],
    ],
  },
  {
    what: 'a table of the host is missing',
    breaks: sql('rename table glpi_groups to glpi_other_groups'),
    mends: sql('rename table glpi_other_groups to glpi_groups'),
    found: [['privileges', 'problem', /glpi_groups/, /Attach to ITSM-NG|GRANT SELECT/]],
  },
  {
    what: 'columns of the host hold dates without a zone',
    breaks: sql('alter table glpi_tickets modify date datetime null'),
    mends: sql('alter table glpi_tickets modify date timestamp null'),
    found: [['host dates', 'warning', /DATETIME/, /glpi:migration:timestamps/]],
  },
  {
    what: 'an index of the host is missing',
    breaks: sql('alter table glpi_useremails drop index unicity'),
    mends: sql('alter table glpi_useremails add unique index unicity (users_id, email)'),
    found: [
      ['host indexes', 'problem', /glpi_useremails \(users_id\)/, /alter table glpi_useremails add index/],
    ],
  },
  {
    what: 'the keys of the index are compared loosely',
    breaks: sql(
      'alter table glpi_plugin_callmanager_identifiers modify identifier_key varchar(255) character set utf8mb4 collate utf8mb4_unicode_ci not null',
    ),
    mends: sql(
      'alter table glpi_plugin_callmanager_identifiers modify identifier_key varchar(255) character set utf8mb4 collate utf8mb4_bin not null',
    ),
    found: [['collations', 'problem', /compared by utf8mb4_unicode_ci/, /utf8mb4_bin/]],
  },
  {
    what: 'our table has the predecessor’s letters',
    breaks: sql(
      'alter table glpi_plugin_callmanager_users modify rio_number varchar(255) character set utf8mb3',
    ),
    mends: sql(
      'alter table glpi_plugin_callmanager_users modify rio_number varchar(255) character set utf8mb4 collate utf8mb4_unicode_ci null default null',
    ),
    found: [['collations', 'warning', /keeps RIOs in utf8mb?3?,/, /alter table .* utf8mb4/]],
  },
  {
    what: 'no profile may look up',
    breaks: async (attached) => {
      await access(HOST_PROFILES.superAdmin, 0)(attached)
      await access(HOST_PROFILES.technician, null)(attached)
    },
    mends: async (attached) => {
      await access(HOST_PROFILES.superAdmin, 3)(attached)
      await access(HOST_PROFILES.technician, 3)(attached)
    },
    found: [['rights', 'problem', /No profile may look callers up/, /migrate --print/]],
  },
  {
    what: 'nobody who can log in may change settings',
    breaks: sql("update glpi_users set is_active = 0 where name = 'alice'"),
    mends: sql("update glpi_users set is_active = 1 where name = 'alice'"),
    found: [
      [
        'rights',
        'problem',
        /Nobody who can log in holds a profile.*change the settings/,
        /docs\/install\.md/,
      ],
    ],
  },
  {
    what: 'a profile may look up, and sees nobody',
    breaks: ({ setRight }) => setRight(HOST_PROFILES.technician, 'user', 0),
    mends: ({ setRight }) => setRight(HOST_PROFILES.technician, 'user', 1055),
    found: [
      ['rights', 'warning', /Technician may look callers up, but see no users/, /Administration > Profiles/],
    ],
  },
  {
    what: 'a profile of the simplified interface has rights of ours',
    breaks: access(HOST_PROFILES.selfService, 1),
    mends: access(HOST_PROFILES.selfService, null),
    found: [
      ['rights', 'warning', /Self-Service have rights of Call Manager that do nothing/, /standard interface/],
    ],
  },
  {
    what: 'the tables are of an older release',
    breaks: sql('delete from glpi_plugin_callmanager_migrations order by name desc limit 1'),
    mends: sql("insert into glpi_plugin_callmanager_migrations values ('004-newest-rios', '2026-01-01')"),
    found: [['release', 'problem', /steps that are missing: 1/, /migrate --print --account/]],
  },
  {
    what: 'the index has never been built',
    breaks: sql('update glpi_plugin_callmanager_index set rebuild_after = 0'),
    mends: sql('update glpi_plugin_callmanager_index set rebuild_after = null'),
    found: [['index', 'warning', /is not whole/, /Start a server/]],
  },
  {
    what: 'the index is old',
    breaks: sql('update glpi_plugin_callmanager_index set rebuilt_at = rebuilt_at - 8 * 86400000'),
    mends: sql('update glpi_plugin_callmanager_index set rebuilt_at = rebuilt_at + 8 * 86400000'),
    found: [['index', 'warning', /not been compared with the users for a week/, /callmanager reindex/]],
  },
  {
    what: 'the index has drifted',
    breaks: sql(
      "insert into glpi_plugin_callmanager_identifiers (kind, identifier_key, source, users_id) values ('rio', 'nobody', 'name', 1)",
    ),
    mends: sql("delete from glpi_plugin_callmanager_identifiers where identifier_key = 'nobody'"),
    found: [
      ['index rows', 'problem', /0 rows are missing in the index and 1 are too many/, /callmanager reindex/],
    ],
  },
  {
    what: 'a setting is stored twice, as the predecessor leaves it',
    breaks: sql(
      "insert into glpi_plugin_callmanager_configs (name, value) values ('rio_storage_method', 'custom_table'), ('rio_storage_method', 'custom_table')",
    ),
    mends: sql("delete from glpi_plugin_callmanager_configs where name = 'rio_storage_method'"),
    found: [
      [
        'settings',
        'warning',
        /rio_storage_method is stored 2 times/,
        /callmanager settings set rio_storage_method/,
      ],
    ],
  },
  {
    what: 'the request source of new tickets is gone',
    breaks: sql('update glpi_requesttypes set id = 99 where id = 3'),
    mends: sql('update glpi_requesttypes set id = 3 where id = 99'),
    found: [['request source', 'warning', /\(3\) is not there/, /Setup > Dropdowns > Request sources/]],
  },
  {
    what: 'the request source of new tickets is switched off',
    breaks: sql('update glpi_requesttypes set is_active = 0 where id = 3'),
    mends: sql('update glpi_requesttypes set is_active = 1 where id = 3'),
    found: [['request source', 'warning', /\(3\) is switched off/, /phone_request_source ID/]],
  },
  {
    what: 'the clock of the helpdesk is ahead',
    breaks: sql(
      `insert into glpi_logs (itemtype, date_mod) values ('Entity', '${hostTime(new Date(Date.now() + 3_600_000))}')`,
    ),
    mends: sql("delete from glpi_logs where itemtype = 'Entity'"),
    found: [['clock', 'warning', /dated more than five minutes in the future/, /clock and time zone/]],
  },
  {
    what: 'this machine and the database have other clocks',
    breaks: async () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 }),
    mends: async () => vi.useRealTimers(),
    found: [
      ['host clock', 'warning', /differs from this machine's by (59\d|60\d) s; its time zone is/, /NTP/],
    ],
  },
  {
    what: 'the disk is full',
    // Where Linux has no room for anything.
    settings: () => ({ DATA_DIR: '/proc' }),
    found: [['size', 'warning', /^0 MB are free in DATA_DIR/, /Make room/]],
  },
]
