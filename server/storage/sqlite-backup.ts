import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'

/** Pages a step; between steps progress is told. */
const PAGES = 2000

/** How long a restore waits for the moment in which nobody else writes. */
const PATIENCE_MS = 30_000
const RETRY_MS = 3

const MAGIC = 'SQLite format 3\0'

export type OnProgress = (share: number) => void

/**
 * Copies a store to a new file, as it is at one moment, while others go on writing. The copy is read from one snapshot:
 * without it, each write of another process would make SQLite begin anew, and a busy server would never let it end.
 */
export async function copyStore(from: string, to: string, onProgress: OnProgress = () => {}): Promise<void> {
  // It holds people's data and password hashes from its first page on.
  closeSync(openSync(to, 'wx', 0o600))
  const source = openSnapshot(from)
  try {
    await backup(source, to, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onProgress(1 - remainingPages / totalPages),
    })
  } finally {
    source.close()
  }
  syncToDisk(to)
}

/**
 * Makes a backup under a name, where there is never half a file: the copy is made beside it, checked, and renamed. Answers
 * what is wrong with the copy, which then is not kept.
 */
export async function backUp(store: string, file: string, onProgress: OnProgress): Promise<string[]> {
  // The name is this process's own: another backup to the same file has another.
  const partial = `${file}.${process.pid}.partial`
  try {
    await copyStore(store, partial, onProgress)
    const copy = new DatabaseSync(partial)
    try {
      // A file that needs no others beside it.
      copy.exec('PRAGMA journal_mode = DELETE')
    } finally {
      copy.close()
    }
    const damage = damageOf(partial, 'thoroughly')
    if (damage.length > 0) return damage
    syncToDisk(partial)
    renameSync(partial, file)
    syncToDisk(dirname(file))
    return []
  } catch (error) {
    if (isDamage(error)) return [error.message]
    throw error
  } finally {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${end}`, { force: true })
  }
}

/**
 * Puts a prepared copy in the place of a live store, as one transaction of it: a running server reads the store of before
 * until it is committed and the new one from then on, and a restore that is killed has changed nothing. Writers wait.
 */
export async function replaceStore(from: string, store: string, onProgress: OnProgress): Promise<void> {
  if (!existsSync(store)) {
    mkdirSync(dirname(store), { recursive: true, mode: 0o700 })
    closeSync(openSync(store, 'wx', 0o600))
  }
  const source = openSnapshot(from)
  try {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        await backup(source, store, {
          rate: PAGES,
          progress: ({ totalPages, remainingPages }) => onProgress(1 - remainingPages / totalPages),
        })
        break
      } catch (error) {
        // Another's write is under way, which Node does not tell from other failures. The lock is taken with the first step.
        if (performance.now() > deadline) throw new AppError('storage-unavailable', { cause: error })
        await sleep(RETRY_MS)
      }
    }
  } finally {
    source.close()
  }
  shrinkLog(store)
}

/** The log holds every page twice now; what can be moved without waiting for others is moved. */
function shrinkLog(store: string): void {
  const connection = new DatabaseSync(store, { timeout: 1000 })
  try {
    connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    connection.close()
  }
}

/** Whether the file can be read at all; single pages of it may be damaged all the same. */
export function isReadable(path: string): boolean {
  if (!isSqliteFile(path)) return false
  try {
    openSnapshot(path).close()
    return true
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}

/** Whether the file begins as SQLite's do; an empty one is an empty database, but nobody's backup. */
function isSqliteFile(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(MAGIC.length)
    readSync(file, head, 0, MAGIC.length, 0)
    return head.toString('latin1') === MAGIC
  } finally {
    closeSync(file)
  }
}

/** What SQLite finds wrong with a file; `quickly` does not compare indexes with their tables. */
export function damageOf(path: string, how: 'quickly' | 'thoroughly'): string[] {
  try {
    const connection = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    try {
      const check = how === 'thoroughly' ? 'PRAGMA integrity_check(20)' : 'PRAGMA quick_check(20)'
      const lines = connection
        .prepare(check)
        .all()
        .map((row) => String(Object.values(row)[0]))
      return lines.filter((line) => line !== 'ok')
    } finally {
      connection.close()
    }
  } catch (error) {
    if (isDamage(error)) return [error.message]
    throw error
  }
}

/**
 * What in a file would do or show something of its own while we read and write our tables, in words; null where nothing
 * does, as in every store of ours.
 */
export function programIn(path: string): string | null {
  const connection = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    const found = connection
      .prepare("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name")
      .get()
    return found === undefined ? null : `a ${found.type}, ${found.name}`
  } finally {
    connection.close()
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && [11, 26].includes(Number(error.errcode) & 0xff)
}

function openSnapshot(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    connection.exec('BEGIN')
    connection.prepare('SELECT count(*) FROM sqlite_master').get()
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function syncToDisk(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
