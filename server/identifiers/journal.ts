import type { Insertable, Kysely } from 'kysely'
import type { IdentifierKind } from '../domain/identifier.ts'
import { maskIdentifier } from '../domain/mask.ts'
import { DAY_MS } from '../domain/times.ts'
import type { Agent, Caller } from '../helpdesk/helpdesk.ts'
import { lockPosition, movePosition } from '../statistics/position.ts'
import { batch } from '../storage/coalesce.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/**
 * What a row of the journal tells of: a look-up by one identifier, or a search, of which one conversation makes many as
 * somebody types. Statistics count look-ups, not searches.
 */
type JournalKind = IdentifierKind | 'search'

export interface LookupRecord {
  agent: Agent
  caller: Caller
  kind: JournalKind
  /** As it was typed; only its mask is kept. */
  typed: string
  hits: number
}

/** Rows a transaction; a purge must not hold up look-ups. */
const PURGE_CHUNK = 500

/** The journal of look-ups: who asked, when, from where, for what kind of identifier, and how many were found. */
export function createJournal(storage: Storage) {
  const append = batch((rows: Insertable<Tables['glpi_plugin_callmanager_lookups']>[]) =>
    storage.append('glpi_plugin_callmanager_lookups', rows),
  )
  return {
    /** Resolves once the row is committed; look-ups that are answered together share a transaction. */
    record({ agent, caller, kind, typed, hits }: LookupRecord): Promise<void> {
      return append({
        looked_up_at: Date.now(),
        users_id: agent.id,
        impersonator_id: agent.impersonatorId ?? 0,
        entities_id: agent.entityId,
        address: caller.address.slice(0, 45),
        kind,
        identifier_masked: maskIdentifier(typed),
        hits,
      })
    },
    /**
     * Drops what is older than the retention and counted in the statistics; ids are in the order of time. Where nothing is
     * left SQLite numbers from 1 again, and so counting begins there again.
     */
    async purge(retentionDays: number): Promise<void> {
      const before = Date.now() - retentionDays * DAY_MS
      while (await storage.write('normal', (tx) => purgeChunk(tx, before)));
    },
  }
}

/** Answers whether there was anything to drop. */
async function purgeChunk(tx: Kysely<Tables>, before: number): Promise<boolean> {
  const counted = await lockPosition(tx)
  const oldest = await tx
    .selectFrom('glpi_plugin_callmanager_lookups')
    .select(['id', 'looked_up_at'])
    .where('id', '<=', counted)
    .orderBy('id')
    .limit(PURGE_CHUNK)
    .execute()
  const last = oldest.findLast((row) => row.looked_up_at < before)
  if (last === undefined) return false
  await tx.deleteFrom('glpi_plugin_callmanager_lookups').where('id', '<=', last.id).execute()
  const left = await tx
    .selectFrom('glpi_plugin_callmanager_lookups')
    .select('id')
    .where('id', '>', last.id)
    .limit(1)
    .execute()
  if (left.length === 0) await movePosition(tx, 0)
  return true
}
