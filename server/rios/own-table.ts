import { type Kysely, sql } from 'kysely'
import { hostTime } from '../domain/times.ts'
import { createOwnHistory } from '../helpdesk/own-history.ts'
import { lockingEnd, orUpdateEnd } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { demandStorable, type RioText } from './stored-rio.ts'

/** Writes the table that is ours beside any helpdesk, with the line of history that no host would write for it. */
export function createOwnRios(storage: Storage, text: RioText) {
  const { encodeText } = text
  const appendHistory = createOwnHistory(storage, encodeText)

  /** Inserts a person's row, or changes the one there is. */
  async function put(
    tx: Kysely<Tables>,
    row: { users_id: number; rio_number: string | null },
    change: ReturnType<typeof sql>,
  ): Promise<void> {
    const at = hostTime(new Date())
    await tx
      .insertInto('glpi_plugin_callmanager_users')
      .values({ ...row, date_creation: at, date_mod: at })
      .modifyEnd(orUpdateEnd(storage.engine, ['users_id'], change))
      .execute()
  }

  return {
    /**
     * Makes sure that a person has a row, and keeps it from others until the transaction ends. To lock a row that is not
     * there would lock those of other people too, and writers would end in each other's way.
     */
    hold: (tx: Kysely<Tables>, usersId: number): Promise<void> =>
      put(tx, { users_id: usersId, rio_number: null }, sql`date_creation = date_creation`),

    /** A person's RIO as stored, null where there is none; a row is kept from others until the transaction ends. */
    async read(tx: Kysely<Tables>, usersId: number): Promise<string | null> {
      const row = await tx
        .selectFrom('glpi_plugin_callmanager_users')
        .select('rio_number')
        .where('users_id', '=', usersId)
        .modifyEnd(lockingEnd(storage.engine))
        .executeTakeFirst()
      return row?.rio_number ?? null
    },

    /** Sets a person's RIO; '' clears it. Both are as typed. Throws `value-refused` where it cannot be kept so. */
    async write(
      tx: Kysely<Tables>,
      { usersId, author, before, to }: { usersId: number; author: string; before: string; to: string },
    ): Promise<void> {
      demandStorable(to, text)
      const rio = to === '' ? null : encodeText(to)
      const change = sql`rio_number = ${rio}, date_mod = ${hostTime(new Date())}`
      await put(tx, { users_id: usersId, rio_number: rio }, change)
      await appendHistory(tx, [{ itemtype: 'User', itemsId: usersId, author, what: 'RIO', from: before, to }])
    },
  }
}
