import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { continueRebuild, startRebuild } from '../../server/identifiers/rebuild.ts'
import { OPERATOR } from '../../server/jobs/jobs.ts'
import { operator } from '../../server/jobs/operator.ts'
import { openServices, type Services } from '../../server/services.ts'
import { EMBEDDED } from '../support/embedded.ts'
import { keepOutOfLogs } from '../support/log-check.ts'
import { peopleIn } from '../support/people.ts'
import { damage, reading } from './checks.ts'
import { drawn } from './random.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { within } from './within.ts'

const { random, seed } = drawn('IMPORT_KILL_SEED')
const KILLS = 20
const LINES = 20_000
/** At the latest so long after the import was seen to go on. */
const LATEST_MS = 80

/** People who are there before, and are changed. */
const KNOWN = 500
const KNOWN_EVERY = LINES / KNOWN
/** Lines that are refused. */
const BAD_EVERY = 50

const isBad = (n: number): boolean => n % BAD_EVERY === 7
const isKnown = (n: number): boolean => n % KNOWN_EVERY === 0
const rio = (n: number): string => `K${7_000_000 + n}`
const login = (n: number): string => `killed-${n}`

function* csv(): Generator<Uint8Array> {
  yield Buffer.from('login,lastname,rio,phone,email,active\n')
  for (let from = 0; from < LINES; from += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => {
      const n = from + index
      const phone = `01 99 ${String(n).padStart(6, '0')}`
      return `${login(n)},Nom ${n},${rio(n)},${phone},k${n}@example.org,${isBad(n) ? 'perhaps' : 'oui'}\n`
    })
    yield Buffer.from(lines.join(''))
  }
}

const { dataDir, path } = newStore('import')
const quiet = { info: () => {}, error: () => {} }

async function withStore<Result>(work: (services: Services) => Promise<Result>): Promise<Result> {
  const services = await openServices({ ...EMBEDDED, DATABASE_URL: `file:${path}` }, quiet)
  try {
    return await work(services)
  } finally {
    await services.close()
  }
}

const jobRow = () =>
  reading(path, (db) => db.prepare('select * from glpi_plugin_callmanager_jobs').get()) as Record<
    string,
    number
  >

/** What must hold at any moment: what the job says it did is there, and nothing else. */
function halfDone(): unknown {
  return reading(path, (db) => {
    const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0]
    const job = db.prepare('select * from glpi_plugin_callmanager_jobs').get() ?? {}
    return {
      file: damage(db, false),
      people:
        Number(one(`select count(*) from glpi_users where name like 'killed-%'`)) -
        KNOWN -
        Number(job.created),
      mails: Number(one('select count(*) from glpi_useremails')) - Number(job.created) - Number(job.changed),
      rios:
        Number(one('select count(*) from glpi_plugin_callmanager_users')) -
        Number(job.created) -
        Number(job.changed),
      creations: Number(one('select count(*) from glpi_logs where linked_action = 20')) - Number(job.created),
      reported: Number(one('select count(*) from glpi_plugin_callmanager_job_lines')) - Number(job.failed),
    }
  })
}
const NOTHING_HALF_DONE = { file: [], people: 0, mails: 0, rios: 0, creations: 0, reported: 0 }

test(`an import that is killed ${KILLS} times does each line exactly once (${seed})`, {
  timeout: 180_000,
}, async () => {
  const id = await withStore(async (services) => {
    await peopleIn(services.storage).addUsers(KNOWN, (n) => ({ login: login(n * KNOWN_EVERY) }))
    await keepBusy(services)
    const { entityTree, decodeText } = services.helpdesk
    await bringUpToDate({ storage: services.storage, settings: services.settings, entityTree, decodeText })
    return services.startImport(
      await operator(services.storage, await entityTree()),
      {},
      (async function* () {
        yield* csv()
      })(),
    )
  })

  let coming = spawnOn(dataDir)
  let kills = 0
  for (; kills < KILLS; kills++) {
    const server = await coming
    const { done: before = 0 } = jobRow()
    server.start().catch(() => undefined)
    await within('going on', goneOn(before))
    await sleep(random() * LATEST_MS)
    expect(await server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    coming = spawnOn(dataDir)
    expect({ ...(halfDone() as object), log: errorsIn(server) }, `kill ${kills}`).toEqual({
      ...NOTHING_HALF_DONE,
      log: [],
    })
    if (jobRow().finished_at !== null) break
  }
  const last = await coming
  await last.start()
  while (jobRow().finished_at === null) await sleep(50)
  expect(await last.end('SIGTERM')).toEqual({ code: 0, signal: null })

  expect(kills, 'the import ended before all kills; it needs more lines').toBe(KILLS)
  expect(halfDone()).toEqual(NOTHING_HALF_DONE)
  await withStore(async ({ jobs, storage, settings, helpdesk }) => {
    const bad = Array.from({ length: LINES }, (_, n) => n).filter(isBad)
    const knownBad = bad.filter(isKnown).length
    expect(await jobs.read(OPERATOR, id)).toMatchObject({
      state: 'done',
      total: LINES,
      done: LINES,
      created: LINES - bad.length - (KNOWN - knownBad),
      changed: KNOWN - knownBad,
      failed: bad.length,
      unchanged: 0,
    })
    let report = ''
    for await (const part of await jobs.report(OPERATOR, id)) report += part
    expect(report).toBe(
      `line,column,reason\n${bad.map((n) => `${n + 2},active,it is neither yes nor no\n`).join('')}`,
    )

    const people = await storage.db
      .selectFrom('glpi_users')
      .innerJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'glpi_users.id')
      .select(['name', 'realname', 'rio_number'])
      .orderBy('glpi_users.name')
      .execute()
    const expected = Array.from({ length: LINES }, (_, n) => n)
      .filter((n) => !isBad(n))
      .map((n) => ({ name: login(n), realname: `Nom ${n}`, rio_number: rio(n) }))
    expect(people).toEqual(expected.sort((one, other) => (one.name < other.name ? -1 : 1)))

    // The index is what a rebuild would make of the rows.
    const { entityTree, decodeText } = helpdesk
    let corrected = -1
    await startRebuild(storage)
    await continueRebuild({ storage, settings, entityTree, decodeText }, (progress) => {
      corrected = progress.corrected
    })
    expect(corrected).toBe(0)
  })
  keepOutOfLogs(
    inject('runFolder'),
    Array.from({ length: 500 }, (_, n) => rio(n * 60)),
  )
})

/** As if people were looked up all the time: chunks then stay short, and there are many to be killed in. */
async function keepBusy({ storage }: Services): Promise<void> {
  await storage.write('normal', (tx) =>
    tx
      .insertInto('glpi_plugin_callmanager_lookups')
      .values({
        looked_up_at: Date.now() + 3_600_000,
        users_id: 0,
        impersonator_id: 0,
        entities_id: 0,
        address: '',
        kind: 'rio',
        identifier_masked: '',
        hits: 0,
      })
      .execute(),
  )
}

/** Resolves once more lines are done. */
async function goneOn(before: number): Promise<void> {
  for (;;) {
    const { done = 0, finished_at: finishedAt } = jobRow()
    if (done > before || finishedAt !== null) return
    await sleep(2)
  }
}
