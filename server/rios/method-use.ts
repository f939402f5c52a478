import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { StorageMethod } from '../../contract/storage-method.ts'
import { readSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'

const CHUNK = 2000
const METHODS = ['custom_table', 'name', 'registration_number'] as const satisfies RioStorageMethod[]

/**
 * How many people have something in each place that a RIO can be kept in: all are read, a chunk at a time, so that nobody
 * is held up. Whoever asks meanwhile waits for the same counting.
 */
export function createMethodUse(storage: Storage) {
  const select = storage.prepare((db, { after }: { after: number }) =>
    db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['user.id', 'user.name', 'user.registration_number', 'kept.rio_number as custom_table'])
      .where('user.id', '>', after)
      .orderBy('user.id')
      .limit(sql.lit(CHUNK)),
  )

  async function count(): Promise<Omit<StorageMethod, 'method'>> {
    const found = { custom_table: 0, name: 0, registration_number: 0 }
    let people = 0
    for (let after = 0; ; ) {
      const rows = await select({ after })
      for (const row of rows) {
        people++
        for (const method of METHODS) if (row[method] !== null && row[method] !== '') found[method]++
      }
      const last = rows.at(-1)?.id
      if (last === undefined || rows.length < CHUNK) break
      after = last
      await turn()
    }
    return { people, places: METHODS.map((method) => ({ method, people: found[method] })) }
  }

  let counting: ReturnType<typeof count> | undefined
  return async (): Promise<StorageMethod> => {
    counting ??= count().finally(() => {
      counting = undefined
    })
    const counted = await counting
    // Not as it is remembered: whoever has just seen a change end asks what it came to.
    return { method: (await readSettings(storage.db)).rio_storage_method, ...counted }
  }
}
