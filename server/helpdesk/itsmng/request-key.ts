import { AppError } from '../../domain/errors.ts'
import { isUniqueViolation } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Once } from '../helpdesk.ts'

export const RETRY_AFTER_S = 5

/** What is known of a key that was taken before. */
export interface TakenKey {
  request_hash: string
  /** What was made; until that is known the newest id before, negative. */
  items_id: number
  created_at: number
}

export type RequestKey = ReturnType<typeof requestKey>

/** An agent's key of one request, in a table that every process sees. Each step is a commit of its own. */
export function requestKey({ db, write }: Pick<Storage, 'db' | 'write'>, agentId: number, once: Once) {
  const key = { users_id: agentId, idempotency_key: once.key }
  const unsettled = (after: number) => ({ items_id: -after, created_at: Date.now() })

  return {
    /** Takes the key; answers what is known of it where it was taken before. */
    async take(after: number): Promise<TakenKey | undefined> {
      try {
        await write('full', (tx) =>
          tx
            .insertInto('glpi_plugin_callmanager_idempotency')
            .values({ ...key, request_hash: once.hash, ...unsettled(after) })
            .execute(),
        )
        return undefined
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        // Whoever held it may have given it back meanwhile; the request itself is then free to be sent again.
        return db
          .selectFrom('glpi_plugin_callmanager_idempotency')
          .select(['request_hash', 'items_id', 'created_at'])
          .where(({ and }) => and(key))
          .executeTakeFirstOrThrow(() => new AppError('request-under-way', { retryAfter: RETRY_AFTER_S }))
      }
    },
    /** Takes over a key whose request has come to nothing; of two who try, one does. */
    async retake({ created_at }: TakenKey, after: number): Promise<boolean> {
      const [taken] = await write('full', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_idempotency')
          .set(unsettled(after))
          .where(({ and }) => and({ ...key, created_at }))
          .execute(),
      )
      return taken?.numUpdatedRows === 1n
    },
    /** Keeps what was made. */
    async settle(id: number): Promise<void> {
      await write('full', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_idempotency')
          .set({ items_id: id })
          .where(({ and }) => and(key))
          .execute(),
      )
    },
    async giveBack(): Promise<void> {
      await write('full', (tx) =>
        tx
          .deleteFrom('glpi_plugin_callmanager_idempotency')
          .where(({ and }) => and(key))
          .execute(),
      )
    },
  }
}
