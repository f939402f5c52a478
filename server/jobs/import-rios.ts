import type { Kysely } from 'kysely'
import { hostTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

export interface KeptRioChange {
  usersId: number
  from: string
  to: string
  /** Whether the person is new as well, whose making is history enough. */
  isNew: boolean
}

/** Writes many RIOs of our own table; an empty one is cleared. */
export async function writeKeptRios(
  storage: Storage,
  tx: Kysely<Tables>,
  changes: readonly KeptRioChange[],
  author: string,
): Promise<void> {
  if (changes.length === 0) return
  const at = hostTime(new Date())
  const rows = await tx
    .selectFrom('glpi_plugin_callmanager_users')
    .select('users_id')
    .where(
      'users_id',
      'in',
      changes.map(({ usersId }) => usersId),
    )
    .execute()
  const known = new Set(rows.map(({ users_id: id }) => id))
  await storage.insertMany(
    tx,
    'glpi_plugin_callmanager_users',
    changes
      .filter(({ usersId }) => !known.has(usersId))
      .map(({ usersId, to }) => ({ users_id: usersId, rio_number: to, date_creation: at, date_mod: at })),
  )
  for (const { usersId, to } of changes) {
    if (!known.has(usersId)) continue
    await tx
      .updateTable('glpi_plugin_callmanager_users')
      .set({ rio_number: to === '' ? null : to, date_mod: at })
      .where('users_id', '=', usersId)
      .execute()
  }
  await storage.insertMany(
    tx,
    'glpi_logs',
    changes
      .filter(({ isNew }) => !isNew)
      .map(({ usersId, from, to }) => ({
        itemtype: 'User',
        items_id: usersId,
        linked_action: MESSAGE,
        user_name: author,
        date_mod: at,
        old_value: '',
        new_value: `RIO: ${shown(from)} → ${shown(to)}`.slice(0, MESSAGE_LENGTH),
      })),
  )
}

/** The host's "free message". */
const MESSAGE = 12
const MESSAGE_LENGTH = 180
const VALUE_LENGTH = 80

function shown(value: string): string {
  if (value === '') return '–'
  return value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value
}
