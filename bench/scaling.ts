import { createConnection } from 'mysql2/promise'
import type { RioStorageMethod } from '../contract/settings.ts'
import type { Services } from '../server/services.ts'
import { startMariaDb } from '../test/support/mariadb.ts'
import { identifiersOfUser, populate } from './support/population.ts'
import type { Report } from './support/report.ts'
import { median } from './support/statistics.ts'
import { databaseIn, openBench, sqliteFolder } from './support/stores.ts'

const SIZES = [1000, 1_000_000] as const
const LOOKUPS = 400
const ROUNDS = 9
const CALLER = { address: '127.0.0.1', forwarded: false, appToken: undefined }

type Way = {
  name: string
  method: RioStorageMethod
  ask(n: number): { kind: 'rio' | 'phone' | 'extension'; key: string }
}

const WAYS: Way[] = [
  {
    name: 'RIO, custom_table',
    method: 'custom_table',
    ask: (n) => ({ kind: 'rio', key: identifiersOfUser(n).rio }),
  },
  { name: 'RIO, name', method: 'name', ask: (n) => ({ kind: 'rio', key: identifiersOfUser(n).login }) },
  {
    name: 'RIO, registration_number',
    method: 'registration_number',
    ask: (n) => ({ kind: 'rio', key: identifiersOfUser(n).registrationNumber }),
  },
  { name: 'phone', method: 'custom_table', ask: (n) => ({ kind: 'phone', key: identifiersOfUser(n).e164 }) },
  {
    name: 'extension',
    method: 'custom_table',
    ask: (n) => ({ kind: 'extension', key: identifiersOfUser(n).extension }),
  },
]

/** Milliseconds of single look-ups, one after another: session, rights, scope, index probe, rows, journal. */
async function timeLookups(services: Services, way: Way, people: readonly number[]): Promise<number[]> {
  const { helpdesk, lookups, settings } = services
  await settings.set('rio_storage_method', way.method)
  const token = (await helpdesk.logins?.byPassword('bench', 'bench-bench', CALLER)) ?? ''
  const times: number[] = []
  for (const n of people) {
    const { kind, key } = way.ask(n)
    const started = performance.now()
    const agent = helpdesk.agent(token, CALLER)
    const found =
      kind === 'rio'
        ? await lookups.byRio(agent, CALLER, key)
        : await lookups.byNumber(agent, CALLER, { kind, key }, key)
    times.push(performance.now() - started)
    if (found.length !== 1) throw new Error(`${way.name} found ${found.length}`)
  }
  return times
}

async function compare(stores: readonly Services[]): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = []
  for (const way of WAYS) {
    const callers = SIZES.map((size) =>
      Array.from({ length: LOOKUPS }, () => 1 + Math.floor(Math.random() * size)),
    )
    const medians = SIZES.map(() => [] as number[])
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, store] of stores.entries()) {
        medians[index]?.push(median(await timeLookups(store, way, callers[index] ?? [])))
      }
    }
    // The first round warms up, and meets people whose rows lie on the disk.
    const [small = Number.NaN, large = Number.NaN] = medians.map((times) => median(times.slice(1)))
    const first = medians.at(-1)?.[0] ?? Number.NaN
    rows.push([way.name, small.toFixed(3), large.toFixed(3), (large / small).toFixed(2), first.toFixed(3)])
  }
  return rows
}

function report(engine: string, rows: (string | number)[][]): Report {
  return {
    title: `Among a thousand and among a million, on ${engine}`,
    how: `Medians of ${ROUNDS} rounds of the same ${LOOKUPS} random people, one look-up at a time, in turn between the two sizes; session, rights, scope, index probe and journal included, HTTP not. The last column is the median of a round before, in which each of the million is asked for the first time. Wanted: a ratio of at most 1.30.`,
    columns: ['by', '1,000 people (ms)', '1,000,000 people (ms)', 'ratio', 'first time (ms)'],
    rows,
  }
}

/** The median look-up among a million people against that among a thousand, each way. */
export async function scalingOnSqlite(): Promise<Report> {
  const stores: Services[] = []
  for (const people of SIZES) stores.push(await openBench(databaseIn(await sqliteFolder(people))))
  const rows = await compare(stores)
  for (const store of stores) await store.close()
  return report('SQLite', rows)
}

/** The same on a MariaDB of its own, which holds the million in memory. */
export async function scalingOnMariaDb(): Promise<Report> {
  const mariadb = await startMariaDb(['--innodb-buffer-pool-size=2G', '--innodb-log-file-size=512M'])
  if (mariadb === undefined) throw new Error('MariaDB is not installed: apt-get install mariadb-server')
  try {
    const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
    const stores: Services[] = []
    for (const people of SIZES) {
      const name = `bench_${people}`
      await root.query(`create database ${name} character set utf8mb4 collate utf8mb4_unicode_ci`)
      const store = await openBench(
        `mysql://root@localhost/${name}?socketPath=${encodeURIComponent(mariadb.socket)}`,
      )
      console.log(`Making ${people} people on MariaDB …`)
      await populate(store, people)
      stores.push(store)
    }
    const rows = await compare(stores)
    for (const store of stores) await store.close()
    await root.end()
    return report('MariaDB', rows)
  } finally {
    await mariadb.stop()
  }
}
