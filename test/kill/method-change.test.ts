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

const { random, seed } = drawn('METHOD_KILL_SEED')
const KILLS = 20
const PEOPLE = 5000
/** At the latest so long after the change was seen to go on. */
const LATEST_MS = 30
/** People whose new place holds something else. */
const OCCUPIED_EVERY = 100

const rio = (n: number): string => `M${7_000_000 + n}`
const isOccupied = (n: number): boolean => n % OCCUPIED_EVERY === 7

const { dataDir, path } = newStore('method-change')
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

/** What must hold at any moment: what the job says it did is there, each undo line too, and the old place as it was. */
function halfDone(): unknown {
  return reading(path, (db) => {
    const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0]
    const job = db.prepare('select * from glpi_plugin_callmanager_jobs').get() ?? {}
    const parts = db
      .prepare(`select content from glpi_plugin_callmanager_job_parts where file = 'undo' order by number`)
      .all()
    const undo = parts.flatMap(({ content }) =>
      Buffer.from(content as Uint8Array)
        .toString()
        .trimEnd()
        .split('\n'),
    )
    return {
      file: damage(db, false),
      copied:
        Number(one(`select count(*) from glpi_users where registration_number like 'M%'`)) -
        Number(job.changed),
      undo: [undo.length - Number(job.changed), new Set(undo).size - undo.length],
      reported: Number(one('select count(*) from glpi_plugin_callmanager_job_lines')) - Number(job.failed),
      old: Number(one(`select count(*) from glpi_plugin_callmanager_users where rio_number like 'M%'`)),
    }
  })
}
const NOTHING_HALF_DONE = { file: [], copied: 0, undo: [0, 0], reported: 0, old: PEOPLE }

test(`a change of the storage method that is killed ${KILLS} times copies everybody once (${seed})`, {
  timeout: 180_000,
}, async () => {
  const { id, ids } = await withStore(async (services) => {
    const ids = await peopleIn(services.storage).addUsers(PEOPLE, (n) => ({
      login: `moved-${n}`,
      rio: rio(n),
      registration_number: isOccupied(n) ? `other ${n}` : null,
    }))
    const { entityTree, decodeText } = services.helpdesk
    await bringUpToDate({ storage: services.storage, settings: services.settings, entityTree, decodeText })
    const agent = await operator(services.storage, await entityTree())
    const id = await services.startMethodChange(agent, { to: 'registration_number', dryRun: false })
    return { id, ids }
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

  expect(kills, 'the change ended before all kills; it needs more people').toBe(KILLS)
  expect(halfDone()).toEqual(NOTHING_HALF_DONE)
  await withStore(async ({ jobs, storage, settings, helpdesk }) => {
    const numbers = Array.from({ length: PEOPLE }, (_, n) => n)
    const occupied = numbers.filter(isOccupied).length
    expect(await jobs.read(OPERATOR, id)).toMatchObject({
      state: 'done',
      done: PEOPLE,
      changed: PEOPLE - occupied,
      failed: occupied,
      details: { copied: PEOPLE - occupied, same: 0, empty: 0, problems: { occupied } },
    })
    expect((await settings.read()).rio_storage_method).toBe('registration_number')
    let undo = ''
    for await (const part of await jobs.undo(OPERATOR, id)) undo += Buffer.from(part).toString()
    const lines = numbers.filter((n) => !isOccupied(n)).map((n) => `${ids[n]},,${rio(n)}\n`)
    expect(undo).toBe(`users_id,before,after\n${lines.join('')}`)

    const people = await storage.db
      .selectFrom('glpi_users')
      .select(['id', 'registration_number'])
      .where('id', 'in', ids)
      .orderBy('id')
      .execute()
    expect(people).toEqual(
      numbers.map((n) => ({ id: ids[n], registration_number: isOccupied(n) ? `other ${n}` : rio(n) })),
    )

    // Look-ups find by the index, which is what a rebuild would make of the rows.
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
    Array.from({ length: 100 }, (_, n) => rio(n * 50)),
  )
})

/** Resolves once more people are done. */
async function goneOn(before: number): Promise<void> {
  for (;;) {
    const { done = 0, finished_at: finishedAt } = jobRow()
    if (done > before || finishedAt !== null) return
    await sleep(2)
  }
}
