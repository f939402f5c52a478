import { Worker } from 'node:worker_threads'
import type { HelpdeskConfig } from '../helpdesk/open.ts'
import type { Storage } from '../storage/storage.ts'

/** How soon a job is found that another process left, or that the command line made. */
const LOOK_MS = 5000

/** What the thread is told. */
export interface JobThreadData {
  config: HelpdeskConfig
  /** The name by which other processes know this one. */
  owner: string
}

export interface JobThread {
  /** Begins with what waits, unless that is under way. */
  start(): void
  /** Looks for work now and then, from now on: what was left by a process that was killed. */
  watch(): void
  /** Lets the chunk that is under way end; the rest is left for the next start. */
  stop(): Promise<void>
}

interface Log {
  info(line: object, text: string): void
  error(line: object, text: string): void
}

/** Keeps at most one thread that works on jobs, one after another. */
export function createJobThread(workerData: JobThreadData, storage: Storage, log: Log): JobThread {
  let worker: Worker | undefined
  let ended: Promise<void> = Promise.resolve()
  let again = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  function start(): void {
    if (stopped) return
    // One that is about to end may have looked for work already.
    again = worker !== undefined
    if (worker !== undefined) return
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const thread = new Worker(new URL(`./job-worker.${extension}`, import.meta.url), { workerData })
    worker = thread
    ended = new Promise((resolve) => {
      thread.once('exit', () => {
        worker = undefined
        resolve()
        if (again) start()
      })
    })
    thread.on('message', (line: object) => log.info(line, 'a job has ended'))
    thread.on('error', (cause) => {
      again = false
      log.error({ cause }, 'a job was interrupted; if it can go on, it will be taken up again')
    })
    thread.unref()
  }

  async function look(): Promise<void> {
    const open = await storage.db
      .selectFrom('glpi_plugin_callmanager_jobs')
      .select('id')
      .where('state', 'in', ['waiting', 'running'])
      .where(({ eb, or }) =>
        or([eb('lease_owner', '=', workerData.owner), eb('lease_until', '<', Date.now())]),
      )
      .limit(1)
      .executeTakeFirst()
    if (open !== undefined && worker === undefined) start()
  }

  return {
    start,
    watch() {
      const lookAndTell = (): void => {
        look().catch((cause: unknown) => log.error({ cause }, 'looking for jobs failed'))
      }
      lookAndTell()
      timer = setInterval(lookAndTell, LOOK_MS)
      timer.unref()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      worker?.postMessage('stop')
      worker?.ref()
      await ended
    },
  }
}
