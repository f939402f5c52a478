import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { rioKey } from '../domain/rio.ts'
import type { KeyRules } from '../identifiers/refresh.ts'
import type { Tables } from '../storage/tables.ts'

const PAGE = 50

interface Held {
  key: string
  method: RioStorageMethod
  /** Whose RIO it is; everybody else is looked for. */
  usersId: number
}

/**
 * Everybody else who has this RIO, by id, in or out of any scope: found by the index, decided by the living row.
 * `end` ends each reading (see dialect.ts).
 */
export async function* otherHolders(
  db: Kysely<Tables>,
  { key, method, usersId }: Held,
  decode: KeyRules['decode'],
  end: RawBuilder<unknown> = sql``,
): AsyncGenerator<number> {
  let after = 0
  for (;;) {
    const rows = await db
      .selectFrom('glpi_plugin_callmanager_identifiers as found')
      .leftJoin('glpi_users as user', 'user.id', 'found.users_id')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['found.users_id', 'user.name', 'user.registration_number', 'kept.rio_number as custom_table'])
      .where('found.kind', '=', 'rio')
      .where('found.identifier_key', '=', key)
      .where('found.source', '=', method)
      .where('found.users_id', '>', after)
      .orderBy('found.users_id')
      .limit(sql.lit(PAGE))
      .modifyEnd(end)
      .execute()
    for (const row of rows) {
      after = row.users_id
      if (after !== usersId && rioKey(decode(row[method])) === key) yield after
    }
    if (rows.length < PAGE) return
  }
}

/** Whether anybody else has it. */
export async function isHeldByOther(
  db: Kysely<Tables>,
  held: Held,
  decode: KeyRules['decode'],
  end?: RawBuilder<unknown>,
): Promise<boolean> {
  for await (const _ of otherHolders(db, held, decode, end)) return true
  return false
}
