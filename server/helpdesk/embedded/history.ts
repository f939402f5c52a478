import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

/** The host's search options of the user columns we change (host-contract §4). */
export const USER_SEARCH_OPTIONS = {
  name: 1,
  realname: 34,
  firstname: 9,
  phone: 6,
  phone2: 10,
  mobile: 11,
  registration_number: 22,
} as const

/** The host keeps this much of a value in its history. */
const VALUE_LENGTH = 180
const CREATED = 20

interface Change {
  itemtype: 'User' | 'Ticket'
  itemsId: number
  agentName: string
  at: string
}

/** Adds the history line that the host writes when an item is created. */
export async function logCreation(tx: Kysely<Tables>, change: Change): Promise<void> {
  await insert(tx, change, { linked_action: CREATED, id_search_option: 0, old_value: '', new_value: '' })
}

/** Adds the history line that the host writes when a field is changed. */
export async function logFieldChange(
  tx: Kysely<Tables>,
  change: Change & { searchOption: number; from: string; to: string },
): Promise<void> {
  await insert(tx, change, {
    linked_action: 0,
    id_search_option: change.searchOption,
    old_value: change.from.slice(0, VALUE_LENGTH),
    new_value: change.to.slice(0, VALUE_LENGTH),
  })
}

async function insert(
  tx: Kysely<Tables>,
  { itemtype, itemsId, agentName, at }: Change,
  line: { linked_action: number; id_search_option: number; old_value: string; new_value: string },
): Promise<void> {
  await tx
    .insertInto('glpi_logs')
    .values({ itemtype, items_id: itemsId, user_name: agentName, date_mod: at, ...line })
    .execute()
}
