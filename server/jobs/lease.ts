import type { Selectable } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/** A chunk takes milliseconds; a process that has been silent for so long is gone. */
export const LEASE_MS = 10_000

export type JobRow = Selectable<Tables['glpi_plugin_callmanager_jobs']>

/**
 * Takes the oldest job that waits, or whose process is gone, or only the one named; undefined when there is none. `owner`
 * is the name by which other processes know this one: what was taken under the same name is taken up at once.
 */
export async function takeJob(storage: Storage, owner: string, only?: number): Promise<JobRow | undefined> {
  const now = Date.now()
  let open = storage.db
    .selectFrom('glpi_plugin_callmanager_jobs')
    .select('id')
    .where('state', 'in', ['waiting', 'running'])
    .where(({ eb, or }) => or([eb('lease_owner', '=', owner), eb('lease_until', '<', now)]))
    .orderBy('id')
  if (only !== undefined) open = open.where('id', '=', only)
  for (const { id } of await open.execute()) {
    const taken = await storage.write('normal', async (tx) => {
      const [result] = await tx
        .updateTable('glpi_plugin_callmanager_jobs')
        .set({ state: 'running', lease_owner: owner, lease_until: now + LEASE_MS })
        .where('id', '=', id)
        .where('state', 'in', ['waiting', 'running'])
        .where(({ eb, or }) => or([eb('lease_owner', '=', owner), eb('lease_until', '<', now)]))
        .execute()
      if (result?.numUpdatedRows !== 1n) return undefined
      return tx
        .selectFrom('glpi_plugin_callmanager_jobs')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    })
    if (taken !== undefined) return taken
  }
  return undefined
}

/** Leaves a job for whoever takes it next: this process stops. */
export async function releaseJob(storage: Storage, owner: string, id: number): Promise<void> {
  await storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set({ lease_owner: null, lease_until: 0 })
      .where('id', '=', id)
      .where('lease_owner', '=', owner)
      .execute(),
  )
}
