import type { Kysely } from 'kysely'
import type { Tables } from '../storage/tables.ts'

/**
 * The last row of the journal that has been counted, with its row locked until the transaction ends: of several processes
 * that count or purge, one goes after the other.
 */
export async function lockPosition(tx: Kysely<Tables>): Promise<number> {
  await tx
    .updateTable('glpi_plugin_callmanager_statistics_position')
    .set({ id: 1 })
    .where('id', '=', 1)
    .execute()
  const { lookups_id: position } = await tx
    .selectFrom('glpi_plugin_callmanager_statistics_position')
    .select('lookups_id')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  return position
}

/** Moves it, in the transaction that locked it. */
export async function movePosition(tx: Kysely<Tables>, lookupsId: number): Promise<void> {
  await tx
    .updateTable('glpi_plugin_callmanager_statistics_position')
    .set({ lookups_id: lookupsId })
    .where('id', '=', 1)
    .execute()
}
