import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readConfig, StartError } from '../config.ts'
import { migrate } from '../helpdesk/open.ts'
import { startRebuild } from '../identifiers/rebuild.ts'
import { lockServer } from '../storage/lock.ts'
import { readRelease } from '../storage/migrate.ts'
import { copyStore, damageOf, isReadable, programIn, replaceStore } from '../storage/sqlite-backup.ts'
import { openStorage } from '../storage/storage.ts'
import { backupFolder, embeddedStore, stamp, tellProgress } from './backup.ts'

/** What SQLite keeps beside a database. */
const ENDS = ['', '-wal', '-shm', '-journal']

/**
 * `callmanager restore FILE`: puts a backup in the place of the store. All that can go wrong is tried on a copy; the store
 * itself changes in one transaction, so that a running server goes on, and a killed restore has changed nothing.
 */
export async function restore(args: string[]): Promise<void> {
  const [given, ...rest] = args
  if (given === undefined || given.startsWith('-') || rest.length > 0) {
    throw new StartError('Usage: callmanager restore FILE')
  }
  const config = readConfig()
  const store = embeddedStore(
    config,
    (client) => `stop every server, then mariadb ${client} < callmanager.sql, then callmanager reindex`,
  )
  const file = resolve(given)
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`)
  if (file === store) throw new StartError(`${file} is the store itself. Name a backup of it.`)
  if (!isReadable(file)) throw notABackup(file, 'it is no SQLite database, or its beginning is damaged')

  const folder = backupFolder(config)
  const staged = join(folder, 'restoring.db')
  const release = lockServer(staged)
  if (release === null) throw new StartError('Another restore is under way. Wait for it to end.')
  try {
    // What a killed restore left.
    remove(staged)
    const sessions = await prepare(file, staged)
    const before = await keepStore(store, folder)
    await replaceStore(staged, store, tellProgress('restored'))
    console.log(`${file} is restored. ${sessions} sessions were ended: everybody has to log in again.`)
    if (before !== null) console.log(`The store as it was before is kept as ${before}.`)
    console.log('The identifier index is compared with the users once more; look-ups go on meanwhile.')
  } finally {
    remove(staged)
    release()
    rmSync(`${staged}.lock`, { force: true })
  }
}

/**
 * Copies the backup and brings the copy to this release. Sessions of then are ended, since who has lost their right to
 * one since would have it back; the index begins to be compared with the users. Answers how many sessions there were.
 */
async function prepare(file: string, staged: string): Promise<number> {
  await copyStore(file, staged)
  const damage = damageOf(staged, 'thoroughly')
  if (damage.length > 0) throw notABackup(file, `it is damaged: ${damage[0]}`)
  const stranger = programIn(staged)
  if (stranger !== null) throw notABackup(file, `it holds ${stranger}, which Call Manager did not make`)
  const storage = await openStorage(`file:${staged}`)
  try {
    const { done, unknown } = await readRelease(storage, false)
    if (done.length === 0) throw notABackup(file, 'it holds no tables of Call Manager')
    if (unknown.length > 0) {
      throw new StartError(
        `${file} was made by a newer release (it holds ${unknown.join(', ')}). Restore it with that release.`,
      )
    }
    // A backup is of an embedded store, wherever it is restored.
    await migrate(storage, { HELPDESK_URL: '', DATA_DIR: dirname(staged) })
    await startRebuild(storage)
    return await storage.write('full', async (tx) => {
      const [deleted] = await tx.deleteFrom('glpi_plugin_callmanager_sessions').execute()
      return Number(deleted?.numDeletedRows ?? 0)
    })
  } finally {
    await storage.close()
  }
}

/** Keeps the store as it is now; answers where, or null where there is none. One that cannot be read is moved away. */
async function keepStore(store: string, folder: string): Promise<string | null> {
  if (!existsSync(store)) return null
  const kept = join(folder, `before-restore-${stamp()}.db`)
  if (isReadable(store)) {
    await copyStore(store, kept)
    return kept
  }
  const release = lockServer(store)
  if (release === null) {
    throw new StartError(`${store} cannot be read, and a server runs on it. Stop the server first.`)
  }
  for (const end of ENDS) if (existsSync(`${store}${end}`)) renameSync(`${store}${end}`, `${kept}${end}`)
  release()
  return kept
}

function remove(path: string): void {
  for (const end of ENDS) rmSync(`${path}${end}`, { force: true })
}

function notABackup(file: string, reason: string): StartError {
  return new StartError(`${file} is not a backup that can be restored: ${reason}. Nothing was changed.`)
}
