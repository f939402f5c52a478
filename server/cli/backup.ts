import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, readConfig, StartError } from '../config.ts'
import { backUp, type OnProgress } from '../storage/sqlite-backup.ts'

const PROGRESS_MS = 1000

/** `callmanager backup [FILE]`: a checked copy of the store as of one moment; a running server goes on. */
export async function backup(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false } },
  })
  const [given, ...rest] = positionals
  if (rest.length > 0) throw new StartError('Usage: callmanager backup [FILE] [--force]')
  const config = readConfig()
  const store = embeddedStore(
    config,
    (client) => `mariadb-dump --single-transaction ${client} > callmanager.sql`,
  )
  if (!existsSync(store))
    throw new StartError(`There is no store at ${store}. Correct DATA_DIR or DATABASE_URL.`)
  const file = given === undefined ? join(backupFolder(config), `callmanager-${stamp()}.db`) : resolve(given)
  if (!existsSync(dirname(file))) throw new StartError(`There is no folder ${dirname(file)}. Make it first.`)
  if (existsSync(file) && (!values.force || file === store)) {
    throw new StartError(`${file} is there already. Choose another name, or overwrite a backup with --force.`)
  }
  const damage = await backUp(store, file, tellProgress('copied'))
  if (damage.length > 0) {
    throw new StartError(
      `The store is damaged (${damage[0]}), and no backup was kept. Run callmanager doctor --thorough, and restore an older backup.`,
    )
  }
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB, whole.`)
}

/** Where backups go that are given no name of their own. */
export function backupFolder({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): string {
  const folder = join(DATA_DIR, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** A moment as it can stand in a file's name, and sorts by it. */
export function stamp(): string {
  return new Date().toISOString().replace('T', '-').replace(/[:.Z]/g, '')
}

/** Tells once a second how far something is. */
export function tellProgress(what: string): OnProgress {
  let told = performance.now()
  return (share) => {
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    console.log(`${Math.floor(share * 100)} % ${what}`)
  }
}

/** The embedded store's file. For MariaDB there are better tools: `command` says which, given how to reach the server. */
export function embeddedStore({ DATABASE_URL }: Config, command: (client: string) => string): string {
  if (DATABASE_URL.startsWith('file:')) return DATABASE_URL.slice('file:'.length)
  const url = new URL(DATABASE_URL)
  const socket = url.searchParams.get('socketPath')
  const client = [
    ...(socket === null
      ? [`--host=${url.hostname.replace(/^\[|\]$/g, '')}`, `--port=${url.port || 3306}`]
      : [`--socket=${socket}`]),
    `--user=${decodeURIComponent(url.username)}`,
    '--password',
    decodeURIComponent(url.pathname.slice(1)),
  ]
  throw new StartError(
    `The database of DATABASE_URL is kept by its own server; use its tools: ${command(client.map(quoted).join(' '))}`,
  )
}

function quoted(word: string): string {
  return /^[\w./=:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
