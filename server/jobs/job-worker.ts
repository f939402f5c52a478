import { parentPort, workerData } from 'node:worker_threads'
import { openHelpdesk } from '../helpdesk/open.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage } from '../storage/storage.ts'
import type { JobThreadData } from './job-thread.ts'
import { takeJob } from './lease.ts'
import { runJob } from './run.ts'

/** Runs in a thread of its own: reading and writing a hundred thousand people must not hold up look-ups. */
const { config, owner } = workerData as JobThreadData
const storage = await openStorage(config.DATABASE_URL, { patient: true })
let stopping = false
parentPort?.once('message', () => {
  stopping = true
})
parentPort?.unref()
try {
  const settings = createSettings(storage)
  const helpdesk = await openHelpdesk(config, storage, settings)
  while (!stopping) {
    const job = await takeJob(storage, owner)
    if (job === undefined) break
    const started = performance.now()
    await runJob(job, { storage, settings, helpdesk, owner }, () => !stopping)
    parentPort?.postMessage({ job: job.id, kind: job.kind, ms: Math.round(performance.now() - started) })
  }
} finally {
  await storage.close()
}
