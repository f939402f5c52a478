import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import type { HelpdeskConfig } from '../helpdesk/open.ts'
import { type Check, ok, problem, warning } from './finding.ts'

/** What can be looked at before a database is opened. */
export interface Machine {
  config: HelpdeskConfig & Pick<Config, 'BASE_PATH' | 'PUBLIC_URL' | 'TRUSTED_PROXIES' | 'databaseFromHost'>
  thorough: boolean
}

const NODE = 24
const MB = 1e6
/** Below this SQLite soon cannot write at all. */
const LEAST_FREE = 100 * MB
const LARGE_LOG = 256 * MB

/** The embedded store's file; null where the database is a server's. */
export function storeOf({ DATABASE_URL }: Machine['config']): string | null {
  return DATABASE_URL.startsWith('file:') ? DATABASE_URL.slice('file:'.length) : null
}

const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

export const MACHINE: readonly Check<Machine>[] = [
  {
    name: 'runtime',
    async run() {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
      const what = `Node ${process.versions.node}; this machine's time zone is ${timeZone}, and times are kept in UTC.`
      const tooOld = Number(process.versions.node.split('.')[0]) < NODE
      return [tooOld ? problem(what, `Run it on Node ${NODE}: npm run setup brings one along.`) : ok(what)]
    },
  },
  {
    name: 'files',
    async run({ config }) {
      const store = storeOf(config)
      if (store === null || !existsSync(store) || process.platform === 'win32') return []
      const folder = dirname(store)
      const isOpen = (path: string) => existsSync(path) && (statSync(path).mode & 0o077) !== 0
      // In a folder of one's own it does not matter what else a file allows.
      const backups = join(config.DATA_DIR, 'backups')
      const open = [folder, backups].filter(isOpen)
      const readable = open.flatMap((one) =>
        readdirSync(one)
          .filter((name) => /\.db/.test(name))
          .map((name) => join(one, name))
          .filter(isOpen),
      )
      if (readable.length === 0) return [ok('Only this account can read the store and its backups.')]
      return [
        warning(
          `Files with people's data and password hashes that other accounts of this machine can read: ${readable.length}.`,
          `chmod 700 ${open.join(' ')}`,
        ),
      ]
    },
  },
  {
    name: 'space',
    async run({ config }) {
      const store = storeOf(config)
      if (store === null || !existsSync(store)) return []
      const { bavail, bsize } = statfsSync(dirname(store))
      const free = bavail * bsize
      const [size, log] = [sizeOf(store), sizeOf(`${store}-wal`)]
      const what = `The store takes ${megabytes(size)}, its log ${megabytes(log)}; ${megabytes(free)} are free.`
      if (free < LEAST_FREE) return [problem(what, 'Make room on the disk of DATA_DIR.')]
      if (free < 2 * size) {
        return [
          warning(what, 'A restore needs twice the size of the store: make room on the disk of DATA_DIR.'),
        ]
      }
      if (log > Math.max(LARGE_LOG, size)) {
        return [
          warning(
            what,
            'Something has been reading the store for very long: restart the server, end other readers.',
          ),
        ]
      }
      return [ok(what)]
    },
  },
]
