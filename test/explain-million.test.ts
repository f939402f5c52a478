import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { buildApp } from '../server/app.ts'
import { readConfig } from '../server/config.ts'
import { examine } from '../server/doctor/examine.ts'
import { hostTime } from '../server/domain/times.ts'
import { purgeKeys } from '../server/helpdesk/idempotency.ts'
import { continueRebuild, startRebuild } from '../server/identifiers/rebuild.ts'
import { createLog } from '../server/log.ts'
import { openServices, type Services } from '../server/services.ts'
import { rollUp } from '../server/statistics/roll-up.ts'
import { migrateOwnTables } from '../server/storage/migrate.ts'
import { openStorage, type Storage } from '../server/storage/storage.ts'
import { V1 } from './support/app.ts'
import { agentAmong, fillHost, fillIndex, fillTickets } from './support/full-host.ts'
import { createHostTables } from './support/host-tables.ts'
import { knownSession } from './support/known-session.ts'
import { databaseUrl } from './support/maria-database.ts'
import { type MariaDb, startMariaDb } from './support/mariadb.ts'
import { LOCAL } from './support/people.ts'
import { pretendEmbedded } from './support/pretend-embedded.ts'
import { largeReads, statementsDuring } from './support/statement-log.ts'

const PEOPLE = 1_000_000
const TICKETS = 200_000

/** So many rows of one table one step may read, by an estimate: what a search looks at (10,000), a chunk of a job, a small table. */
const MOST = 20_000

/** Counts everybody, which takes 0.2 s among a million: once a rebuild, a preview and an examination, and for no look-up. */
const COUNTING =
  /^select (count\(\*\) as `people` from `glpi_users`$|\(select count\(\*\) as `count` from `glpi_users`\) as `total`)/

