import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import { ERRORS } from '../domain/errors.ts'
import { explainConnection } from '../storage/connection-failures.ts'
import { foreignTable, readRelease } from '../storage/migrate.ts'
import { damageOf } from '../storage/sqlite-backup.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'
import { type Machine, storeOf } from './machine.ts'

/** MariaDB 10.5 and MySQL 8 are what the tests run on. */
const OLDEST = { MariaDB: [10, 5], MySQL: [8, 0] } as const

const FROM_BACKUP = 'Stop the server and restore the newest backup: callmanager restore FILE'

/** Whether there is a database that can be opened. What comes after it is only looked at when this is well. */
export const STORE: readonly Check<Machine>[] = [
  {
    name: 'store',
    async run({ config, thorough }) {
      const store = storeOf(config)
      if (store === null) return []
      if (!existsSync(store)) {
        return [
          problem(
            `There is no store at ${store}.`,
            'Start a server once, or correct DATA_DIR or DATABASE_URL.',
          ),
        ]
      }
      const damage = damageOf(store, thorough ? 'thoroughly' : 'quickly')
      if (damage.length > 0) {
        return [problem(`The store is damaged, in ${damage.length} places or more.`, FROM_BACKUP)]
      }
      const looked = thorough ? 'every index compared with its table' : '--thorough also compares its indexes'
      return [ok(`The store is whole (${looked}).`)]
    },
  },
]

type Patient = Machine & { storage: Storage }

/** Whether it answers. */
export const ENGINE: readonly Check<Patient>[] = [
  {
    name: 'database',
    async run({ storage, config }) {
      try {
        return [await lookAtEngine(storage, config.HELPDESK_URL !== '')]
      } catch (error) {
        const failure = explainConnection(error)
        if (failure === null) throw error
        return [problem(failure.what, failure.remedy)]
      }
    },
  },
]

/** Whether it is one that this release works on. */
export const RELEASE: readonly Check<Patient>[] = [
  {
    name: 'release',
    async run({ storage, config }) {
      const { missing, unknown } = await readRelease(storage, config.HELPDESK_URL !== '')
      if (unknown.length > 0) {
        return [
          problem(
            `The tables are of a newer release (${unknown.join(', ')}).`,
            'Run that release, or restore a backup that was made by this one.',
          ),
        ]
      }
      if (missing.length === 0) return [ok('The tables are of this release.')]
      return [
        problem(
          `The tables are of an older release, or not made yet; steps that are missing: ${missing.length}.`,
          config.HELPDESK_URL === ''
            ? 'Start a server of this release; it brings them up to date.'
            : "An administrator of the database runs: callmanager migrate --print --account 'USER@HOST' | mariadb DATABASE",
        ),
      ]
    },
  },
]

async function lookAtEngine(storage: Storage, besideHost: boolean): Promise<Outcome> {
  const { engine, db } = storage
  if (engine === 'sqlite') {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
    return ok(`SQLite ${rows[0]?.version} opens the store.`)
  }
  // Kysely's own tables hold names of migrations only.
  const { rows } = await sql<{ version: string; locked: string | number; narrow: number }>`
    select version() as version, @@global.read_only as locked,
      (select count(*) from information_schema.tables
        where table_schema = database() and table_name like 'glpi\\_%' and table_name not like '%migrations%'
          and table_collation not like 'utf8mb4%') as narrow`.execute(db)
  const { version = '', locked = 0, narrow = 0 } = rows[0] ?? {}
  const name = version.includes('MariaDB') ? 'MariaDB' : 'MySQL'
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const [oldest, oldestMinor] = OLDEST[name]
  if (major < oldest || (major === oldest && minor < oldestMinor)) {
    return problem(`${name} ${version} answers.`, `Bring it to ${name} ${OLDEST[name].join('.')} or later.`)
  }
  // A number, or a word on newer servers.
  if (!['0', 'OFF'].includes(String(locked))) {
    return problem(
      `${name} ${version} answers, but takes no writes (read_only): no look-up can be journalled.`,
      'Name the server that is written to in DATABASE_URL, or, if this one is to be: set global read_only = 0',
    )
  }
  if (besideHost) return ok(`${name} ${version} answers.`)
  if ((await foreignTable(storage)) !== null) {
    const { title, remedy } = ERRORS['foreign-database']
    return problem(`${title}.`, remedy)
  }
  if (narrow > 0) {
    return warning(
      `${name} ${version} answers; ${narrow} tables are not in utf8mb4, and cannot keep every letter.`,
      'alter table … convert to character set utf8mb4 collate utf8mb4_unicode_ci',
    )
  }
  return ok(`${name} ${version} answers; the tables are in utf8mb4.`)
}
