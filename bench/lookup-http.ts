import autocannon from 'autocannon'
import { identifiersOfUser } from './support/population.ts'
import type { Report } from './support/report.ts'
import { logIn, startServer } from './support/servers.ts'
import { median } from './support/statistics.ts'
import { databaseIn, sqliteFolder } from './support/stores.ts'

const PEOPLE = 100_000
const CALLERS = 500
const CONNECTIONS = 100
const SECONDS = 5
const ROUNDS = 5

/** Look-ups a second over HTTP, against a bare route that returns the same bytes. */
export async function lookupOverHttp(): Promise<Report> {
  const databaseUrl = databaseIn(await sqliteFolder(PEOPLE))
  const paths = Array.from({ length: CALLERS }, (_, index) => {
    const { rio } = identifiersOfUser(1 + ((index * 7919) % PEOPLE))
    return `/plugins/callmanager/api.php/users/${rio}`
  })
  const product = await startServer('./product-server.ts', { DATABASE_URL: databaseUrl })
  const token = await logIn(product.address)
  const sample = await fetch(`${product.address}${paths[0]}`, { headers: { 'session-token': token } })
  const bare = await startServer('./bare-server.ts', {
    headers: ownHeaders(sample),
    answer: await sample.json(),
  })

  const load = (address: string): Promise<autocannon.Result> =>
    autocannon({
      url: address,
      connections: CONNECTIONS,
      duration: SECONDS,
      headers: { 'session-token': token },
      requests: paths.map((path) => ({ path })),
    })
  const rounds: { ours: autocannon.Result; bare: autocannon.Result }[] = []
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await load(product.address)
      if (ours.non2xx > 0 || ours.errors > 0) throw new Error(`${ours.non2xx + ours.errors} look-ups failed`)
      const result = { ours, bare: await load(bare.address) }
      // The first round warms both up.
      if (round > 0) rounds.push(result)
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
  }

  const ratio = median(rounds.map(({ ours, bare }) => ours.requests.average / bare.requests.average))
  const perSecond = (of: 'ours' | 'bare') =>
    Math.round(median(rounds.map((round) => round[of].requests.average)))
  const p99 = (of: 'ours' | 'bare') => median(rounds.map((round) => round[of].latency.p99))
  return {
    title: 'A look-up over HTTP',
    how: `${PEOPLE} people on SQLite, ${CALLERS} callers in turn, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s each, in turn; the limit of look-ups is lifted by setting. The bare route is Fastify's, with the same schema and headers. Wanted: at least 50 %.`,
    columns: ['', 'requests/s', 'p99 (ms)', 'of the bare route'],
    rows: [
      ['bare Fastify route', perSecond('bare'), p99('bare'), '100 %'],
      ['look-up by RIO', perSecond('ours'), p99('ours'), `${Math.round(ratio * 100)} %`],
    ],
  }
}

/** The headers that our server adds itself, which the bare one shall send too. */
function ownHeaders(response: Response): Record<string, string> {
  const added = ['cache-control', 'content-security-policy', 'referrer-policy', 'x-content-type-options']
  return Object.fromEntries(added.map((name) => [name, response.headers.get(name) ?? '']))
}