/** The doctor counts what is kept of people who are gone: our own table, against the host's primary key, in seconds. */
const KEPT =
  /^select count\(\*\) as `total`, sum\(.* from `glpi_plugin_callmanager_users` as `own` left join `glpi_users`/

/** The doctor counts who has a RIO and who shares one, along the index of identifiers, in a thread of its own. */
const HOLDERS =
  /^select count\(\*\) as `(holders` from|shared`, .* from \(select count\(\*\) as `people` from) `glpi_plugin_callmanager_identifiers` where `kind` = 'rio'/

interface Request {
  url: string
  headers?: Record<string, string>
  body?: object | string
}

const ANY = { 'if-match': '*' }
const user = (id: number, ...rest: string[]) => [`${V1}/users/${id}`, ...rest].join('/')

/** What is asked of each operation; a route without a row fails, and so does a row without a route. */
const REQUESTS: Record<string, Request[]> = {
  'GET /plugins/callmanager/api.php/users/{rio}': ['20500000', '20 500 000', 'nobody'].map((rio) => ({
    url: `/plugins/callmanager/api.php/users/${encodeURIComponent(rio)}`,
  })),
  'GET /plugins/callmanager/api.php/config/{key}': [
    { url: '/plugins/callmanager/api.php/config/rio_storage_method' },
  ],
  [`GET ${V1}/search`]: ['martin', 'mar', 'jean martin', '0105000009', 'agent.0500', '2050'].map((typed) => ({
    url: `${V1}/search?q=${encodeURIComponent(typed)}`,
  })),
  [`GET ${V1}/session`]: [{ url: `${V1}/session` }],
  [`GET ${V1}/statistics`]: ['hour', 'day', 'agent', 'entity'].map((by) => ({
    url: `${V1}/statistics?by=${by}`,
  })),
  [`GET ${V1}/users`]: [
    ...['name', '-name', 'login', '-login', 'id', '-id'].map((sort) => `sort=${sort}`),
    ...[
      'rio=with',
      'rio=without',
      'active=true',
      'active=false',
      'entityId=7',
      'entityId=7&entityRecursive=true',
    ],
    'entityId=7&sort=login&rio=with&active=true',
  ].map((query) => ({ url: `${V1}/users?${query}` })),
  [`POST ${V1}/users`]: [
    { url: `${V1}/users`, body: { login: 'dora', rio: '7654321', emails: ['d@example.org'] } },
  ],
  [`GET ${V1}/users/{id}`]: [{ url: user(500_000) }],
  [`PATCH ${V1}/users/{id}`]: [
    {
      url: user(500_000),
      headers: ANY,
      body: { phone: '0199000000', login: 'renamed', emails: ['n@example.org'] },
    },
  ],
  [`DELETE ${V1}/users/{id}`]: [{ url: user(500_001) }],
  [`GET ${V1}/users/{id}/history`]: [{ url: user(500_000, 'history') }],
  [`PUT ${V1}/users/{id}/password`]: [{ url: user(500_002, 'password'), body: { password: 'long enough' } }],
  [`PUT ${V1}/users/{id}/profiles`]: [
    { url: user(500_003, 'profiles'), headers: ANY, body: [{ profileId: 4, entityId: 7, recursive: true }] },
  ],
  [`GET ${V1}/users/{id}/rio`]: [{ url: user(500_000, 'rio') }],
  [`PUT ${V1}/users/{id}/rio`]: [{ url: user(500_004, 'rio'), headers: ANY, body: { rio: '1212121' } }],
  [`DELETE ${V1}/users/{id}/rio`]: [{ url: user(500_005, 'rio'), headers: ANY }],
  [`GET ${V1}/users/{id}/tickets`]: ['open', 'all'].map((status) => ({
    url: `${user(1000, 'tickets')}?status=${status}`,
  })),
  [`GET ${V1}/tickets/{id}`]: [{ url: `${V1}/tickets/1000` }],
  [`GET ${V1}/tickets/{id}/followups`]: [{ url: `${V1}/tickets/1000/followups` }],
  [`GET ${V1}/tickets/{id}/followups/{followupId}`]: [{ url: `${V1}/tickets/1000/followups/1000` }],
  [`POST ${V1}/tickets`]: [
    {
      url: `${V1}/tickets`,
      headers: { 'idempotency-key': 'one' },
      body: { requesterId: 1000, title: 'A call', description: '', type: 'incident' },
    },
  ],
  [`POST ${V1}/tickets/{id}/followups`]: [
    { url: `${V1}/tickets/1000/followups`, body: { content: 'Called back', private: false } },
  ],
  [`GET ${V1}/rios/shared`]: [{ url: `${V1}/rios/shared` }],
  [`GET ${V1}/health`]: [{ url: `${V1}/health` }],
  [`GET ${V1}/settings`]: [{ url: `${V1}/settings` }],
  [`PATCH ${V1}/settings`]: [{ url: `${V1}/settings`, headers: ANY, body: { journalRetentionDays: 90 } }],
  [`GET ${V1}/profiles`]: [{ url: `${V1}/profiles` }],
  [`GET ${V1}/profiles/{id}`]: [{ url: `${V1}/profiles/4` }],
  [`PUT ${V1}/profiles/{id}/rights`]: [
    {
      url: `${V1}/profiles/4/rights`,
      headers: ANY,
      body: { config: { update: true }, access: { read: true, update: true } },
    },
  ],
  [`GET ${V1}/storage-method`]: [{ url: `${V1}/storage-method` }],
  [`POST ${V1}/jobs/{id}/undo`]: [{ url: `${V1}/jobs/1/undo` }],
  [`GET ${V1}/entities`]: [{ url: `${V1}/entities` }],
  [`POST ${V1}/entities`]: [{ url: `${V1}/entities`, body: { name: 'Annexe', parentId: 5 } }],
  [`GET ${V1}/entities/{id}`]: [{ url: `${V1}/entities/5` }],
  [`PATCH ${V1}/entities/{id}`]: [{ url: `${V1}/entities/5`, headers: ANY, body: { name: 'Renamed' } }],
  [`DELETE ${V1}/entities/{id}`]: [{ url: `${V1}/entities/201` }, { url: `${V1}/entities/199` }],
  [`GET ${V1}/locations`]: [{ url: `${V1}/locations` }],
  [`POST ${V1}/locations`]: [{ url: `${V1}/locations`, body: { name: 'Annexe' } }],
  [`GET ${V1}/locations/{id}`]: [{ url: `${V1}/locations/5` }],
  [`PATCH ${V1}/locations/{id}`]: [{ url: `${V1}/locations/5`, headers: ANY, body: { name: 'Renamed' } }],
  [`DELETE ${V1}/locations/{id}`]: [{ url: `${V1}/locations/101` }, { url: `${V1}/locations/99` }],
  [`GET ${V1}/categories`]: [{ url: `${V1}/categories` }],
  [`GET ${V1}/request-types`]: [{ url: `${V1}/request-types` }],
  [`POST ${V1}/imports`]: ['registrationNumber,phone', 'login,rio', 'email,firstname'].map(
    (head, number) => ({
      url: `${V1}/imports`,
      headers: { 'content-type': 'text/csv' },
      body: `${head}\n${['REG-0600000,0155555555', 'agent.0600001,6000011', 'u600010@service.example.org,Dora'][number]}\n`,
    }),
  ),
  [`GET ${V1}/jobs`]: [{ url: `${V1}/jobs` }],
  [`GET ${V1}/jobs/{id}`]: [{ url: `${V1}/jobs/1` }],
  [`GET ${V1}/jobs/{id}/report`]: [{ url: `${V1}/jobs/1/report` }],
  [`GET ${V1}/jobs/{id}/undo`]: [{ url: `${V1}/jobs/1/undo` }],
  [`DELETE ${V1}/jobs/{id}`]: [{ url: `${V1}/jobs/1` }],
  // Goes through everybody; it is cancelled once it has begun.
  [`POST ${V1}/storage-method/preview`]: [
    { url: `${V1}/storage-method/preview`, body: { to: 'registration_number' } },
  ],
  'GET /healthz': [{ url: '/healthz' }],
  'GET /readyz': [{ url: '/readyz' }],
  'GET /metrics': [{ url: '/metrics' }],
}

/** Why nothing is asked of these. */
const LEFT_OUT: Record<string, string> = {
  [`PATCH ${V1}/session`]: 'a session of the embedded helpdesk, of its own table',
  [`DELETE ${V1}/session`]: 'a session of the embedded helpdesk, of its own table',
  [`POST ${V1}/storage-method/change`]: 'reads what its preview does',
  [`GET ${V1}/jobs/{id}/events`]: 'reads what jobs/{id} does, without end',
  [`GET ${V1}/exports/users.csv`]: 'reads every user in chunks; asked for apart, for a few of them',
}

let mariadb: MariaDb | undefined
let storage: Storage
let services: Services
let statements: string[]

const agent = agentAmong(PEOPLE)
const quiet = createLog('silent')

/** The database as an embedded helpdesk takes it for its own; its tables are a host's. */
async function prepare(url: string): Promise<void> {
  storage = await openStorage(url)
  await createHostTables(storage)
  await migrateOwnTables(storage)
  await pretendEmbedded(storage)
  await fillHost(storage, PEOPLE)
  await Promise.all([fillIndex(storage), fillTickets(storage, TICKETS)])
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = database()`.execute(storage.db)
  for (const { name } of rows) await sql`analyze table ${sql.table(name)}`.execute(storage.schema)
}

