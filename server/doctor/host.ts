import { sql } from 'kysely'
import { createHostRest } from '../helpdesk/itsmng/rest.ts'
import { missingGrants } from '../storage/missing-grants.ts'
import { isDenied } from '../storage/refusals.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Finding, ok, problem, runChecks, statusOf, warning } from './finding.ts'
import { HOST_API } from './host-api.ts'
import { HOST_DATABASE } from './host-database.ts'
import { HOST_RIGHTS } from './host-rights.ts'
import type { Machine } from './machine.ts'

/** What our account may do in the host's database: enough, and no more. */
const PRIVILEGES: readonly Check<{ storage: Storage }>[] = [
  {
    name: 'privileges',
    async run({ storage }) {
      const missing = await missingGrants(storage)
      if (missing.length > 0) {
        return [
          problem(
            `The account of DATABASE_URL lacks ${missing.length} privileges.`,
            `${missing.join('; ')};`,
          ),
        ]
      }
      if (!(await mayWriteUsers(storage)))
        return [ok('The account of DATABASE_URL may do what it needs, and no more.')]
      return [
        warning(
          "The account of DATABASE_URL may change the helpdesk's own tables, as its own account may; Call Manager never does.",
          "Give Call Manager an account of its own: callmanager migrate --print --account 'callmanager@HOST' | mariadb DATABASE (docs/install.md)",
        ),
      ]
    },
  },
]

async function mayWriteUsers({ db }: Storage): Promise<boolean> {
  try {
    await sql`update glpi_users set id = id where 1 = 0`.execute(db)
    return true
  } catch (error) {
    if (isDenied(error)) return false
    throw error
  }
}

/** Looks at the helpdesk that we are attached to, whether or not our own tables are there yet. */
export async function examineHost({ config }: Machine, storage: Storage): Promise<Finding[]> {
  const { HELPDESK_URL: url, HELPDESK_APP_TOKEN: appToken, BASE_PATH: basePath } = config
  const rest = createHostRest({ url, appToken, timeoutMs: config.HELPDESK_TIMEOUT_SECONDS * 1000 })
  const privileges = await runChecks(PRIVILEGES, { storage })
  const api = await runChecks(HOST_API, { storage, rest, url, basePath })
  // Without them, there is nothing of the host's to be looked at.
  if (statusOf(privileges) === 'problem') return [...privileges, ...api]
  return [
    ...privileges,
    ...api,
    ...(await runChecks(HOST_DATABASE, { storage, config })),
    ...(await runChecks(HOST_RIGHTS, { storage })),
  ]
}
