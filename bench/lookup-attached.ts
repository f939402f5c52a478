import { setTimeout as sleep } from 'node:timers/promises'
import { bringUpToDate } from '../server/identifiers/background.ts'
import type { Storage } from '../server/storage/storage.ts'
import { type Host, startHost } from '../test/host/host.ts'
import { indexOf, makeHost, startHostDatabase } from './support/hosts.ts'
import { identifiersOfUser } from './support/population.ts'
import { timeRequests } from './support/raw-client.ts'
import type { Report } from './support/report.ts'
import { type BenchServer, startServer } from './support/servers.ts'
import { median, quantile } from './support/statistics.ts'

const SIZES = [1000, 1_000_000] as const
const CONNECTIONS = [1, 8, 64] as const
const REQUESTS = 1500
const ROUNDS = 7
/** History of tickets and computers, which a busy host writes all the time. */
const FOREIGN_PER_SECOND = 200

interface Side {
  name: string
  server: BenchServer
  pathOf(n: number): string
  people: number
  /** A session's, where one is asked for. */
  token?: string
  /** Whether a busy host writes meanwhile. */
  busy?: Storage
}

type Measured = { p50: number; p95: number; perSecond: number }

/** Writes history of other things until it is told to stop. */
function writeForeign(storage: Storage): () => Promise<void> {
  let goesOn = true
  const line = {
    itemtype: 'Computer',
    items_id: 1,
    itemtype_link: '',
    user_name: '',
    date_mod: null,
    old_value: '',
    new_value: '',
  }
  const ended = (async () => {
    while (goesOn) {
      await storage.append('glpi_logs', [line])
      await sleep(1000 / FOREIGN_PER_SECOND)
    }
  })()
  return async () => {
    goesOn = false
    await ended
  }
}

async function measure(side: Side, connections: number): Promise<Measured> {
  const count = REQUESTS * (connections === 1 ? 1 : 3)
  const paths = Array.from({ length: count }, () => side.pathOf(1 + Math.floor(Math.random() * side.people)))
  const stop = side.busy && writeForeign(side.busy)
  const started = performance.now()
  const times = await timeRequests(side.server.address, {
    paths,
    connections,
    ...(side.token !== undefined && { token: side.token }),
    check: (answer) => answer.startsWith('HTTP/1.1 200') && answer.includes('"id":'),
  })
  const perSecond = (count / (performance.now() - started)) * 1000
  await stop?.()
  return { p50: median(times), p95: quantile(times, 0.95), perSecond }
}

const lookUp = (n: number) => `/plugins/callmanager/api.php/users/${identifiersOfUser(n).rio}`

async function compare(sides: readonly Side[]): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = []
  for (const connections of CONNECTIONS) {
    const rounds: Measured[][] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const measured: Measured[] = []
      for (const side of sides) measured.push(await measure(side, connections))
      // The first round warms up.
      if (round > 0) rounds.push(measured)
    }
    const of = (index: number, pick: keyof Measured) =>
      median(rounds.map((round) => round[index]?.[pick] ?? Number.NaN))
    /** Of each round by itself, since machines have moods. */
    const ratio = (one: number, other: number) =>
      median(
        rounds.map((round) => (round[one]?.p50 ?? Number.NaN) / (round[other]?.p50 ?? Number.NaN)),
      ).toFixed(2)
    for (const [index, { name }] of sides.entries()) {
      rows.push([
        connections,
        name,
        of(index, 'p50').toFixed(3),
        of(index, 'p95').toFixed(3),
        Math.round(of(index, 'perSecond')),
        index === 0 ? '' : ratio(index, 0),
        index < 2 ? '' : ratio(index, 1),
      ])
    }
  }
  return rows
}

/** A look-up beside a host over HTTP, against a bare route that asks the same MariaDB for one row. */
export async function lookupAttached(): Promise<Report> {
  const mariadb = await startHostDatabase()
  const servers: BenchServer[] = []
  const hosts: Host[] = []
  try {
    const sides: Side[] = []
    for (const people of SIZES) {
      const { url, storage } = await makeHost(mariadb, people)
      await bringUpToDate(indexOf(storage))
      const host = await startHost({ databaseUrl: url })
      hosts.push(host)
      const token = await host.logIn('bench')
      const product = await startServer('./product-server.ts', { DATABASE_URL: url, HELPDESK_URL: host.url })
      const bare = await startServer('./bare-select-server.ts', { DATABASE_URL: url })
      servers.push(product, bare)
      const words = people.toLocaleString('en')
      if (people === SIZES[0]) {
        const pathOf = (n: number) => `/users/${identifiersOfUser(n).login}`
        sides.push({ name: 'bare route, one SELECT', server: bare, pathOf, people })
      }
      sides.push({ name: `look-up among ${words}`, server: product, pathOf: lookUp, people, token })
      if (people !== SIZES[0]) {
        sides.push({
          name: `the same on a busy host`,
          server: product,
          pathOf: lookUp,
          people,
          token,
          busy: storage,
        })
      }
    }
    return {
      title: 'A look-up beside a host, over HTTP',
      how: `Tables of a real ITSM-NG 1.4.0 on a MariaDB of its own (default durability: each commit is flushed), session known (the host is asked for it every 30 seconds), account and rights read live, random people, ${ROUNDS} rounds in turn, medians of their medians; ratios are of each round. The bare route is Fastify with one prepared SELECT by an index over the same kind of pool. A busy host writes ${FOREIGN_PER_SECOND} history rows a second of other things. Wanted at one connection: at most 2.5 times the bare route, and among a million at most 1.30 times as among a thousand.`,
      columns: [
        'connections',
        '',
        'p50 (ms)',
        'p95 (ms)',
        'requests/s',
        'of the bare route',
        'of a thousand',
      ],
      rows: await compare(sides),
    }
  } finally {
    for (const server of servers) await server.stop()
    for (const host of hosts) await host.stop()
    await mariadb.stop()
  }
}
