import type { Generated } from 'kysely'

/**
 * The tables we read and write, named and shaped as ITSM-NG 1.4.0's (the subset of columns that we need), so that
 * every query here is the query the host gets. Flags are 0 or 1, timestamps `YYYY-MM-DD HH:MM:SS` in UTC, text as stored.
 */
export interface Tables {
  glpi_users: UsersTable
  glpi_useremails: {
    id: Generated<number>
    users_id: number
    is_default: Generated<number>
    email: string | null
  }
  glpi_entities: EntitiesTable
  glpi_locations: LocationsTable
  glpi_profiles: {
    id: Generated<number>
    name: string | null
    interface: string | null
    is_default: Generated<number>
  }
  glpi_profilerights: {
    id: Generated<number>
    profiles_id: number
    name: string | null
    rights: Generated<number>
  }
  glpi_profiles_users: ProfilesUsersTable
  glpi_tickets: TicketsTable
  glpi_tickets_users: { id: Generated<number>; tickets_id: number; users_id: number; type: Generated<number> }
  glpi_itilfollowups: FollowupsTable
  glpi_groups: { id: Generated<number>; entities_id: number; is_recursive: number; name: string | null }
  glpi_groups_users: { id: Generated<number>; users_id: number; groups_id: number }
  glpi_groups_tickets: { id: Generated<number>; tickets_id: number; groups_id: number; type: number }
  glpi_ticketvalidations: {
    id: Generated<number>
    tickets_id: number
    users_id_validate: number
    status: Generated<number>
  }
  glpi_itilcategories: CategoriesTable
  glpi_requesttypes: { id: Generated<number>; name: string | null; is_active: Generated<number> }
  glpi_logs: LogsTable
  glpi_configs: { id: Generated<number>; context: string | null; name: string | null; value: string | null }
  glpi_apiclients: ApiClientsTable
  glpi_plugin_callmanager_users: RioTable
  glpi_plugin_callmanager_configs: { id: Generated<number>; name: string; value: string | null }
  glpi_plugin_callmanager_identifiers: IdentifiersTable
  glpi_plugin_callmanager_index: IndexStateTable
  glpi_plugin_callmanager_lookups: LookupsTable
  glpi_plugin_callmanager_sessions: SessionsTable
  glpi_plugin_callmanager_jobs: JobsTable
  glpi_plugin_callmanager_job_parts: JobPartsTable
  glpi_plugin_callmanager_job_lines: JobLinesTable
  glpi_plugin_callmanager_idempotency: IdempotencyTable
  glpi_plugin_callmanager_statistics: StatisticsTable
  /** One row (id 1): the last row of the journal that has been counted. */
  glpi_plugin_callmanager_statistics_position: { id: number; lookups_id: number }
}

interface UsersTable {
  id: Generated<number>
  name: string | null
  password: string | null
  realname: string | null
  firstname: string | null
  phone: string | null
  phone2: string | null
  mobile: string | null
  registration_number: string | null
  locations_id: Generated<number>
  entities_id: Generated<number>
  profiles_id: Generated<number>
  language: string | null
  is_active: Generated<number>
  is_deleted: Generated<number>
  authtype: Generated<number>
  auths_id: Generated<number>
  begin_date: string | null
  end_date: string | null
  last_login: string | null
  api_token: string | null
  date_mod: string | null
  date_creation: string | null
}

interface EntitiesTable {
  /** Not auto-incremented; the root entity is 0. */
  id: number
  name: string | null
  /** The parent; -1 (or NULL) above the root. */
  entities_id: number
  completename: string | null
  level: Generated<number>
  date_mod: string | null
}

interface LocationsTable {
  id: Generated<number>
  entities_id: Generated<number>
  is_recursive: Generated<number>
  name: string | null
  locations_id: Generated<number>
  completename: string | null
  level: Generated<number>
}

interface ProfilesUsersTable {
  id: Generated<number>
  users_id: number
  profiles_id: number
  entities_id: Generated<number>
  is_recursive: Generated<number>
}

interface TicketsTable {
  id: Generated<number>
  entities_id: number
  name: string | null
  date: string | null
  date_mod: string | null
  date_creation: string | null
  users_id_lastupdater: Generated<number>
  users_id_recipient: Generated<number>
  status: Generated<number>
  requesttypes_id: Generated<number>
  content: string | null
  urgency: Generated<number>
  impact: Generated<number>
  priority: Generated<number>
  itilcategories_id: Generated<number>
  type: Generated<number>
  is_deleted: Generated<number>
}

interface CategoriesTable {
  id: Generated<number>
  entities_id: number
  is_recursive: number
  /** The category above; 0 for none. */
  itilcategories_id: number
  name: string | null
  completename: string | null
  level: number
  is_incident: number
  is_request: number
}

