import type { DatabaseAccount } from './database-account.ts'
import type { Tables } from './tables.ts'

/**
 * What Call Manager's account may do in a host's database, and nothing besides: the host's tables are read, by column, and
 * its history is appended to; the rest of its writing goes through its REST API. Our own tables are ours.
 */

type OwnTable = Extract<keyof Tables, `glpi_plugin_callmanager_${string}`>
type HostTable = Exclude<keyof Tables, OwnTable>

/** Each host table that is read, with the columns: never a password, and no token but that of API clients. */
export const HOST_COLUMNS = {
  glpi_users: [
    'id',
    'name',
    'realname',
    'firstname',
    'phone',
    'phone2',
    'mobile',
    'registration_number',
    'locations_id',
    'entities_id',
    'language',
    'is_active',
    'is_deleted',
    'authtype',
    'auths_id',
    'begin_date',
    'end_date',
    'last_login',
    'date_mod',
    'date_creation',
  ],
  glpi_useremails: ['id', 'users_id', 'is_default', 'email'],
  glpi_entities: ['id', 'name', 'entities_id', 'completename'],
  glpi_locations: ['id', 'name', 'locations_id', 'completename', 'entities_id', 'is_recursive'],
  glpi_profiles: ['id', 'name', 'interface', 'is_default'],
  glpi_profilerights: ['profiles_id', 'name', 'rights'],
  glpi_profiles_users: ['id', 'users_id', 'profiles_id', 'entities_id', 'is_recursive'],
  glpi_tickets: [
    'id',
    'entities_id',
    'name',
    'content',
    'type',
    'status',
    'urgency',
    'impact',
    'priority',
    'date',
    'date_mod',
    'users_id_recipient',
    'requesttypes_id',
    'itilcategories_id',
    'is_deleted',
  ],
  glpi_tickets_users: ['id', 'tickets_id', 'users_id', 'type'],
  glpi_groups_tickets: ['tickets_id', 'groups_id', 'type'],
  glpi_ticketvalidations: ['tickets_id', 'users_id_validate'],
  glpi_itilfollowups: ['id', 'itemtype', 'items_id', 'users_id', 'content', 'is_private', 'date'],
  glpi_itilcategories: [
    'id',
    'name',
    'itilcategories_id',
    'completename',
    'entities_id',
    'is_recursive',
    'is_incident',
    'is_request',
  ],
  glpi_groups: ['id', 'name', 'entities_id', 'is_recursive'],
  glpi_groups_users: ['users_id', 'groups_id'],
  glpi_requesttypes: ['id', 'name', 'is_active'],
  glpi_logs: [
    'id',
    'itemtype',
    'items_id',
    'itemtype_link',
    'linked_action',
    'user_name',
    'date_mod',
    'id_search_option',
    'old_value',
    'new_value',
  ],
  glpi_configs: ['context', 'name', 'value'],
  glpi_apiclients: ['is_active', 'ipv4_range_start', 'ipv4_range_end', 'ipv6', 'app_token'],
} as const satisfies { [Name in HostTable]: readonly (keyof Tables[Name])[] }

/** The host's tables that rows are added to, and only added. */
const APPENDED = ['glpi_logs'] as const satisfies HostTable[]

const OWN: Record<OwnTable, true> = {
  glpi_plugin_callmanager_users: true,
  glpi_plugin_callmanager_configs: true,
  glpi_plugin_callmanager_identifiers: true,
  glpi_plugin_callmanager_index: true,
  glpi_plugin_callmanager_lookups: true,
  glpi_plugin_callmanager_sessions: true,
  glpi_plugin_callmanager_jobs: true,
  glpi_plugin_callmanager_job_parts: true,
  glpi_plugin_callmanager_job_lines: true,
  glpi_plugin_callmanager_idempotency: true,
  glpi_plugin_callmanager_statistics: true,
  glpi_plugin_callmanager_statistics_position: true,
}

/** Every table that is ours beside a host, with the two in which Kysely keeps what migrations have run. */
export const OWN_TABLES: readonly string[] = [
  ...Object.keys(OWN),
  'glpi_plugin_callmanager_migrations',
  'glpi_plugin_callmanager_migrations_lock',
]

const OWN_PRIVILEGES = 'SELECT, INSERT, UPDATE, DELETE'

const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``
/** Doubled, a quote is one whatever the server's SQL mode; a backslash is where backslashes escape, as they do unless told otherwise. */
const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** What the account may do with one table. */
export interface Grant {
  table: string
  /** Whose table it is, and so what is done with it. */
  kind: 'read' | 'appended' | 'own'
  /** The columns that are read, or filled; none where the privilege is on the table. */
  columns: readonly string[]
  /** Grants it, without a semicolon. The table has to be there, and so has the account. */
  statement: string
}

const select = (columns: readonly string[]) => `SELECT (${columns.map(identifier).join(', ')})`

function grantsTo(database: string, { user, host }: DatabaseAccount) {
  return (privileges: string, table: string) =>
    `GRANT ${privileges} ON ${identifier(database)}.${identifier(table)} TO ${text(user)}@${text(host)}`
}

/** Everything that the account may do, a table and kind at a time. */
export function grantsFor(database: string, account: DatabaseAccount): Grant[] {
  const grant = grantsTo(database, account)
  return [
    ...Object.entries(HOST_COLUMNS).map(
      ([table, columns]): Grant => ({
        table,
        kind: 'read',
        columns,
        statement: grant(select(columns), table),
      }),
    ),
    ...APPENDED.map(
      (table): Grant => ({
        table,
        kind: 'appended',
        columns: HOST_COLUMNS[table],
        statement: grant('INSERT', table),
      }),
    ),
    ...OWN_TABLES.map(
      (table): Grant => ({ table, kind: 'own', columns: [], statement: grant(OWN_PRIVILEGES, table) }),
    ),
  ]
}

/** One GRANT a table, without a semicolon. */
export function grantStatements(database: string, account: DatabaseAccount): string[] {
  return grantsFor(database, account).map(({ statement }) => statement)
}

/**
 * Tables that the server can do without, with the columns that are read: whose logins are an OpenID provider's (ITSM-NG 1.1),
 * and whether the plugin is in the menus, for the doctor.
 */
const ON_SOME_HOSTS = {
  glpi_oidc_users: ['user_id'],
  glpi_plugins: ['directory', 'version', 'state'],
} as const

/** The GRANTs on those, each for the host that has the table; the one who runs them sees whether it does. */
export function grantsOnSomeHosts(database: string, account: DatabaseAccount): string[] {
  const grant = grantsTo(database, account)
  return Object.entries(ON_SOME_HOSTS).flatMap(([table, columns]) => [
    `set @callmanager_grant = (select if(count(*) = 0, 'do 0', ${text(grant(select(columns), table))})
  from information_schema.tables where table_schema = ${text(database)} and table_name = ${text(table)})`,
    'prepare callmanager_grant from @callmanager_grant',
    'execute callmanager_grant',
    'deallocate prepare callmanager_grant',
  ])
}
