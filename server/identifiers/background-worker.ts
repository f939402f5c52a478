import { parentPort, workerData } from 'node:worker_threads'
import { openHelpdesk } from '../helpdesk/open.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'

/** Runs in a thread of its own: reading and normalising a million users must not hold up look-ups. */
const { databaseUrl, owner } = workerData
const storage = await openStorage(String(databaseUrl))
try {
  const settings = createSettings(storage)
  const { entityTree, decodeText } = openHelpdesk({ SESSION_IDLE_MINUTES: 1 }, storage, settings)
  const done = await bringUpToDate(
    { storage, settings, entityTree, decodeText },
    (progress) => parentPort?.postMessage(progress),
    String(owner),
  )
  parentPort?.postMessage({ finished: done })
} finally {
  await storage.close()
}
