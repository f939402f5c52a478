import { Worker } from 'node:worker_threads'
import type { Examination } from '../../contract/health.ts'
import type { Machine } from './machine.ts'

/** How long what was found is answered again; among a million people looking takes some seconds. */
const FRESH_MS = 30_000

export interface Examiner {
  /** What was last found, and whether it is being looked at anew: where that is old, asking begins it. */
  read(): { examination: Examination | null; examining: boolean }
  stop(): Promise<void>
}

interface Log {
  error(line: object, text: string): void
}

/** Keeps at most one thread that examines this installation, and what the last one found. */
export function createExaminer(config: Machine['config'], log: Log): Examiner {
  let worker: Worker | undefined
  let examination: Examination | null = null
  let freshUntil = Number.NEGATIVE_INFINITY

  function start(): void {
    if (worker !== undefined || performance.now() < freshUntil) return
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    worker = new Worker(new URL(`./examination-worker.${extension}`, import.meta.url), { workerData: config })
    worker.on('message', (found: Examination) => {
      examination = found
    })
    worker.on('error', (cause) => log.error({ cause }, 'looking at this installation failed'))
    worker.on('exit', () => {
      worker = undefined
      // Counted from its end, and after a failure as well: what is slow or ill is not asked without a pause.
      if (freshUntil !== Number.POSITIVE_INFINITY) freshUntil = performance.now() + FRESH_MS
    })
    worker.unref()
  }

  return {
    read() {
      start()
      return { examination, examining: worker !== undefined }
    },
    async stop() {
      freshUntil = Number.POSITIVE_INFINITY
      await worker?.terminate()
    },
  }
}
