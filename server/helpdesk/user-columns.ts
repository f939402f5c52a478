import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { hostTime } from '../domain/times.ts'
import type { Tables } from '../storage/tables.ts'
import { demandFit, loginOf } from './account-text.ts'
import type { Agent, UserChange } from './helpdesk.ts'

/** The columns of text, each with our name of it. */
export const USER_TEXTS = [
  ['name', 'login'],
  ['realname', 'lastname'],
  ['firstname', 'firstname'],
  ['phone', 'phone'],
  ['phone2', 'phone2'],
  ['mobile', 'mobile'],
  ['registration_number', 'registrationNumber'],
] as const

/** Our name of a column of text; undefined for the other columns. */
export function textFieldOf(column: string): string | undefined {
  return USER_TEXTS.find(([name]) => name === column)?.[1]
}

/** Columns of a user that are edited, by the names of our fields. */
export interface UserColumns {
  name?: string
  realname?: string
  firstname?: string
  phone?: string
  phone2?: string
  mobile?: string
  registration_number?: string
  language?: string
  entities_id?: number
  locations_id?: number
  is_active?: number
  is_deleted?: number
  begin_date?: string | null
  end_date?: string | null
}

/** What the engines' timestamps hold: MariaDB's end in 2038. */
const FIRST_TIME = Date.UTC(1970, 0, 1, 0, 0, 1)
const LAST_TIME = Date.UTC(2038, 0, 19, 3, 14, 7)

function timeOf(field: string, time: string | null): string | null {
  if (time === null) return null
  const at = new Date(time)
  if (at.getTime() >= FIRST_TIME && at.getTime() <= LAST_TIME) return hostTime(at)
  throw new AppError('value-refused', { field, detail: 'it lies between 1970 and 2038' })
}

/** The columns that a change names, checked: a value that does not fit is refused, never cut. */
export function columnsOf(change: UserChange): UserColumns {
  const columns: UserColumns = {}
  for (const [column, field] of USER_TEXTS) {
    const value = change[field]
    if (value === undefined) continue
    if (field !== 'login') demandFit(field, value)
    columns[column] = field === 'login' ? loginOf(value) : value
  }
  if (change.language !== undefined) columns.language = change.language
  if (change.entityId !== undefined) columns.entities_id = change.entityId
  if (change.locationId !== undefined) columns.locations_id = change.locationId ?? 0
  if (change.enabled !== undefined) columns.is_active = change.enabled ? 1 : 0
  if (change.deleted !== undefined) columns.is_deleted = 0
  if (change.beginDate !== undefined) columns.begin_date = timeOf('beginDate', change.beginDate)
  if (change.endDate !== undefined) columns.end_date = timeOf('endDate', change.endDate)
  return columns
}

/** Throws `value-refused` where a user would be put somewhere that the agent does not see. */
export async function demandPlaces(
  tx: Kysely<Tables>,
  { scope }: Agent,
  { entities_id: entityId, locations_id: locationId }: UserColumns,
): Promise<void> {
  if (entityId !== undefined && !scope.entities.has(entityId)) {
    throw new AppError('value-refused', { field: 'entityId', detail: 'the entity lies outside your scope' })
  }
  if (locationId === undefined || locationId === 0) return
  const location = await tx
    .selectFrom('glpi_locations')
    .select(['entities_id', 'is_recursive'])
    .where('id', '=', locationId)
    .executeTakeFirst()
  const visible =
    location !== undefined &&
    (scope.entities.has(location.entities_id) ||
      (location.is_recursive === 1 && scope.above.has(location.entities_id)))
  if (!visible) {
    throw new AppError('value-refused', { field: 'locationId', detail: 'there is no such location' })
  }
}

/** A column's value as the host writes it into its history: places by their path and id. */
export async function historyValue(
  tx: Kysely<Tables>,
  column: keyof UserColumns,
  value: string | number | null,
): Promise<string> {
  const table =
    column === 'entities_id' ? 'glpi_entities' : column === 'locations_id' ? 'glpi_locations' : null
  if (table === null || typeof value !== 'number') return String(value ?? '')
  const row = await tx.selectFrom(table).select('completename').where('id', '=', value).executeTakeFirst()
  return row === undefined ? '' : `${row.completename ?? ''} (${value})`
}
