import { parentPort, workerData } from 'node:worker_threads'
import { openHelpdesk } from '../helpdesk/open.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import type { BackgroundData } from './background-thread.ts'

/** Runs in a thread of its own: reading and normalising a million users must not hold up look-ups. */
const { config, owner } = workerData as BackgroundData
const storage = await openStorage(config.DATABASE_URL, { patient: true })
let stopping = false
parentPort?.once('message', () => {
  stopping = true
})
parentPort?.unref()
try {
  const settings = createSettings(storage)
  const { entityTree, decodeText } = await openHelpdesk(config, storage, settings)
  const done = await bringUpToDate(
    { storage, settings, entityTree, decodeText },
    (progress) => parentPort?.postMessage(progress),
    owner,
    () => !stopping,
  )
  parentPort?.postMessage({ finished: done })
} finally {
  await storage.close()
}
