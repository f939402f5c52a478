import { DAY_MS, HOUR_MS } from '../domain/times.ts'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { isBuilt, isCurrent, selectPosition } from '../identifiers/position.ts'
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
      if (missing + surplus === 0) return [ok(`The index agrees with ${looked}.`)]
      const what = `For ${looked}, ${missing} rows are missing in the index and ${surplus} are too many.`
      if (position !== undefined && (!isCurrent(position) || position.rebuild_after !== null)) {
        return [
          warning(
            `${what} It has not followed every change yet.`,
            `The next look-up does; or run: ${REINDEX}`,
          ),
        ]
      }
      return [problem(what, `Run: ${REINDEX}`)]
    },
  },
]

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
