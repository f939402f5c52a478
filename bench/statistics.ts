import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { createConnection } from 'mysql2/promise'
import type { StatisticsQuery } from '../contract/statistics.ts'
import type { Agent } from '../server/helpdesk/helpdesk.ts'
import type { Services } from '../server/services.ts'
import { rollUp } from '../server/statistics/roll-up.ts'
import type { Storage } from '../server/storage/storage.ts'
import type { Tables } from '../server/storage/tables.ts'
import { startMariaDb } from '../test/support/mariadb.ts'
import { EVERYTHING, peopleIn } from '../test/support/people.ts'
import { populate } from './support/population.ts'
import type { Report } from './support/report.ts'
import { median } from './support/statistics.ts'
import { databaseIn, emptyFolder, openBench } from './support/stores.ts'

const LOOKUPS = 1_000_000
const AGENTS = 50
const ENTITIES = 60
const CHUNK = 5000
const ROUNDS = 9
const DAY_MS = 86_400_000
const WAYS = ['hour', 'day', 'agent', 'entity'] as const

/** Look-ups of a year at random moments, day and night, a fifth of them outside of the agent's own entity. */
async function fillJournal(storage: Storage): Promise<void> {
  const start = Date.now() - 365 * DAY_MS
  const write = (work: (tx: Kysely<Tables>) => Promise<void>) => storage.write('normal', work)
  for (let from = 0; from < LOOKUPS; from += CHUNK) {
    const rows = Array.from({ length: CHUNK }, (_, index) => {
      const agent = 1 + Math.floor(Math.random() * AGENTS)
      return {
        looked_up_at: Math.floor(start + ((from + index) / LOOKUPS) * 365 * DAY_MS),
        users_id: agent,
        impersonator_id: 0,
        entities_id: Math.random() < 0.8 ? agent : 1 + Math.floor(Math.random() * ENTITIES),
        address: '127.0.0.1',
        kind: 'rio',
        identifier_masked: '1***',
        hits: Math.floor(Math.random() * 3),
      }
    })
    await write((tx) => storage.insertMany(tx, 'glpi_plugin_callmanager_lookups', rows))
  }
}

interface Measured {
  rollUp: number
  times: Map<string, number>
  /** The longest that the event loop stood still during an answer, the median of all. */
  standstill: number
}

async function measure(services: Services): Promise<Measured> {
  const { storage, statistics } = services
  console.log(`Making ${LOOKUPS} look-ups on ${storage.engine} …`)
  await populate(services, 1000)
  await fillJournal(storage)
  const began = performance.now()
  await rollUp(storage)
  const rolledUp = performance.now() - began

  const { agent } = peopleIn(storage)
  const some = Array.from({ length: ENTITIES / 2 }, (_, index) => index + 1)
  const askers: [string, Agent][] = [
    ['all', await agent('all', EVERYTHING)],
    ['half', await agent(some, EVERYTHING)],
  ]
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10)
  const times = new Map<string, number>()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const standstills: number[] = []
  loop.enable()
  for (const by of WAYS) {
    for (const [seeing, asker] of askers) {
      // By hour, as much as can be asked for.
      const query: StatisticsQuery = { by, from: day(by === 'hour' ? 92 : 365), timeZone: 'Europe/Paris' }
      const rounds: number[] = []
      await statistics.read(asker, query)
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(5)
        loop.reset()
        const started = performance.now()
        const { totals } = await statistics.read(asker, query)
        rounds.push(performance.now() - started)
        await sleep(5)
        standstills.push(loop.max / 1e6)
        if (totals.total === 0) throw new Error('the bench counts nothing')
      }
      times.set(`${by} ${seeing}`, median(rounds))
    }
  }
  loop.disable()
  return { rollUp: rolledUp, times, standstill: median(standstills) }
}

async function onSqlite(): Promise<Measured> {
  const services = await openBench(databaseIn(emptyFolder('statistics')))
  try {
    return await measure(services)
  } finally {
    await services.close()
  }
}

async function onMariaDb(): Promise<Measured> {
  const mariadb = await startMariaDb(['--innodb-buffer-pool-size=1G', '--innodb-log-file-size=512M'])
  if (mariadb === undefined) throw new Error('MariaDB is not installed: apt-get install mariadb-server')
  try {
    const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
    await root.query('create database bench character set utf8mb4 collate utf8mb4_unicode_ci')
    await root.end()
    const services = await openBench(
      `mysql://root@localhost/bench?socketPath=${encodeURIComponent(mariadb.socket)}`,
    )
    try {
      return await measure(services)
    } finally {
      await services.close()
    }
  } finally {
    await mariadb.stop()
  }
}

/** How quickly a year of look-ups is counted, on both engines. */
export async function statisticsOfAYear(): Promise<Report> {
  const engines = [await onSqlite(), await onMariaDb()]
  const row = (title: string, tell: (of: Measured) => string) => [title, ...engines.map(tell)]
  const timed = (by: string, seeing: string) =>
    row(
      `by ${by}${by === 'hour' ? ' (93 days)' : ''}, ${seeing === 'all' ? 'every entity' : 'half of the entities'}`,
      ({ times }) => `${times.get(`${by} ${seeing}`)?.toFixed(0)} ms`,
    )
  return {
    title: 'Statistics',
    how: `A year of ${LOOKUPS} look-ups by ${AGENTS} agents in ${ENTITIES} entities, spread over day and night; medians of ${ROUNDS} answers, without HTTP. Wanted: at most 200 ms. The event loop answers look-ups beside them; its standstill is the longest during an answer, the median of all.`,
    columns: ['', 'SQLite', 'MariaDB'],
    rows: [
      ...WAYS.flatMap((by) => [timed(by, 'all'), timed(by, 'half')]),
      row('longest standstill of the event loop', ({ standstill }) => `${standstill.toFixed(0)} ms`),
      row('rolling up the whole year, once', ({ rollUp: ms }) => `${(ms / 1000).toFixed(0)} s`),
    ],
  }
}
