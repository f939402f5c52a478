import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '../../contract/jobs.ts'
import { takeJob } from '../jobs/lease.ts'
import { runJob } from '../jobs/run.ts'
import type { Services } from '../services.ts'
import type { Progress } from './progress.ts'

const LOOK_MS = 250

/** Works on the job, or watches whoever is at it, until it has ended. */
export async function finishJob(
  { storage, settings, helpdesk }: Pick<Services, 'storage' | 'settings' | 'helpdesk'>,
  id: number,
  read: () => Promise<Job>,
  progress: Progress,
): Promise<Job> {
  const owner = randomUUID()
  let told = false
  for (;;) {
    const job = await read()
    progress.show(job)
    if (job.state !== 'waiting' && job.state !== 'running') return job
    const taken = await takeJob(storage, owner, id)
    if (taken === undefined) {
      if (!told) console.error('Another process is at it, or was until a moment ago; its work is followed.')
      told = true
      await sleep(LOOK_MS)
    } else {
      const timer = setInterval(() => void read().then(progress.show, () => {}), LOOK_MS)
      await runJob(taken, { storage, settings, helpdesk, owner }).finally(() => clearInterval(timer))
    }
  }
}
