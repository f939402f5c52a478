import { createConnection } from 'mysql2/promise'
import { fold } from '../server/domain/words.ts'
import type { Services } from '../server/services.ts'
import { startMariaDb } from '../test/support/mariadb.ts'
import { nameOfUser } from '../test/support/names.ts'
import { identifiersOfUser, populate } from './support/population.ts'
import type { Report } from './support/report.ts'
import { quantile } from './support/statistics.ts'
import { databaseIn, openBench, sqliteFolder } from './support/stores.ts'

const PEOPLE = 1_000_000
const SEARCHES = 200
const CALLER = { address: '127.0.0.1', forwarded: false, appToken: undefined }
/** Where the narrow agent works: an entity of a sixtieth of the people. */
const ENTITY = 37

interface Kind {
  name: string
  /** What is typed for user n, a different beginning or spelling each time. */
  typed(n: number): string
}

const pick = (from: number, to: number): number => from + Math.floor(Math.random() * (to - from + 1))

const KINDS: Kind[] = [
  { name: 'a last name', typed: (n) => nameOfUser(n).lastname },
  { name: 'a first name', typed: (n) => nameOfUser(n).firstname },
  { name: '2 to 6 letters of a last name', typed: (n) => fold(nameOfUser(n).lastname).slice(0, pick(2, 6)) },
  {
    name: 'first and last name',
    typed: (n) => {
      const { lastname, firstname } = nameOfUser(n)
      return Math.random() < 0.5 ? `${firstname} ${lastname}` : `${lastname} ${firstname}`
    },
  },
  {
    name: 'a last name and 1 to 3 letters of the first',
    typed: (n) => {
      const { lastname, firstname } = nameOfUser(n)
      return `${lastname} ${firstname.slice(0, pick(1, 3))}`
    },
  },
  { name: 'a login', typed: (n) => identifiersOfUser(n).login },
  { name: 'the beginning of an address', typed: (n) => nameOfUser(n).email.slice(0, pick(20, 40)) },
  { name: 'a phone number', typed: (n) => identifiersOfUser(n).phone },
  {
    name: '4 to 8 digits of a number',
    typed: (n) => identifiersOfUser(n).phone.replaceAll(' ', '').slice(0, pick(4, 8)),
  },
  { name: '2 to 8 digits of a RIO', typed: (n) => identifiersOfUser(n).rio.slice(0, pick(2, 8)) },
]

type Row = (string | number)[]

/** Milliseconds of searches by an agent, one after another: session, rights, scope, index probe, search, journal. */
async function timeSearches(services: Services, token: string, kind: Kind, scope: string): Promise<Row> {
  const { helpdesk, lookups, search } = services
  const times: number[] = []
  let [found, incomplete] = [0, 0]
  for (let round = 0; round < SEARCHES; round++) {
    const typed = kind.typed(pick(1, PEOPLE))
    const started = performance.now()
    const [agent, following] = await Promise.all([helpdesk.agent(token, CALLER), lookups.follow()])
    const answer = await search(agent, CALLER, { typed, limit: 25 }, following)
    times.push(performance.now() - started)
    if (answer.items.length > 0) found++
    if (answer.incomplete) incomplete++
  }
  all.push(...times)
  const percent = (count: number): string => `${Math.round((count / SEARCHES) * 100)} %`
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1))
  return [kind.name, scope, p50 ?? '', p95 ?? '', max ?? '', percent(found), percent(incomplete)]
}

let all: number[] = []

async function run(services: Services, engine: string): Promise<Report> {
  const { logins } = services.helpdesk
  if (logins === undefined) throw new Error('the bench needs a helpdesk that keeps accounts')
  const wide = await logins.byPassword('bench', 'bench-bench', CALLER)
  const narrow = await logins.byPassword('bench', 'bench-bench', CALLER)
  await logins.change(narrow, { entityId: ENTITY, recursive: false })
  all = []
  const rows: Row[] = []
  for (const [scope, token] of [
    ['everybody', wide],
    ['one entity of 60', narrow],
  ] as const) {
    for (const kind of KINDS) rows.push(await timeSearches(services, token, kind, scope))
  }
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => quantile(all, share).toFixed(1))
  rows.push(['**all**', '', p50 ?? '', `**${p95}**`, max ?? '', '', ''])
  return {
    title: `Searching among a million, on ${engine}`,
    how: `${SEARCHES} searches of each kind for random people, one at a time, none of them asked before; frequent names are as frequent as in life, so most of what is typed fits thousands. Session, rights, scope, index probe and journal included, HTTP not; milliseconds. "Found" found somebody, "incomplete" said that there may be more. Wanted: a p95 of at most 30 ms.`,
    columns: ['typed', 'scope', 'p50', 'p95', 'max', 'found', 'incomplete'],
    rows,
  }
}

/** What an agent waits for while typing, among a million people. */
export async function searchOnSqlite(): Promise<Report> {
  const services = await openBench(databaseIn(await sqliteFolder(PEOPLE)))
  const report = await run(services, 'SQLite')
  await services.close()
  return report
}

/** The same on a MariaDB of its own, which holds the million in memory. */
export async function searchOnMariaDb(): Promise<Report> {
  const mariadb = await startMariaDb(['--innodb-buffer-pool-size=2G', '--innodb-log-file-size=512M'])
  if (mariadb === undefined) throw new Error('MariaDB is not installed: apt-get install mariadb-server')
  try {
    const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
    await root.query('create database bench character set utf8mb4 collate utf8mb4_unicode_ci')
    await root.end()
    const services = await openBench(
      `mysql://root@localhost/bench?socketPath=${encodeURIComponent(mariadb.socket)}`,
    )
    console.log(`Making ${PEOPLE} people on MariaDB …`)
    await populate(services, PEOPLE)
    const report = await run(services, 'MariaDB')
    await services.close()
    return report
  } finally {
    await mariadb.stop()
  }
}
