import type { Storage } from '../storage/storage.ts'

/** A chunk takes milliseconds; a process that has been silent for so long is gone. */
const LEASE_MS = 10_000

/**
 * Of several processes one rebuilds or catches up: the one whose name stands in the index row. Answers whether that is
 * `owner`, renewing its term; a process that was killed is replaced when its term ends.
 */
export async function holdLease(storage: Storage, owner: string): Promise<boolean> {
  const now = Date.now()
  const [result] = await storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_index')
      .set({ lease_owner: owner, lease_until: now + LEASE_MS })
      .where('id', '=', 1)
      .where(({ or, eb }) => or([eb('lease_owner', '=', owner), eb('lease_until', '<', now)]))
      .execute(),
  )
  return result !== undefined && result.numUpdatedRows > 0n
}

export async function releaseLease(storage: Storage, owner: string): Promise<void> {
  await storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_index')
      .set({ lease_owner: null, lease_until: 0 })
      .where('id', '=', 1)
      .where('lease_owner', '=', owner)
      .execute(),
  )
}