/** What the host does meanwhile: it changes people, fewer than are followed at once and then more. */
async function changeUsers(from: number, count: number): Promise<void> {
  const at = hostTime(new Date())
  const ids = Array.from({ length: count }, (_, index) => from + index)
  await storage.write('normal', async (tx) => {
    await tx
      .updateTable('glpi_users')
      .set({ phone2: 'poste 9', date_mod: at })
      .where('id', 'in', ids)
      .execute()
    const lines = ids.map((id) => ({
      itemtype: 'User',
      items_id: id,
      itemtype_link: '',
      user_name: 'glpi (2)',
      date_mod: at,
      old_value: '',
      new_value: '',
    }))
    await storage.insertMany(tx, 'glpi_logs', lines)
  })
}

/** Everything that the product does by itself, without being asked over HTTP. */
async function ownWork(url: string): Promise<void> {
  const { helpdesk, lookups, settings, journal, jobs } = services
  const known = knownSession(storage, helpdesk, agent)
  const alice = await known('')
  for (const method of ['name', 'registration_number', 'custom_table'] as const) {
    await settings.set('rio_storage_method', method)
    await lookups.byRio(alice, LOCAL, method)
    await lookups.byNumber(alice, LOCAL, { kind: 'extension', key: '0500000' }, '0500000')
    await Promise.all(
      [1, 2].map(() => lookups.byNumber(alice, LOCAL, { kind: 'phone', key: '+33105000009' }, '')),
    )
    await firstParts(await services.exportUsers(alice, {}))
    await services.readMethodUse()
  }
  await changeUsers(700_000, 100)
  await lookups.byRio(alice, LOCAL, '20700000')
  await changeUsers(710_000, 1500)
  await lookups.byRio(alice, LOCAL, '20710000')
  await rollUp(storage)
  await journal.purge(1)
  await purgeKeys(storage)
  await jobs.purge()
  await helpdesk.housekeep?.()
  const config = readConfig({}, { DATABASE_URL: url, PORT: '0' })
  await examine({ config, thorough: false })
  await startRebuild(storage)
  let chunks = 0
  const dependencies = { storage, settings, entityTree: helpdesk.entityTree, decodeText: helpdesk.decodeText }
  await continueRebuild(
    dependencies,
    () => undefined,
    async () => ++chunks <= 2,
  )
}

