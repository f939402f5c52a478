import type { Kysely } from 'kysely'
import { cut } from '../../domain/cut.ts'
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
  locations_id: 3,
  is_active: 8,
  language: 17,
  begin_date: 62,
  end_date: 63,
  entities_id: 77,
} as const

/** The same of entities and locations, which are trees. */
export const TREE_SEARCH_OPTIONS = { parent: 13, name: 14, is_recursive: 86 } as const

/** The host keeps this much of a value in its history. */
const VALUE_LENGTH = 180

/** The host's `linked_action` (host-contract §1.5). */
const ACTIONS = {
  deleted: 13,
  restored: 14,
  profileAdded: 15,
  profileRemoved: 16,
  emailAdded: 17,
  emailChanged: 18,
  emailRemoved: 19,
  created: 20,
} as const

interface Change {
  itemtype: 'User' | 'Ticket' | 'Entity' | 'Location'
  itemsId: number
  agentName: string
  at: string
}

/** The history line that the host writes when an item is created. */
export const creationRow = (change: Change) => rowOf(change, { ...NOTHING, linked_action: ACTIONS.created })

export async function logCreation(tx: Kysely<Tables>, change: Change): Promise<void> {
  await insert(tx, creationRow(change))
}

/** Adds the line of an item that is put into the bin (or removed for good), or taken out of it. */
export async function logRemoval(
  tx: Kysely<Tables>,
  change: Change,
  action: 'deleted' | 'restored',
): Promise<void> {
  await insert(tx, rowOf(change, { ...NOTHING, linked_action: ACTIONS[action] }))
}

/** Adds the line of something that belongs to a user: a profile, an e-mail address. */
export async function logPart(
  tx: Kysely<Tables>,
  change: Change,
  action: 'profileAdded' | 'profileRemoved' | 'emailAdded' | 'emailChanged' | 'emailRemoved',
  value: string,
): Promise<void> {
  const gone = action === 'profileRemoved' || action === 'emailRemoved'
  const line = {
    ...NOTHING,
    linked_action: ACTIONS[action],
    itemtype_link: action.startsWith('profile') ? 'Profile' : 'UserEmail',
    [gone ? 'old_value' : 'new_value']: shortened(value),
  }
  await insert(tx, rowOf(change, line))
}

interface FieldChange extends Change {
  searchOption: number
  from: string
  to: string
}

/** The history line that the host writes when a field is changed. */
export const fieldChangeRow = ({ searchOption, from, to, ...change }: FieldChange) =>
  rowOf(change, {
    ...NOTHING,
    id_search_option: searchOption,
    old_value: shortened(from),
    new_value: shortened(to),
  })

export async function logFieldChange(tx: Kysely<Tables>, change: FieldChange): Promise<void> {
  await insert(tx, fieldChangeRow(change))
}

const NOTHING = { linked_action: 0, itemtype_link: '', id_search_option: 0, old_value: '', new_value: '' }

const shortened = (value: string): string => cut(value, VALUE_LENGTH)

function rowOf({ itemtype, itemsId, agentName, at }: Change, line: typeof NOTHING) {
  return { itemtype, items_id: itemsId, user_name: agentName, date_mod: at, ...line }
}

async function insert(tx: Kysely<Tables>, row: ReturnType<typeof rowOf>): Promise<void> {
  await tx.insertInto('glpi_logs').values(row).execute()
}
