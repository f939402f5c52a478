import { sql } from 'kysely'
import { isUsable } from '../domain/accounts.ts'
import { missingForConfig, NO_RIGHTS, RIGHT_NAMES } from '../domain/rights.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/times.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import { journalLagMs } from '../storage/dialect.ts'
import { isUnderstood, type SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, ok, problem, warning } from './finding.ts'

/** A store whose tables are of this release. */
export interface Records {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
}

/** Accounts of a profile that are looked at for one that works. */
const MAX_ACCOUNTS = 1000

const RUN_A_SERVER =
  'A running server does this every hour: start one, or look for "maintenance failed" in its log.'

export const RECORDS: readonly Check<Records>[] = [
  {
    name: 'settings',
    async run({ storage }) {
      const rows = await storage.db
        .selectFrom('glpi_plugin_callmanager_configs')
        .select(['name', 'value'])
        .orderBy('id')
        .execute()
      const names = rows.map(({ name }) => name)
      const doubled = [...Map.groupBy(names, (name) => name)].filter(([, rows]) => rows.length > 1)
      const wrong = rows.filter(({ name, value }) => !isUnderstood(name, value ?? '')).map(({ name }) => name)
      const outcomes = [
        ...doubled.map(([name, rows]) =>
          warning(
            `The setting ${name} is stored ${rows.length} times, as the PHP plugin leaves it; the newest row stands.`,
            setIt(name),
          ),
        ),
        ...[...new Set(wrong)].map((name) =>
          warning(
            `The setting ${name} holds something that is none of its values; the default stands.`,
            setIt(name),
          ),
        ),
      ]
      return outcomes.length > 0 ? outcomes : [ok(`All ${rows.length} stored settings are understood.`)]
    },
  },
  {
    name: 'rios',
    async run({ storage: { db } }) {
      const row = await db
        .selectFrom('glpi_plugin_callmanager_users as own')
        .leftJoin('glpi_users as user', 'user.id', 'own.users_id')
        .select(({ fn }) => [
          fn.countAll<number>().as('total'),
          fn
            .sum<number | null>(sql`case when coalesce(own.rio_number, '') = '' then 1 else 0 end`)
            .as('empty'),
          fn.sum<number | null>(sql`case when user.id is null then 1 else 0 end`).as('purged'),
          fn.sum<number | null>(sql`case when user.is_deleted = 1 then 1 else 0 end`).as('binned'),
        ])
        .executeTakeFirstOrThrow()
      const [total, empty, purged, binned] = [row.total, row.empty ?? 0, row.purged ?? 0, row.binned ?? 0]
      const notes = [
        ...(empty > 0 ? [`${empty} are empty, which means none`] : []),
        ...(purged > 0
          ? [`${purged} are of users who were purged, find nobody, and go with a server's daily sweep`]
          : []),
        ...(binned > 0 ? [`${binned} are of users in the bin, and find nobody until they are restored`] : []),
      ]
      const told = [`Our own table holds ${total} rows of RIOs.`, ...notes.map((note) => `Of these ${note}.`)]
      return [ok(told.join(' '), { ownTable: { rows: total, empty, purged, binned } })]
    },
  },
  {
    name: 'accounts',
    async run({ storage, settings, helpdesk }) {
      // A host that logs people in itself knows who can.
      if (helpdesk.logins === undefined) return []
      const { demoAccounts } = await settings.read()
      const configuring = await accountsThatConfigure(storage)
      const [demo, own] = [
        configuring.filter((id) => demoAccounts.has(id)).length,
        configuring.filter((id) => !demoAccounts.has(id)).length,
      ]
      if (demo + own === 0) {
        return [
          problem(
            'Nobody can log in and change settings.',
            'Make an account: callmanager user add LOGIN --profile Super-Admin',
          ),
        ]
      }
      if (demo > 0 && own > 0) {
        return [
          warning(
            `Accounts of the demo, whose passwords the world knows: ${demo}, beside ${own} of your own. They work from this machine only.`,
            'Deactivate them, or begin with an empty DATA_DIR.',
          ),
        ]
      }
      if (demo > 0) return [ok('This is the store of a demo; its logins work from this machine only.')]
      return [ok(`Accounts that can log in and change settings: ${own}.`)]
    },
  },
  {
    name: 'request source',
    async run({ storage, settings }) {
      const { phone_request_source: id } = await settings.read()
      const type = await storage.db
        .selectFrom('glpi_requesttypes')
        .select('is_active')
        .where('id', '=', id)
        .executeTakeFirst()
      if (type?.is_active === 1) return [ok('The request source of new tickets is there.')]
      return [
        warning(
          `The request source of new tickets (${id}) ${type === undefined ? 'is not there' : 'is switched off'}: they get the one that the helpdesk gives by itself.`,
          'callmanager settings set phone_request_source ID, with the id of a source from Setup > Dropdowns > Request sources.',
        ),
      ]
    },
  },
  {
    name: 'journal',
    async run({ storage, settings }) {
      const { journal_retention_days: days } = await settings.read()
      const oldest = await storage.db
        .selectFrom('glpi_plugin_callmanager_lookups')
        .select('looked_up_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      if (oldest === undefined || oldest.looked_up_at > Date.now() - (days + 1) * DAY_MS) {
        return [ok(`The journal keeps to its ${days} days.`)]
      }
      return [warning(`The journal holds look-ups that are older than its ${days} days.`, RUN_A_SERVER)]
    },
  },
  {
    name: 'statistics',
    async run({ storage }) {
      const waiting = await storage.db
        .selectFrom('glpi_plugin_callmanager_lookups as lookup')
        .select('lookup.looked_up_at')
        .where(({ selectFrom, eb }) =>
          eb(
            'lookup.id',
            '>',
            selectFrom('glpi_plugin_callmanager_statistics_position')
              .select('lookups_id')
              .where('id', '=', 1),
          ),
        )
        .orderBy('lookup.id')
        .limit(1)
        .executeTakeFirst()
      const latest = Date.now() - 2 * HOUR_MS - journalLagMs[storage.engine]
      if (waiting === undefined || waiting.looked_up_at > latest) return [ok('Look-ups are counted.')]
      return [
        warning(
          'Look-ups of more than two hours ago are not rolled up, and stay in the journal.',
          RUN_A_SERVER,
        ),
      ]
    },
  },
  {
    name: 'jobs',
    async run({ storage }) {
      const jobs = await storage.db
        .selectFrom('glpi_plugin_callmanager_jobs')
        .select(['created_at', 'lease_until'])
        .where('state', 'in', ['waiting', 'running'])
        .execute()
      const quiet = Date.now() - 10 * MINUTE_MS
      const stuck = jobs.filter((job) => job.lease_until < quiet && job.created_at < quiet).length
      const working = jobs.some((job) => job.lease_until >= Date.now())
      if (stuck === 0 || working) return [ok(`Jobs waiting or under way: ${jobs.length}.`)]
      return [
        warning(`Jobs waiting for more than ten minutes: ${stuck}.`, 'Start a server; it goes on with them.'),
      ]
    },
  },
  {
    name: 'clock',
    async run({ storage }) {
      const ahead = (await newestTimes(storage)).some((time) => time > Date.now() + 5 * MINUTE_MS)
      if (!ahead) return [ok('Nothing is dated in the future.')]
      return [
        warning(
          'Users, history or look-ups are dated more than five minutes in the future.',
          "Compare this machine's clock and time zone with the database's and the helpdesk's.",
        ),
      ]
    },
  },
]

