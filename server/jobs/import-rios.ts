import type { Kysely } from 'kysely'
import { hostTime } from '../domain/times.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import { createOwnHistory } from '../helpdesk/own-history.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

export interface KeptRioChange {
  usersId: number
  from: string
  to: string
  /** Whether the person is new as well, whose making is history enough. */
  isNew: boolean
}

/** Writes many RIOs of our own table; an empty one is cleared. Texts are as typed. */
export function createKeptRios(storage: Storage, encodeText: Helpdesk['encodeText']) {
  const appendHistory = createOwnHistory(storage, encodeText)
  const stored = (rio: string): string | null => (rio === '' ? null : encodeText(rio))

  return async (tx: Kysely<Tables>, changes: readonly KeptRioChange[], author: string): Promise<void> => {
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
        .map(({ usersId, to }) => ({
          users_id: usersId,
          rio_number: stored(to),
          date_creation: at,
          date_mod: at,
        })),
    )
    for (const { usersId, to } of changes) {
      if (!known.has(usersId)) continue
      await tx
        .updateTable('glpi_plugin_callmanager_users')
        .set({ rio_number: stored(to), date_mod: at })
        .where('users_id', '=', usersId)
        .execute()
    }
    await appendHistory(
      tx,
      changes
        .filter(({ isNew }) => !isNew)
        .map(({ usersId, from, to }) => ({
          itemtype: 'User',
          itemsId: usersId,
          author,
          what: 'RIO',
          from,
          to,
        })),
    )
  }
}
