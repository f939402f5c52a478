import { DAY_MS, HOUR_MS } from './domain/times.ts'
import type { Helpdesk } from './helpdesk/helpdesk.ts'
import { purgeKeys } from './helpdesk/idempotency.ts'
import type { Background } from './identifiers/background-thread.ts'
import type { createJournal } from './identifiers/journal.ts'
import { startRebuild } from './identifiers/rebuild.ts'
import type { Jobs } from './jobs/jobs.ts'
import { removePurgedRios } from './rios/purged.ts'
import { rollUp } from './statistics/roll-up.ts'
import type { SettingsStore } from './storage/settings.ts'
import type { Storage } from './storage/storage.ts'

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
  journal: ReturnType<typeof createJournal>
  background: Background
  jobs: Pick<Jobs, 'purge'>
  log: { info(line: object, text: string): void }
  onError(error: unknown): void
}

/**
 * What is done every hour: look-ups are counted and the journal keeps to its retention, ended sessions, old jobs and
 * idempotency keys go, and once a day RIOs of purged users go and the whole index is compared with the rows, so that a change
 * that left no trace is found all the same. Answers how to stop.
 */
export function startMaintenance({
  storage,
  settings,
  helpdesk,
  journal,
  background,
  jobs,
  log,
  onError,
}: Dependencies): () => void {
  async function run(): Promise<void> {
    const { journal_retention_days: days } = await settings.read()
    // In this order: only what is counted is dropped.
    await rollUp(storage)
    await journal.purge(days)
    await helpdesk.housekeep?.()
    await purgeKeys(storage)
    await jobs.purge()
    const state = await storage.db
      .selectFrom('glpi_plugin_callmanager_index')
      .select(['rebuilt_at', 'rebuild_after'])
      .where('id', '=', 1)
      .executeTakeFirst()
    if (state === undefined || state.rebuild_after !== null) return
    if (Date.now() - state.rebuilt_at < DAY_MS) return
    const removed = await removePurgedRios(storage)
    if (removed > 0) log.info({ removed }, 'RIOs of users whom the helpdesk has purged were removed')
    await startRebuild(storage)
    background.start()
  }
  const timer = setInterval(() => run().catch(onError), HOUR_MS)
  timer.unref()
  return () => clearInterval(timer)
}