const setIt = (name: string): string => `Set it once more: callmanager settings set ${name} VALUE`

/** Usable accounts with a password and a profile that may change settings. */
async function accountsThatConfigure({ db }: Storage): Promise<number[]> {
  const profiles = await db
    .selectFrom('glpi_profilerights as given')
    .innerJoin('glpi_profiles as profile', 'profile.id', 'given.profiles_id')
    .select(['profile.id', 'given.rights'])
    .where('given.name', '=', RIGHT_NAMES.config)
    .where('profile.interface', '=', 'central')
    .execute()
  const ids = profiles
    .filter(({ rights }) => missingForConfig({ ...NO_RIGHTS, config: rights }) === null)
    .map(({ id }) => id)
  if (ids.length === 0) return []
  const users = await db
    .selectFrom('glpi_profiles_users as held')
    .innerJoin('glpi_users as user', 'user.id', 'held.users_id')
    .select(['user.id', 'user.is_active', 'user.is_deleted', 'user.begin_date', 'user.end_date'])
    .distinct()
    .where('held.profiles_id', 'in', ids)
    .where('user.password', 'is not', null)
    .limit(MAX_ACCOUNTS)
    .execute()
  return users.filter((user) => isUsable(user, new Date())).map(({ id }) => id)
}

/** When the newest users, RIOs, lines of history and look-ups are dated, in milliseconds. */
async function newestTimes({ db }: Storage): Promise<number[]> {
  const [users, rios] = await Promise.all(
    (['glpi_users', 'glpi_plugin_callmanager_users'] as const).map((table) =>
      db
        .selectFrom(table)
        .select(({ fn }) => fn.max<string | null>('date_mod').as('at'))
        .executeTakeFirst(),
    ),
  )
  const log = await db
    .selectFrom('glpi_logs')
    .select('date_mod as at')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const lookup = await db
    .selectFrom('glpi_plugin_callmanager_lookups')
    .select('looked_up_at')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const dates = [users?.at, rios?.at, log?.at].flatMap((at) =>
    at ? [Date.parse(`${at.replace(' ', 'T')}Z`)] : [],
  )
  return [...dates, lookup?.looked_up_at ?? 0]
}
