import type { Kysely } from 'kysely'
import { hostTime } from '../domain/accounts.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import { createOwnHistory } from '../helpdesk/own-history.ts'
import { lockingEnd } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/** Writes the table that is ours beside any helpdesk, with the line of history that no host would write for it. */
export function createOwnRios(storage: Storage, encodeText: Helpdesk['encodeText']) {
  const appendHistory = createOwnHistory(storage, encodeText)

  return {
    /** A person's RIO as stored, null where there is none; kept from others until the transaction ends. */
    async read(tx: Kysely<Tables>, usersId: number): Promise<string | null> {
      const row = await tx
        .selectFrom('glpi_plugin_callmanager_users')
        .select('rio_number')
        .where('users_id', '=', usersId)
        .modifyEnd(lockingEnd(storage.engine))
        .executeTakeFirst()
      return row?.rio_number ?? null
    },

    /** Sets a person's RIO; '' clears it. Both are as typed. */
    async write(
      tx: Kysely<Tables>,
      { usersId, author, before, to }: { usersId: number; author: string; before: string; to: string },
    ): Promise<void> {
      const at = hostTime(new Date())
      const rio = to === '' ? null : encodeText(to)
      const [updated] = await tx
        .updateTable('glpi_plugin_callmanager_users')
        .set({ rio_number: rio, date_mod: at })
        .where('users_id', '=', usersId)
        .execute()
      if (updated?.numUpdatedRows === 0n) {
        await tx
          .insertInto('glpi_plugin_callmanager_users')
          .values({ users_id: usersId, rio_number: rio, date_creation: at, date_mod: at })
          .execute()
      }
      await appendHistory(tx, [{ itemtype: 'User', itemsId: usersId, author, what: 'RIO', from: before, to }])
    },
  }
}
