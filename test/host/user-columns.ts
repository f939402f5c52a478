import { type HostDatabase, textOf, type Value } from './database.ts'
import { columnValue, type Input } from './input.ts'
import { shownPath } from './text.ts'

/** The columns of a user that are played, with the search options that the host's history knows them by. */
export const SEARCH_OPTIONS: Readonly<Record<string, number>> = {
  name: 1,
  realname: 34,
  firstname: 9,
  phone: 6,
  phone2: 10,
  mobile: 11,
  registration_number: 22,
  locations_id: 3,
  entities_id: 77,
  language: 17,
  is_active: 8,
  begin_date: 62,
  end_date: 63,
  comment: 16,
}

/** The columns that an input writes. */
export function columnsIn(input: Input, sanitise: (text: string) => string): Map<string, Value> {
  const columns = new Map<string, Value>()
  for (const [name, sent] of input) {
    const value = columnValue(sent, sanitise)
    if (name in SEARCH_OPTIONS && value !== undefined) columns.set(name, value)
  }
  return columns
}

/** A rule of the host's that rewrites what is written. */
export function rewrite(columns: Map<string, Value>): void {
  const number = columns.get('registration_number')
  if (typeof number === 'string') columns.set('registration_number', `REG-${number}`)
}

const TREES: Readonly<Record<string, string>> = {
  locations_id: 'glpi_locations',
  entities_id: 'glpi_entities',
}

/** A column's value as history words it: a place by its path and id. */
export async function historyValue(db: HostDatabase, column: string, value: string): Promise<string> {
  const table = TREES[column]
  if (table === undefined) return value
  const row = await db.row('select completename from ?? where id = ?', [table, value])
  return `${row === undefined ? '&nbsp;' : shownPath(textOf(row.completename))} (${value})`
}
