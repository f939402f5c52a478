import {
  chmodSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { hostTimeIn, PROFILES, peopleIn } from '../../test/support/people.ts'
import { forEachEmbeddedEngine, onlyOn } from '../../test/support/storages.ts'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { openServices, type Services } from '../services.ts'
import type { Tables } from '../storage/tables.ts'
import { examine } from './examine.ts'

const DAY = 86_400_000
const CONFIGS = 'glpi_plugin_callmanager_configs'
const quiet = { info: () => {}, error: () => {} }

type Break = (tx: Kysely<Tables>) => Promise<unknown>

const lookup = (age: number) => ({
  looked_up_at: Date.now() - age,
  users_id: 1,
  impersonator_id: 0,
  entities_id: 0,
  address: '',
  kind: 'rio',
  identifier_masked: '',
  hits: 1,
})
const job = (state: string, age: number) => ({
  kind: 'import',
  state,
  options: '{}',
  fingerprint: '',
  users_id: 0,
  total: 0,
  done: 0,
  created: 0,
  changed: 0,
  failed: 0,
  notes: '[]',
  created_at: Date.now() - age,
  lease_until: Date.now() - age,
})

forEachEmbeddedEngine((engine) => {
  let url: string
  let services: Services

  /** What is not well, as `check: what`, and every remedy. */
  async function ills(thorough = false) {
    const findings = await examine({
      config: { ...EMBEDDED, DATABASE_URL: url },
      thorough,
    })
    expect(findings.length).toBeGreaterThan(1)
    return findings.filter(({ status }) => status !== 'ok')
  }

  /** A new store with somebody who configures and 200 people, indexed. */
  async function makeWell(): Promise<void> {
    url = await engine.newDatabase()
    services = await openServices({ ...EMBEDDED, DATABASE_URL: url }, quiet)
    const people = peopleIn(services.storage)
    await people.addUser({
      login: 'alice',
      password: 'a hash',
      memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }],
    })
    await people.addUsers(200, (number) => ({
      login: `person ${number}`,
      phone: `01234567${10 + (number % 90)}`,
      rio: `12345${number}`,
    }))
    await index()
  }
  async function index(): Promise<void> {
    const { storage, settings, helpdesk } = services
    await bringUpToDate({
      storage,
      settings,
      entityTree: helpdesk.entityTree,
      decodeText: helpdesk.decodeText,
    })
  }
  const change = (work: Break) => services.storage.write('normal', work)

  describe('a store that is well', () => {
    beforeAll(makeWell)
    // Each puts back what it broke, which is quicker than a new store.
    let undo: Break = async () => undefined
    beforeEach(() => {
      undo = async () => undefined
    })
    afterEach(async () => {
      await change(undo)
      expect(await ills()).toEqual([])
    })

    test.each([false, true])('is found so, thoroughly or not (%s)', async (thorough) => {
      expect(await ills(thorough)).toEqual([])
    })

    const emptied = (table: keyof Tables) => (tx: Kysely<Tables>) => tx.deleteFrom(table).execute()
    const indexState = (state: Record<string, unknown>) => (tx: Kysely<Tables>) =>
      tx.updateTable('glpi_plugin_callmanager_index').set(state).execute()
    const userState = (state: Record<string, unknown>) => (tx: Kysely<Tables>) =>
      tx.updateTable('glpi_users').set(state).where('name', '=', 'alice').execute()

    test.each<[string, Break, Break, string, 'warning' | 'problem', RegExp, RegExp]>([
      [
        'a setting that is none of its values',
        (tx) => tx.insertInto(CONFIGS).values({ name: 'default_country', value: 'France' }).execute(),
        emptied(CONFIGS),
        'settings',
        'warning',
        /default_country holds something that is none of its values; the default stands/,
        /settings set default_country VALUE/,
      ],
      [
        'a country of an entity that is none',
        (tx) => tx.insertInto(CONFIGS).values({ name: 'default_country.5', value: null }).execute(),
        emptied(CONFIGS),
        'settings',
        'warning',
        /default_country\.5/,
        /settings set/,
      ],
      [
        'a setting that is stored twice',
        async (tx) => {
          for (const value of ['10', '20']) {
            await tx.insertInto(CONFIGS).values({ name: 'journal_retention_days', value }).execute()
          }
        },
        emptied(CONFIGS),
        'settings',
        'warning',
        /journal_retention_days is stored 2 times.*the newest row stands/,
        /settings set/,
      ],
      [
        'accounts of the demo beside others',
        async (tx) => {
          await tx.insertInto(CONFIGS).values({ name: 'demo_accounts', value: '7000' }).execute()
          const columns = {
            id: 7000,
            name: 'itsm',
            password: 'a hash',
            authtype: 1,
            date_mod: hostTimeIn(-60),
          }
          await tx.insertInto('glpi_users').values(columns).execute()
          const { superAdmin } = PROFILES
          const membership = { users_id: 7000, profiles_id: superAdmin, entities_id: 0, is_recursive: 1 }
          await tx.insertInto('glpi_profiles_users').values(membership).execute()
        },
        async (tx) => {
          await emptied(CONFIGS)(tx)
          await tx.deleteFrom('glpi_users').where('id', '=', 7000).execute()
          await tx.deleteFrom('glpi_profiles_users').where('users_id', '=', 7000).execute()
          await tx.deleteFrom('glpi_plugin_callmanager_identifiers').where('users_id', '=', 7000).execute()
        },
        'accounts',
        'warning',
        /Accounts of the demo.*: 1, beside 1 of your own/,
        /Deactivate them/,
      ],
      [
        'nobody who may change settings and is active',
        userState({ is_active: 0 }),
        userState({ is_active: 1 }),
        'accounts',
        'problem',
        /Nobody can log in/,
        /user add LOGIN/,
      ],
      [
        'nobody who has a password',
        userState({ password: null }),
        userState({ password: 'a hash' }),
        'accounts',
        'problem',
        /Nobody can log in/,
        /user add LOGIN/,
      ],
      [
        'a journal that is not purged',
        async (tx) => {
          await tx
            .insertInto('glpi_plugin_callmanager_lookups')
            .values(lookup(182 * DAY))
            .execute()
          const newest = await tx
            .selectFrom('glpi_plugin_callmanager_lookups')
            .select(({ fn }) => fn.max('id').as('id'))
            .executeTakeFirstOrThrow()
          await tx
            .updateTable('glpi_plugin_callmanager_statistics_position')
            .set({ lookups_id: newest.id })
            .execute()
        },
        async (tx) => {
          await emptied('glpi_plugin_callmanager_lookups')(tx)
          await tx.updateTable('glpi_plugin_callmanager_statistics_position').set({ lookups_id: 0 }).execute()
        },
        'journal',
        'warning',
        /older than its 180 days/,
        /start one/,
      ],
      [
        'look-ups that are not rolled up',
        (tx) => tx.insertInto('glpi_plugin_callmanager_lookups').values(lookup(DAY)).execute(),
        emptied('glpi_plugin_callmanager_lookups'),
        'statistics',
        'warning',
        /not rolled up/,
        /start one/,
      ],
      [
        'jobs that nobody does',
        (tx) =>
          tx
            .insertInto('glpi_plugin_callmanager_jobs')
            .values([job('running', 3_600_000), job('waiting', 3_600_000), job('done', 3_600_000)])
            .execute(),
        emptied('glpi_plugin_callmanager_jobs'),
        'jobs',
        'warning',
        /Jobs waiting for more than ten minutes: 2/,
        /Start a server/,
      ],
      [
        'look-ups of the future',
        (tx) => tx.insertInto('glpi_plugin_callmanager_lookups').values(lookup(-3_600_000)).execute(),
        emptied('glpi_plugin_callmanager_lookups'),
        'clock',
        'warning',
        /in the future/,
        /clock and time zone/,
      ],
      [
        'an index of other rules',
        indexState({ version: 0 }),
        indexState({ version: KEYS_VERSION }),
        'index',
        'warning',
        /not whole, and no process is building it/,
        /reindex/,
      ],
      [
        'a rebuild whose process was killed',
        indexState({ rebuild_after: 7, lease_owner: 'the dead', lease_until: 1 }),
        indexState({ rebuild_after: null, lease_owner: null, lease_until: 0 }),
        'index',
        'warning',
        /not whole, and no process is building it/,
        /reindex/,
      ],
      [
        'an index that is never compared',
        indexState({ rebuilt_at: Date.now() - 8 * DAY }),
        indexState({ rebuilt_at: Date.now() }),
        'index',
        'warning',
        /has not been compared/,
        /reindex/,
      ],
    ])('%s', async (_, breaks, mends, check, status, what, remedy) => {
      undo = mends
      await change(breaks)
      const found = (await ills()).filter((one) => one.check === check)
      expect(found).toEqual([
        { check, status, what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) },
      ])
    })

    it('RIOs that are shared, where the settings refuse it', async () => {
      const shared = { kind: 'rio', source: 'custom_table', identifier_key: '123451', users_id: 99_999 }
      undo = async (tx) => {
        await emptied(CONFIGS)(tx)
        await tx.deleteFrom('glpi_plugin_callmanager_identifiers').where('users_id', '=', 99_999).execute()
      }
      await change(async (tx) => {
        await tx.insertInto('glpi_plugin_callmanager_identifiers').values(shared).execute()
        await tx.insertInto(CONFIGS).values({ name: 'shared_rios', value: 'refused' }).execute()
      })
      const found = (await ills()).filter(({ check }) => check === 'shared rios')
      expect(found).toMatchObject([
        {
          status: 'warning',
          what: expect.stringContaining('1 RIOs are shared, by 2 people'),
          rios: { people: 201, holders: 201, shared: 1, sharing: 2 },
        },
      ])
      await change(emptied(CONFIGS))
      expect((await ills()).filter(({ check }) => check === 'shared rios')).toEqual([])
    })

    it('a rebuild that is under way is no ill', async () => {
      const busy = { rebuild_after: 7, lease_owner: 'somebody', lease_until: Date.now() + 10_000 }
      undo = indexState({ rebuild_after: null, lease_owner: null, lease_until: 0 })
      await change(indexState(busy))
      expect(await ills()).toEqual([])
    })

    it('changes that are not followed yet', async () => {
      const people = peopleIn(services.storage)
      const id = await people.addUser({ login: 'newcomer' })
      expect(await ills(true)).toEqual([
        expect.objectContaining({
          check: 'index rows',
          status: 'warning',
          what: expect.stringMatching(/2 rows are/),
        }),
      ])
      await people.purgeUser(id)
      await index()
    })

    test.each([false, true])(
      'index rows that are missing and too many (thoroughly: %s)',
      async (thorough) => {
        let missing = 0n
        await change(async (tx) => {
          const index = 'glpi_plugin_callmanager_identifiers'
          const deleted = await tx.deleteFrom(index).where('users_id', '=', 50).executeTakeFirst()
          missing = deleted.numDeletedRows
          const row = { kind: 'rio', source: 'name', identifier_key: 'nobody' }
          // One of somebody who is there, one of somebody who never was.
          await tx
            .insertInto(index)
            .values([60, 99_999].map((id) => ({ ...row, users_id: id })))
            .execute()
        })
        expect(await ills(thorough)).toEqual([
          {
            check: 'index rows',
            status: 'problem',
            what: expect.stringContaining(`${missing} rows are missing in the index and 2 are too many`),
            remedy: 'Run: callmanager reindex',
            drift: { people: 201, missing: Number(missing), surplus: 2 },
          },
        ])
        await change((tx) =>
          tx.updateTable('glpi_plugin_callmanager_index').set({ rebuild_after: 0 }).execute(),
        )
        await index()
      },
    )
  })

  describe('a database', () => {
    test.each<[string, string, RegExp, RegExp]>([
      [
        'of an older release',
        "delete from glpi_plugin_callmanager_migrations where name = '002-api'",
        /older release, or not made yet; steps that are missing: 1/,
        /Start a server/,
      ],
      [
        'of a newer release',
        "insert into glpi_plugin_callmanager_migrations values ('999-later', '2030-01-01')",
        /newer release \(migrations: 999-later\)/,
        /Run that release/,
      ],
      [
        'without our tables',
        'drop table glpi_plugin_callmanager_migrations',
        /older release/,
        /Start a server/,
      ],
    ])('%s is not looked into', async (_, statement, what, remedy) => {
      await makeWell()
      await sql.raw(statement).execute(services.storage.schema)
      expect(await ills()).toEqual([
        {
          check: 'release',
          status: 'problem',
          what: expect.stringMatching(what),
          remedy: expect.stringMatching(remedy),
        },
      ])
      await services.close()
    })

    onlyOn(engine, 'mysql', 'in another character set', async () => {
      await makeWell()
      await sql
        .raw('alter table glpi_plugin_callmanager_users convert to character set latin1')
        .execute(services.storage.schema)
      expect(await ills()).toMatchObject([
        {
          check: 'database',
          status: 'warning',
          what: expect.stringMatching(/; 1 tables are not in utf8mb4/),
        },
      ])
      await services.close()
    })

    onlyOn(engine, 'mysql', 'that does not answer', async () => {
      url = 'mysql://root@localhost/nothing?socketPath=/nonexistent/socket'
      expect(await ills()).toMatchObject([
        {
          check: 'database',
          status: 'problem',
          what: expect.stringContaining('cannot be reached'),
          remedy: expect.stringContaining('Start it'),
        },
      ])
    })
  })

  if (engine.name !== 'sqlite') return
  describe('a file', () => {
    const pathOf = () => url.slice('file:'.length)

    it('that is not there is told, and not made', async () => {
      url = await engine.newDatabase()
      expect(await ills()).toMatchObject([
        { check: 'store', status: 'problem', what: expect.stringContaining('There is no store') },
      ])
      expect(existsSync(pathOf())).toBe(false)
    })

    it('is not changed by being looked at, nor is one that nobody serves', async () => {
      await makeWell()
      await services.close()
      const before = readFileSync(pathOf())
      await ills(true)
      expect(readFileSync(pathOf()).equals(before)).toBe(true)
    })

    it('with a damaged page', async () => {
      await makeWell()
      await services.close()
      const file = openSync(pathOf(), 'r+')
      const pages = Math.floor(statSync(pathOf()).size / 4096)
      for (const page of [5, 9, Math.floor(pages / 2)])
        writeSync(file, Buffer.alloc(2000, 0xa5), 0, 2000, page * 4096)
      expect(await ills()).toMatchObject([
        {
          check: 'store',
          status: 'problem',
          what: expect.stringContaining('damaged'),
          remedy: expect.stringContaining('restore'),
        },
      ])
    })

    it('that is something else', async () => {
      url = await engine.newDatabase()
      writeFileSync(pathOf(), 'what is this? '.repeat(1000))
      expect(await ills()).toMatchObject([{ check: 'store', status: 'problem' }])
    })

    it.skipIf(process.platform === 'win32')('that other accounts can read', async () => {
      await makeWell()
      await services.close()
      chmodSync(dirname(pathOf()), 0o755)
      chmodSync(pathOf(), 0o644)
      expect(await ills()).toMatchObject([
        { check: 'files', status: 'warning', remedy: `chmod 700 ${dirname(pathOf())}` },
      ])
      chmodSync(pathOf(), 0o600)
      for (const end of ['-wal', '-shm']) rmSync(`${pathOf()}${end}`, { force: true })
      expect(await ills()).toEqual([])
    })
  })
})
