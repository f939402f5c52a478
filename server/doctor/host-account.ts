import { sql } from 'kysely'
import { missingGrants } from '../storage/missing-grants.ts'
import { isDenied, isUnknownColumn, isUnknownTable } from '../storage/refusals.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, ok, problem, warning } from './finding.ts'
import type { Machine } from './machine.ts'

/** What Call Manager never does, by statements that touch no row. */
const TOO_MUCH: readonly [what: string, statement: ReturnType<typeof sql>][] = [
  ['read passwords', sql`select password from glpi_users limit 0`],
  ['read the tokens that people log in with', sql`select api_token from glpi_users limit 0`],
  ['change people', sql`update glpi_users set id = id where 1 = 0`],
  ['change tickets', sql`update glpi_tickets set id = id where 1 = 0`],
  ['change rights', sql`update glpi_profilerights set rights = rights where 1 = 0`],
  ['remove history', sql`delete from glpi_logs where 1 = 0`],
]

/** More than a few GRANTs are better run from a file than copied from here. */
const MOST_TOLD = 3

const OWN_ACCOUNT =
  "Give Call Manager an account of its own: callmanager migrate --print --account 'callmanager@HOST' | mariadb DATABASE, and DATABASE_URL with it (docs/install.md)."

/** What our account may do in the host's database: enough, and no more. */
export const HOST_ACCOUNT: readonly Check<Machine & { storage: Storage }>[] = [
  {
    name: 'privileges',
    async run({ storage }) {
      const missing = await missingGrants(storage)
      if (missing.length === 0) return [ok('The account of the database may do what it needs.')]
      return [
        problem(
          `Privileges that the account of the database lacks: ${missing.length}.`,
          missing.length > MOST_TOLD
            ? 'An administrator of the database runs: callmanager migrate --print | mariadb DATABASE'
            : `An administrator of the database runs: ${missing.join('; ')};`,
        ),
      ]
    },
  },
  {
    name: 'account',
    async run({ storage, config }) {
      if (config.databaseFromHost) {
        return [
          warning(
            "HELPDESK_CONFIG_DB is in use: Call Manager works with the helpdesk's own account of the database, which may do everything.",
            OWN_ACCOUNT.replace('DATABASE_URL with it', 'DATABASE_URL instead of HELPDESK_CONFIG_DB'),
          ),
        ]
      }
      const powers: string[] = []
      for (const [what, statement] of TOO_MUCH) if (await mayRun(storage, statement)) powers.push(what)
      if (powers.length === 0) return [ok('It may do no more than that.')]
      return [
        warning(
          `The account of DATABASE_URL may also ${powers.join(', ')}; Call Manager never does.`,
          OWN_ACCOUNT,
        ),
      ]
    },
  },
]

async function mayRun({ db }: Storage, statement: ReturnType<typeof sql>): Promise<boolean> {
  try {
    await statement.execute(db)
    return true
  } catch (error) {
    // A table that is not there is told by the check before.
    if (isDenied(error) || isUnknownTable(error) || isUnknownColumn(error)) return false
    throw error
  }
}