async function firstParts(parts: AsyncIterable<string>): Promise<void> {
  let count = 0
  for await (const _part of parts) if (++count === 3) return
}

/** Lets the jobs work for some seconds, then takes back what has not ended. */
async function someJobs(): Promise<void> {
  await sleep(4000)
  await storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set({ state: 'cancelled' })
      .where('state', 'in', ['waiting', 'running'])
      .execute(),
  )
  await sleep(500)
}

describe.skipIf(inject('mariadbSocket') === '')('among a million people on a real host’s tables', () => {
  beforeAll(async () => {
    mariadb = await startMariaDb([
      '--innodb-buffer-pool-size=2G',
      '--innodb-log-file-size=1G',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--innodb-sort-buffer-size=64M',
    ])
    if (mariadb === undefined) return
    const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
    await root.query('create database million')
    await root.end()
    const url = databaseUrl(mariadb.socket, 'million')
    await prepare(url)
    const config = readConfig({}, { DATABASE_URL: url, PORT: '0', LOOKUPS_PER_MINUTE: '0' })
    services = await openServices(config, quiet)
    const known = knownSession(services.storage, services.helpdesk, agent)
    const { logins: _, ...rest } = services.helpdesk
    const helpdesk = { ...rest, agent: known }
    const app = await buildApp(config, { ...services, helpdesk, log: quiet })
    await app.ready()
    const operations = Object.entries(app.swagger().paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item ?? {}).map((verb) => `${verb.toUpperCase()} ${path}`),
    )
    expect([...Object.keys(REQUESTS), ...Object.keys(LEFT_OUT)].sort()).toEqual(operations.sort())

    const answers: string[] = []
    statements = await statementsDuring(storage, async () => {
      for (const [name, requests] of Object.entries(REQUESTS)) {
        for (const { url, headers, body } of requests) {
          const method = name.startsWith('GET ') ? 'GET' : name.split(' ')[0]
          const answer = await app.inject({
            url,
            method: method as 'GET',
            headers: { ...headers, 'session-token': 'known' },
            ...(body !== undefined && { payload: body }),
          })
          answers.push(`${answer.statusCode} ${name}`)
          const next: unknown =
            method === 'GET' && answer.body.startsWith('{"items"') ? answer.json().next : null
          if (typeof next === 'string') await app.inject({ url: next, headers: { 'session-token': 'known' } })
        }
      }
      await someJobs()
      await ownWork(url)
    })
    // There is nothing to undo, and a place with people in it stays; nothing is turned away before it is looked at.
    expect(answers.filter((answer) => !/^(2\d\d|404|409) /.test(answer))).toEqual([])
    await app.close()
  }, 400_000)

  afterAll(async () => {
    await services?.close()
    await storage?.close()
    await mariadb?.stop()
  })

  it('reads no table from end to end, whatever is asked', async () => {
    const found: Record<string, string[]> = {}
    const ours = statements.filter((one) => /^\(?(select|update|delete)/i.test(one) && one.includes('glpi_'))
    // Whatever was asked has been written down: some two hundred shapes.
    expect(ours.length).toBeGreaterThan(150)
    for (const statement of ours.filter(
      (one) => ![COUNTING, KEPT, HOLDERS].some((exempt) => exempt.test(one)),
    )) {
      const reads = await largeReads(storage, statement, MOST)
      if (reads.length > 0) found[statement.slice(0, 3000)] = reads
    }
    expect(found).toEqual({})
  }, 60_000)

  it('would notice a table that is read whole', async () => {
    const whole = `select id from glpi_users where registration_number = 'REG-0500000'`
    expect(await largeReads(storage, whole, MOST)).toHaveLength(1)
  })
})
