import { bringUpToDate } from '../identifiers/background.ts'
import { startRebuild } from '../identifiers/rebuild.ts'
import { withServices } from './with-services.ts'

const PROGRESS_MS = 1000

/** `callmanager reindex`: every user's keys compared with the rows; goes on where a killed one stopped. */
export async function reindex(): Promise<void> {
  await withServices(async ({ storage, settings, helpdesk }) => {
    const { entityTree, decodeText } = helpdesk
    const running = await storage.db
      .selectFrom('glpi_plugin_callmanager_index')
      .select('rebuild_after')
      .where('id', '=', 1)
      .executeTakeFirst()
    if (running?.rebuild_after === null) await startRebuild(storage)
    else console.log('Going on with the rebuild that was under way.')

    let last = { done: 0, total: 0, corrected: 0 }
    let told = performance.now()
    const done = await bringUpToDate({ storage, settings, entityTree, decodeText }, (progress) => {
      last = { ...progress }
      if (performance.now() - told < PROGRESS_MS) return
      told = performance.now()
      console.log(`${progress.done} of ${progress.total} users`)
    })
    if (done) console.log(`Done: ${last.done} users compared, ${last.corrected} index rows corrected.`)
    else console.log('Another process is rebuilding the index; it will finish by itself.')
  })
}
