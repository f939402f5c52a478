import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { ExportQuery } from '../../contract/imports.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { guardCell } from '../domain/csv-cell.ts'
import { canSeeUser } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { IMPORT_COLUMNS, type ImportColumn } from '../domain/import-columns.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import { RIO_COLUMNS } from '../identifiers/caller-rows.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'

/** Users a page; between two, others are answered. */
const PAGE = 500

const COLUMNS = {
  people: [
    'login',
    'lastname',
    'firstname',
    'rio',
    'phone',
    'phone2',
    'mobile',
    'email',
    'registrationNumber',
    'entity',
    'location',
    'active',
  ],
  rios: ['login', 'rio'],
} as const satisfies Record<string, readonly ImportColumn[]>

interface Dependencies {
  storage: Storage
  settings: Pick<SettingsStore, 'read'>
  helpdesk: Pick<Helpdesk, 'entityTree' | 'decodeText'>
}

/** The people of an agent's scope as CSV that import takes, page by page in order of id. Throws `entity-unknown`. */
export async function exportUsers(
  { storage, settings, helpdesk }: Dependencies,
  { scope }: Agent,
  { mode = 'people', entityId, separator = 'semicolon', bom = true }: ExportQuery,
): Promise<AsyncGenerator<string>> {
  const tree = await helpdesk.entityTree()
  if (entityId !== undefined && !scope.entities.has(entityId)) throw new AppError('entity-unknown')
  const wanted = entityId === undefined ? null : new Set(tree.withDescendants(entityId))
  const { rio_storage_method: method } = await settings.read()
  const columns = COLUMNS[mode]
  const lines = (rows: readonly (readonly string[])[]): string =>
    stringify([...rows], { delimiter: separator === 'comma' ? ',' : ';', record_delimiter: '\r\n' })

  return (async function* () {
    yield `${bom ? '\uFEFF' : ''}${lines([columns.map((column) => IMPORT_COLUMNS[column][0])])}`
    for (let after = 0; ; ) {
      const people = await readPage(storage, after, method)
      const last = people.at(-1)
      if (last === undefined) return
      after = last.user.id
      const shown = people.filter(
        ({ user, memberships }) =>
          user.is_deleted === 0 &&
          canSeeUser(scope, memberships) &&
          (wanted === null || wanted.has(user.entities_id)),
      )
      if (shown.length === 0) continue
      yield lines(
        shown.map((person) => {
          const cells = cellsOf(person, helpdesk.decodeText)
          return columns.map((column) => guardCell(cells[column]))
        }),
      )
    }
  })()
}

async function readPage(storage: Storage, after: number, method: RioStorageMethod) {
  const { db } = storage
  const users = await db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
    .leftJoin('glpi_entities as entity', 'entity.id', 'user.entities_id')
    .leftJoin('glpi_locations as location', 'location.id', 'user.locations_id')
    .select([
      'user.id',
      'user.name',
      'user.realname',
      'user.firstname',
      'user.phone',
      'user.phone2',
      'user.mobile',
      'user.registration_number',
      'user.entities_id',
      'user.is_active',
      'user.is_deleted',
      RIO_COLUMNS[method],
      'entity.completename as entity',
      'location.completename as location',
    ])
    .select(({ selectFrom }) =>
      selectFrom('glpi_useremails')
        .select('glpi_useremails.email')
        .whereRef('glpi_useremails.users_id', '=', 'user.id')
        .orderBy('glpi_useremails.is_default', 'desc')
        .orderBy('glpi_useremails.id')
        .limit(sql.lit(1))
        .as('email'),
    )
    .where('user.id', '>', after)
    .orderBy('user.id')
    .limit(sql.lit(PAGE))
    .execute()
  const last = users.at(-1)
  if (last === undefined) return []
  const rows = await db
    .selectFrom('glpi_profiles_users')
    .select(['users_id', 'entities_id', 'is_recursive'])
    .where('users_id', '>', after)
    .where('users_id', '<=', last.id)
    .execute()
  const memberships = Map.groupBy(rows, ({ users_id: id }) => id)
  return users.map((user) => ({ user, memberships: memberships.get(user.id) ?? [] }))
}

function cellsOf(
  { user }: Awaited<ReturnType<typeof readPage>>[number],
  decode: (stored: string) => string,
): Record<ImportColumn, string> {
  const text = (stored: string | null): string => (stored === null ? '' : decode(stored))
  return {
    login: text(user.name),
    lastname: text(user.realname),
    firstname: text(user.firstname),
    rio: text(user.rio),
    phone: text(user.phone),
    phone2: text(user.phone2),
    mobile: text(user.mobile),
    email: text(user.email),
    registrationNumber: text(user.registration_number),
    entity: text(user.entity),
    location: text(user.location),
    active: user.is_active === 1 ? 'yes' : 'no',
  }
}
