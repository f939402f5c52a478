import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import type { Durability } from './storage.ts'

/** How long a write waits for another process (the CLI, a worker) to finish its own. */
const BUSY_TIMEOUT_MS = 5000

interface Entry {
  durability: Durability
  /** Does the work and keeps its outcome. With `apart`, a failure undoes this entry only; else it fails the transaction. */
  attempt(apart: boolean): Promise<void>
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
export function createGroupCommit(connection: DatabaseSync, beforeBegin: () => void): GroupCommit {
  let queue: Entry[] = []
  let running: Promise<void> | undefined
  let synchronous: Durability = 'normal'
  let waitsByTimers = false
  const beginImmediate = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')

  async function begin(): Promise<void> {
    const deadline = performance.now() + BUSY_TIMEOUT_MS
    for (;;) {
      try {
        beginImmediate.run()
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
      const durability = group.some((entry) => entry.durability === 'full') ? 'full' : 'normal'
      beforeBegin()
      if (!waitsByTimers) connection.exec('PRAGMA busy_timeout = 0')
      waitsByTimers = true
      if (durability !== synchronous) connection.exec(`PRAGMA synchronous = ${durability}`)
      synchronous = durability
      await begin()
      for (const entry of group) await entry.attempt(group.length > 1)
      commit.run()
    } catch (error) {
      // Whatever has happened to the connection, those who wait are told.
      if (connection.isOpen && connection.isTransaction) connection.exec('ROLLBACK')
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
        async attempt(apart) {
          if (!apart) {
            const value = await work()
            finish = () => resolve(value)
            return
          }
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
