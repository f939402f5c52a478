import { type Selectable, sql } from 'kysely'
import { DEFAULT_PAGE, type Page, type PageQuery } from '../../contract/paging.ts'
import type { HistoryLine } from '../../contract/users.ts'
import { idBehind, pageById } from '../domain/cursor.ts'
import { demandRight, missingForLookup } from '../domain/rights.ts'
import { storedTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent } from './helpdesk.ts'
import { demandUserInScope } from './user-gate.ts'

/** The host's `linked_action` in words (host-contract §1.5); 0 is a field of the item itself. */
const ACTIONS: Record<number, string> = {
  0: 'changed',
  12: 'message',
  13: 'deleted',
  14: 'restored',
  15: 'added',
  16: 'removed',
  17: 'added',
  18: 'changed',
  19: 'removed',
  20: 'created',
}

/** Our names of the host's search options (host-contract §4). */
const FIELDS: Record<number, string> = {
  1: 'login',
  3: 'locationId',
  6: 'phone',
  8: 'enabled',
  9: 'firstname',
  10: 'phone2',
  11: 'mobile',
  17: 'language',
  22: 'registrationNumber',
  34: 'lastname',
  62: 'beginDate',
  63: 'endDate',
  77: 'entityId',
}

/** The host tells an address with the id of its row, and a place that is none by a space. */
const ROW_OF_ADDRESS = / \(\d+\)$/
const NOWHERE = '&nbsp; (0)'

const PARTS: Record<string, string> = { UserEmail: 'email', Profile: 'profile' }

/** What has happened to a user whom the agent may see, the newest first. */
export async function readUserHistory(
  { db }: Storage,
  decodeText: (stored: string) => string,
  agent: Agent,
  usersId: number,
  { limit = DEFAULT_PAGE, cursor }: PageQuery,
): Promise<Page<HistoryLine>> {
  demandRight(missingForLookup(agent.rights))
  await demandUserInScope(db, agent, usersId, 'see')
  const before = idBehind(cursor)
  let lines = db
    .selectFrom('glpi_logs')
    .select([
      'id',
      'date_mod',
      'user_name',
      'linked_action',
      'itemtype_link',
      'id_search_option',
      'old_value',
      'new_value',
    ])
    .where('itemtype', '=', 'User')
    .where('items_id', '=', usersId)
    .orderBy('id', 'desc')
    .limit(sql.lit(limit + 1))
  if (before !== null) lines = lines.where('id', '<', before)
  const rows = await lines.execute()
  const page = pageById(rows, limit)
  return { items: page.items.map((row) => lineOf(row, decodeText)), cursor: page.cursor }
}

type Row = Pick<
  Selectable<Tables['glpi_logs']>,
  | 'id'
  | 'date_mod'
  | 'user_name'
  | 'linked_action'
  | 'itemtype_link'
  | 'id_search_option'
  | 'old_value'
  | 'new_value'
>

function lineOf(row: Row, decodeText: (stored: string) => string): HistoryLine {
  const field = (row.linked_action === 0 ? FIELDS[row.id_search_option] : PARTS[row.itemtype_link]) ?? ''
  const text = (stored: string | null): string => (stored === null ? '' : decodeText(stored))
  const value = (stored: string | null): string => {
    if (stored === NOWHERE) return ''
    return field === 'email' ? text(stored).replace(ROW_OF_ADDRESS, '') : text(stored)
  }
  return {
    id: row.id,
    happenedAt: storedTime(row.date_mod),
    who: text(row.user_name),
    action: ACTIONS[row.linked_action] ?? 'other',
    field,
    old: value(row.old_value),
    new: value(row.new_value),
  }
}
