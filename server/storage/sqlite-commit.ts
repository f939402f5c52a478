import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import type { Durability } from './storage.ts'

/** How long a write waits for another process (the CLI, a worker) to finish its own. */
const BUSY_TIMEOUT_MS = 5000

interface Entry {
  durability: Durability
  /** Does the work, keeps its outcome; never rejects. */
  attempt(): Promise<void>
  settle(commitError?: unknown): void
}

interface GroupCommit {
  run<T>(durability: Durability, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is queued or running. */
  drained(): Promise<void>
}

export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

/**
 * Writes that arrive together share one commit, so that a disk flush is paid once for all of them. Each runs in its own
 * savepoint: one that fails leaves the others alone. Nobody is told of success before the commit.
 */
export function createGroupCommit(connection: DatabaseSync): GroupCommit {
  let queue: Entry[] = []
  let running: Promise<void> | undefined

  async function begin(): Promise<void> {
    const deadline = performance.now() + BUSY_TIMEOUT_MS
    for (;;) {
      try {
        connection.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error)) throw error
        if (performance.now() > deadline) throw new AppError('storage-unavailable', { cause: error })
        await sleep(1)
      }
    }
  }

  async function commitGroup(group: Entry[]): Promise<void> {
    try {
      const durable = group.some((entry) => entry.durability === 'full')
      connection.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
      await begin()
      for (const entry of group) await entry.attempt()
      connection.exec('COMMIT')
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK')
      for (const entry of group) entry.settle(error)
      return
    }
    for (const entry of group) entry.settle()
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      // One turn of the event loop lets writes that are on their way join this group.
      await new Promise((resolve) => setImmediate(resolve))
      const group = queue
      queue = []
      await commitGroup(group)
    }
    running = undefined
  }

  function run<T>(durability: Durability, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let finish = (): void => reject(new AppError('internal-error', { detail: 'the write never ran' }))
      queue.push({
        durability,
        async attempt() {
          connection.exec('SAVEPOINT entry')
          try {
            const value = await work()
            finish = () => resolve(value)
          } catch (error) {
            connection.exec('ROLLBACK TO entry')
            finish = () => reject(error)
          }
          connection.exec('RELEASE entry')
        },
        settle: (commitError) => (commitError === undefined ? finish() : reject(commitError)),
      })
      running ??= drain()
    })
  }

  return { run, drained: async () => running }
}
