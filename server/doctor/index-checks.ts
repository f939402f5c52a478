import { sql } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { DAY_MS, HOUR_MS } from '../domain/times.ts'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { isBuilt, isCurrent, selectPosition, selectStanding, wasBuilt } from '../identifiers/position.ts'
import {
  compareUsers,
  type IndexDependencies,
  type KeyRules,
  readKeyRules,
  type UserSet,
} from '../identifiers/refresh.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, ok, problem, warning } from './finding.ts'

/** The sweep is daily; so long without one, no server has run, or it fails. */
const LONGEST_UNSWEPT_MS = 7 * DAY_MS

/** Users looked at without `--thorough`: so many, in so many places. */
const SAMPLES = 20
const SAMPLE = 50
const CHUNK = 1000

const REINDEX = 'callmanager reindex'

export const INDEX: readonly Check<IndexDependencies & { thorough: boolean }>[] = [
  {
    name: 'index',
    async run({ storage }) {
      const state = await storage.db
        .selectFrom('glpi_plugin_callmanager_index')
        .select(['version', 'rebuild_after', 'rebuilt_at', 'lease_owner', 'lease_until'])
        .where('id', '=', 1)
        .executeTakeFirst()
      if (state === undefined) {
        return [
          problem('The row that says how far the identifier index is, is missing.', 'Restore a backup.'),
        ]
      }
      const atWork = state.lease_owner !== null && state.lease_until > Date.now()
      if (state.version !== KEYS_VERSION || state.rebuild_after !== null) {
        if (atWork) return [ok('The identifier index is being built or compared; look-ups go on meanwhile.')]
        return [
          warning(
            'The identifier index is not whole, and no process is building it; look-ups by phone may miss people.',
            `Start a server, or run: ${REINDEX}`,
          ),
        ]
      }
      if (Date.now() - state.rebuilt_at > LONGEST_UNSWEPT_MS) {
        return [
          warning(
            'The identifier index has not been compared with the users for a week or more.',
            `Run: ${REINDEX}`,
          ),
        ]
      }
      if (state.lease_owner !== null && !atWork) {
        return [
          ok(
            'The identifier index is whole. A process that worked on it was killed; the next one takes over.',
          ),
        ]
      }
      const hours = Math.floor((Date.now() - state.rebuilt_at) / HOUR_MS)
      return [
        ok(
          `The identifier index is whole; it was compared with all users ${hours === 0 ? 'within the hour' : `${hours} h ago`}.`,
        ),
      ]
    },
  },
  {
    name: 'index rows',
    async run(dependencies) {
      const { storage, thorough } = dependencies
      const before = await selectPosition(storage.db, storage.engine).executeTakeFirst()
      // What is being built, or is to be, lacks rows of course; the check before tells of that.
      if (before === undefined || !isBuilt(before)) return []
      const rules = await readKeyRules(dependencies)
      let users = 0
      const doubtful: UserSet[] = []
      for await (const part of partsOfUsers(storage, thorough)) {
        users += part.users
        if ((await differences(storage, part.set, rules)).some((count) => count > 0)) doubtful.push(part.set)
      }
      const position = await selectPosition(storage.db, storage.engine).executeTakeFirst()
      // Once more: a running server may have changed them between the two readings.
      let [missing, surplus] = [0, 0]
      for (const set of doubtful) {
        const [lacking, over] = await differences(storage, set, rules)
        missing += lacking
        surplus += over
      }
      const looked = thorough ? `all ${users} users` : `a sample of ${users} users`
      const counted = { drift: { people: users, missing, surplus } }
      if (missing + surplus === 0) return [ok(`The index agrees with ${looked}.`, counted)]
      const what = `For ${looked}, ${missing} rows are missing in the index and ${surplus} are too many.`
      if (position !== undefined && (!isCurrent(position) || position.rebuild_after !== null)) {
        return [
          warning(
            `${what} It has not followed every change yet.`,
            `The next look-up does; or run: ${REINDEX}`,
            counted,
          ),
        ]
      }
      return [problem(what, `Run: ${REINDEX}`, counted)]
    },
  },
  {
    name: 'shared rios',
    async run({ storage, settings }) {
      const standing = await selectStanding(storage.db, storage.engine).executeTakeFirst()
      if (standing === undefined || !wasBuilt(standing)) return []
      const { rio_storage_method: method, shared_rios: policy } = await settings.read()
      const rios = await countHolders(storage, method)
      const { people, holders, shared, sharing } = rios
      const has = `${holders} of ${people} people have a RIO`
      if (shared === 0) return [ok(`${has}; nobody shares one.`, { rios })]
      const what = `${has}; ${shared} RIOs are shared, by ${sharing} people.`
      if (policy === 'allowed') return [ok(what, { rios })]
      return [
        warning(
          `${what} The settings refuse this; who shared one before keeps it.`,
          'Read which they are (GET api/v1/rios/shared), and give all but one of each another RIO.',
          { rios },
        ),
      ]
    },
  },
]

/** How many people there are, in the bin or not, and how many have a RIO of their own or share one, by the index. */
async function countHolders({ db }: Storage, method: RioStorageMethod) {
  const { people } = await db
    .selectFrom('glpi_users')
    .select(({ fn }) => fn.countAll<number>().as('people'))
    .executeTakeFirstOrThrow()
  const held = db
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .where('kind', '=', sql.lit('rio'))
    .where('source', '=', method)
  const { holders } = await held
    .select(({ fn }) => fn.countAll<number>().as('holders'))
    .executeTakeFirstOrThrow()
  const several = held
    .select(({ fn }) => fn.countAll<number>().as('people'))
    .groupBy('identifier_key')
    .having(({ fn }) => fn.countAll(), '>', sql.lit(1))
  const { shared, sharing } = await db
    .selectFrom(several.as('several'))
    .select(({ fn }) => [
      fn.countAll<number>().as('shared'),
      fn.coalesce(fn.sum<number>('people'), sql.lit(0)).as('sharing'),
    ])
    .executeTakeFirstOrThrow()
  return { people, holders, shared, sharing }
}

/** Counts what is missing and what is too many. */
async function differences({ db }: Storage, users: UserSet, rules: KeyRules): Promise<[number, number]> {
  const { missing, surplus } = await compareUsers(db, users, rules)
  return [missing.length, surplus.length]
}

/** All users in order of id, with the gaps in which purged ones were; or some, spread evenly. */
async function* partsOfUsers(
  { db }: Storage,
  thorough: boolean,
): AsyncGenerator<{ set: UserSet; users: number }> {
  const { newest } = await db
    .selectFrom('glpi_users')
    .select(({ fn }) => fn.max<number | null>('id').as('newest'))
    .executeTakeFirstOrThrow()
  const step = Math.max(1, Math.floor((newest ?? 0) / SAMPLES))
  for (let after = 0; ; ) {
    const ids = await db
      .selectFrom('glpi_users')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(thorough ? CHUNK : SAMPLE)
      .execute()
    const last = ids.at(-1)?.id
    // Behind the last user there can only be rows of purged ones.
    yield { set: { after, upTo: last ?? Number.MAX_SAFE_INTEGER }, users: ids.length }
    if (last === undefined) return
    after = thorough ? last : Math.max(last, after + step)
  }
}
