import { parentPort, workerData } from 'node:worker_threads'
import { examineBeside } from './examination.ts'
import type { Machine } from './machine.ts'

/** Runs in a thread of its own: counting a million people must not hold up look-ups. */
const config = workerData as Machine['config']
parentPort?.postMessage(await examineBeside(config))
