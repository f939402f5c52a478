import { sql } from 'kysely'
import type { Engine, Storage } from '../storage/storage.ts'

const FIRST = 20

/**
 * Chunks are sized to take about this long, without the commit, which a slow disk makes no quicker for fewer lines. SQLite's
 * one writer is held up meanwhile; MariaDB locks but the rows. There, a chunk writes no more history lines than followers
 * look at again (`logOverlap`), or they might miss one of another's.
 */
const BUSY_MS = { sqlite: 20, mysql: 80 } as const satisfies Record<Engine, number>
/**
 * While nobody looks anybody up, longer ones: each writes every page of the index that it touches, so that many short ones
 * write the same pages over and over.
 */
const QUIET_MS = { sqlite: 800, mysql: 80 } as const satisfies Record<Engine, number>
const MOST = { sqlite: 3000, mysql: 100 } as const satisfies Record<Engine, number>
/** Waiting for other processes' locks is a part of what a chunk on MariaDB takes, and does not get shorter with it. */
const FEWEST = { sqlite: 1, mysql: FIRST } as const satisfies Record<Engine, number>
/** How long after the last look-up it is quiet. */
const QUIET_AFTER_MS = 3000

/** How many lines or people the next chunk may have, learned from what the last one took. */
export function createChunkSize(storage: Storage) {
  const { engine } = storage
  let size = FIRST

  async function isQuiet(): Promise<boolean> {
    const last = await storage.db
      .selectFrom('glpi_plugin_callmanager_lookups')
      .select('looked_up_at')
      .orderBy('id', 'desc')
      .limit(sql.lit(1))
      .executeTakeFirst()
    return last === undefined || last.looked_up_at < Date.now() - QUIET_AFTER_MS
  }

  return {
    now: () => size,
    async learn(took: number): Promise<void> {
      const target = (await isQuiet()) ? QUIET_MS[engine] : BUSY_MS[engine]
      const wanted = Math.min(MOST[engine], size * 2, (size * target) / Math.max(took, 1))
      // Few different ones, since each is another prepared statement.
      const step = wanted > 1000 ? 500 : wanted > 100 ? 100 : wanted > 10 ? 10 : 1
      size = Math.max(FEWEST[engine], Math.floor(wanted / step) * step)
    },
  }
}
