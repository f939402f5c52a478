import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqlite-commit.ts'

/**
 * Keeps a second server off one SQLite file: the system drops this lock however the process ends, so that none is ever
 * left behind. Answers how to give it back, or null when another process holds it.
 */
export function lockServer(databasePath: string): (() => void) | null {
  const path = `${databasePath}.lock`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    return null
  }
  return () => lock.close()
}
