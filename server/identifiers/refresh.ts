import type { Kysely } from 'kysely'
import type { EntityTree } from '../domain/entities.ts'
import { countryOf, type IdentifyingColumns, keysOf, type NamingColumns } from '../domain/user-identifiers.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

export interface IndexDependencies {
  storage: Storage
  settings: SettingsStore
  entityTree: () => Promise<EntityTree>
  /** The helpdesk's: stored text as its author typed it. */
  decodeText(stored: string): string
}

type IndexRow = Tables['glpi_plugin_callmanager_identifiers']

/** What a chunk of users is refreshed with; read before the transaction, in which only the database may be awaited. */
export interface KeyRules {
  country(entity: number): string
  decode(stored: string | null): string | null
}

export async function readKeyRules({
  settings,
  entityTree,
  decodeText,
}: IndexDependencies): Promise<KeyRules> {
  const [{ default_country: fallback, entityCountries }, tree] = await Promise.all([
    settings.read(),
    entityTree(),
  ])
  return {
    country: (entity) =>
      entityCountries.size === 0
        ? fallback
        : countryOf(entity, tree.ancestors(entity), entityCountries, fallback),
    decode: (stored) => (stored === null ? null : decodeText(stored)),
  }
}

/** The users to compare: a list, or every id in a range (`after` exclusive, `upTo` inclusive; gaps included). */
export type UserSet = { ids: readonly number[] } | { after: number; upTo: number }

/** Rows that one statement deletes. */
const DELETE_CHUNK = 50

interface Differences {
  missing: IndexRow[]
  surplus: IndexRow[]
}

/**
 * Makes the index of these users agree with their rows, in the transaction it is given. Answers how many index rows were
 * wrong, so that a sweep knows how far the index had drifted.
 */
export async function refreshUsers(
  storage: Storage,
  tx: Kysely<Tables>,
  users: UserSet,
  rules: KeyRules,
): Promise<number> {
  const { missing, surplus } = await compareUsers(tx, users, rules)
  for (let from = 0; from < surplus.length; from += DELETE_CHUNK) {
    const rows = surplus.slice(from, from + DELETE_CHUNK)
    await tx
      .deleteFrom('glpi_plugin_callmanager_identifiers')
      .where(({ or, and }) => or(rows.map((row) => and({ ...row }))))
      .execute()
  }
  // In the order that the table is kept in, which many rows are quicker in.
  missing.sort(byPlace)
  await storage.insertMany(tx, 'glpi_plugin_callmanager_identifiers', missing)
  return surplus.length + missing.length
}

/** Users with all that identifies them, wherever RIOs are kept. */
export function selectIdentifying(db: Kysely<Tables>) {
  return db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_plugin_callmanager_users as rio', 'rio.users_id', 'user.id')
    .select([
      'user.id',
      'user.entities_id',
      'user.name',
      'user.registration_number',
      'user.phone',
      'user.phone2',
      'user.mobile',
      'rio.rio_number as custom_table',
    ])
}

/** The index rows of these users against what their rows give. */
export async function compareUsers(
  db: Kysely<Tables>,
  users: UserSet,
  rules: KeyRules,
): Promise<Differences> {
  let rows = selectIdentifying(db).select(['user.realname', 'user.firstname'])
  let indexed = db.selectFrom('glpi_plugin_callmanager_identifiers').selectAll()
  let addresses = db.selectFrom('glpi_useremails').select(['users_id', 'email'])
  if ('ids' in users) {
    if (users.ids.length === 0) return { missing: [], surplus: [] }
    rows = rows.where('user.id', 'in', users.ids)
    indexed = indexed.where('users_id', 'in', users.ids)
    addresses = addresses.where('users_id', 'in', users.ids)
  } else {
    rows = rows.where('user.id', '>', users.after).where('user.id', '<=', users.upTo)
    indexed = indexed.where('users_id', '>', users.after).where('users_id', '<=', users.upTo)
    addresses = addresses.where('users_id', '>', users.after).where('users_id', '<=', users.upTo)
  }

  const emails = Map.groupBy(await addresses.execute(), ({ users_id: id }) => id)
  const surplus = new Map((await indexed.execute()).map((row) => [identity(row), row]))
  const missing: IndexRow[] = []
  for (const user of await rows.execute()) {
    const column = (source: keyof (IdentifyingColumns & NamingColumns)): string | null =>
      rules.decode(user[source])
    const keys = keysOf(
      {
        custom_table: column('custom_table'),
        name: column('name'),
        registration_number: column('registration_number'),
        phone: column('phone'),
        phone2: column('phone2'),
        mobile: column('mobile'),
        realname: column('realname'),
        firstname: column('firstname'),
      },
      emails.get(user.id)?.map(({ email }) => rules.decode(email)) ?? [],
      rules.country(user.entities_id),
    )
    for (const { kind, key, source } of keys) {
      const row = { kind, identifier_key: key, source, users_id: user.id }
      if (!surplus.delete(identity(row))) missing.push(row)
    }
  }
  return { missing, surplus: [...surplus.values()] }
}

function byPlace(one: IndexRow, other: IndexRow): number {
  if (one.kind !== other.kind) return one.kind < other.kind ? -1 : 1
  return one.identifier_key < other.identifier_key ? -1 : 1
}

function identity(row: IndexRow): string {
  return `${row.users_id} ${row.kind} ${row.source} ${row.identifier_key}`
}