interface FollowupsTable {
  id: Generated<number>
  itemtype: string
  items_id: number
  date: string | null
  users_id: number
  content: string | null
  is_private: Generated<number>
  requesttypes_id: Generated<number>
  date_mod: string | null
  date_creation: string | null
}

interface LogsTable {
  id: Generated<number>
  itemtype: string
  items_id: number
  itemtype_link: Generated<string>
  linked_action: Generated<number>
  user_name: string | null
  date_mod: string | null
  id_search_option: Generated<number>
  old_value: string | null
  new_value: string | null
}

interface ApiClientsTable {
  id: Generated<number>
  name: string | null
  is_active: Generated<number>
  /** IPv4 addresses as unsigned integers; both NULL and `ipv6` empty: any address. */
  ipv4_range_start: number | null
  ipv4_range_end: number | null
  ipv6: string | null
  app_token: string | null
}

/** The predecessor's table, adopted as it is. */
interface RioTable {
  id: Generated<number>
  users_id: number
  rio_number: string | null
  date_creation: string | null
  date_mod: string | null
}

/** The identifier index: normalised keys that lead to users; derived, and rebuilt at will. */
interface IdentifiersTable {
  kind: string
  /** Compared byte by byte. */
  identifier_key: string
  /** The place the value is kept in: a column's name, or `custom_table`. */
  source: string
  users_id: number
}

/** One row (id 1): how far the index has followed the host. */
interface IndexStateTable {
  id: number
  /** The version of the normalising rules the keys were made with. */
  version: number
  logs_id: number
  /** Tells the newest of those lines apart (see `selectNewestLogs`); the first release counted them. */
  logs_count: number
  users_date: string
  users_id: number
  rios_date: string
  rios_id: number
  /** A number for what stood in the newest second of our table of RIOs. */
  rios_sum: Generated<number>
  /** The last user that a running rebuild has done; NULL when the index is whole. */
  rebuild_after: number | null
  /** When all was last compared with the rows; epoch milliseconds. */
  rebuilt_at: number
  /** The process that rebuilds or catches up, and until when the others leave it to that one (epoch milliseconds). */
  lease_owner: string | null
  lease_until: number
}

/** The journal of look-ups. */
interface LookupsTable {
  id: Generated<number>
  /** Epoch milliseconds. */
  looked_up_at: number
  users_id: number
  impersonator_id: number
  entities_id: number
  address: string
  kind: string
  identifier_masked: string
  hits: number
}

/** Sessions of the embedded helpdesk. */
interface SessionsTable {
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string
  users_id: number
  profiles_id: number
  entities_id: number
  is_recursive: number
  /** Epoch milliseconds. */
  created_at: number
  seen_at: number
}

/** Long work: an import, or the copying of a change of storage method. */
interface JobsTable {
  id: Generated<number>
  kind: string
  /** `waiting`, `running`, `done`, `failed` or `cancelled`; `receiving` while its file arrives, which nobody is shown. */
  state: string
  /** What it is to do, as JSON. */
  options: string
  /** SHA-256 of its file and options: the same work asked for twice is known by it. */
  fingerprint: string
  /** Who asked; 0 for the operator of the machine. */
  users_id: number
  /** Lines or people, as far as is known before the end. */
  total: number
  /** How many of them are dealt with: where the job goes on. */
  done: number
  created: number
  changed: number
  failed: number
  /** Where it goes on and what it counts, as JSON of its kind's own, where `done` alone does not tell. */
  position: Generated<string | null>
  /** What is worth knowing of it, as a JSON list of sentences. */
  notes: string
  /** Why it failed as a whole. */
  problem: string | null
  /** Epoch milliseconds. */
  created_at: number
  finished_at: number | null
  lease_owner: string | null
  lease_until: number
}

/** A job's files (`source`, `undo`), in parts. */
interface JobPartsTable {
  jobs_id: number
  file: string
  number: number
  content: Uint8Array
}

/** What a job could not do, line by line. */
interface JobLinesTable {
  jobs_id: number
  line: number
  field: string
  reason: string
}

/** What a request under an Idempotency-Key made. */
interface IdempotencyTable {
  users_id: number
  idempotency_key: string
  request_hash: string
  /** The ticket or followup. */
  items_id: number
  created_at: number
}

/** Look-ups counted by hour, and once more by blocks of hours, so that sums over a long time read few rows. */
interface StatisticsTable {
  /** How many hours a row counts: 1, or as many as a block has. */
  hours: number
  /** The first of them, in hours since 1970, UTC. */
  hour: number
  users_id: number
  entities_id: number
  found: number
  none: number
  several: number
}
