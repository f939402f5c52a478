import { syncBuiltinESMExports } from 'node:module'
import { basename, join } from 'node:path'
import threads, { type WorkerOptions } from 'node:worker_threads'
import { inject } from 'vitest'

/**
 * Threads run the built program (`program.ts`) also where the sources are what is tested: a thread of the sources reads a
 * thousand files before its first line, and hundreds of threads are started.
 */
const { Worker } = threads
if (Worker.name === 'Worker') {
  threads.Worker = class BuiltWorker extends Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      const name = basename(String(file), '.ts')
      super(name.endsWith('-worker') ? join(inject('program'), `${name}.js`) : file, options)
    }
  }
  syncBuiltinESMExports()
}
