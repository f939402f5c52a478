import { Worker } from 'node:worker_threads'
import type { HelpdeskConfig } from '../helpdesk/open.ts'
import type { Storage } from '../storage/storage.ts'
import { isBuilt, selectPosition } from './position.ts'

/** After a failure, or when another process is at it, looking again sooner would help nobody. */
const PAUSE_MS = 5000
/** How soon the work of a process that was killed is found, once its lease has ended. */
const LOOK_MS = 5000

/** What the thread is told. */
export interface BackgroundData {
  config: HelpdeskConfig
  /** The name by which other processes know this one. */
  owner: string
}

export interface Background {
  /** Starts bringing the index up to date, unless that is under way. */
  start(): void
  /** Looks now and then, from now on, for an index that is not whole, whoever left it so. */
  watch(): void
  /** Lets the chunk that is under way end; the rest is left for the next start. */
  stop(): Promise<void>
}

interface Log {
  info(line: object, text: string): void
  error(line: object, text: string): void
}

/** Keeps at most one thread that brings the index up to date. */
export function createBackground(workerData: BackgroundData, storage: Storage, log: Log): Background {
  let worker: Worker | undefined
  let ended: Promise<void> = Promise.resolve()
  let notBefore = 0
  let timer: NodeJS.Timeout | undefined

  function start(): void {
    if (worker !== undefined || performance.now() < notBefore) return
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const started = performance.now()
    let users = 0
    const thread = new Worker(new URL(`./background-worker.${extension}`, import.meta.url), { workerData })
    worker = thread
    ended = new Promise((resolve) => {
      thread.once('exit', () => {
        worker = undefined
        resolve()
      })
    })
    thread.on('message', (message: { done?: number; finished?: boolean }) => {
      users = message.done ?? users
      if (message.finished === false) notBefore = performance.now() + PAUSE_MS
      if (message.finished) {
        log.info({ users, ms: Math.round(performance.now() - started) }, 'the identifier index is up to date')
      }
    })
    thread.on('error', (error) => {
      notBefore = performance.now() + PAUSE_MS
      log.error({ cause: error }, 'bringing the identifier index up to date failed; it will be tried again')
    })
    thread.unref()
  }

  async function look(): Promise<void> {
    const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
    if (!isBuilt(position) && position.lease_until < Date.now()) start()
  }

  return {
    start,
    watch() {
      timer = setInterval(() => {
        look().catch((cause: unknown) => log.error({ cause }, 'looking for an unfinished index failed'))
      }, LOOK_MS)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      notBefore = Number.POSITIVE_INFINITY
      worker?.postMessage('stop')
      worker?.ref()
      await ended
    },
  }
}
