import autocannon from 'autocannon'
import { identifiersOfUser } from './support/population.ts'
import { startServer } from './support/servers.ts'

const CONNECTIONS = 50
const SECONDS = 5
const ROUNDS = 3

async function load(address: string, paths: string[], token: string): Promise<autocannon.Result> {
  return autocannon({
    url: address,
    connections: CONNECTIONS,
    duration: SECONDS,
    headers: { 'session-token': token },
    requests: paths.map((path) => ({ path })),
  })
}

export async function logIn(address: string): Promise<string> {
  const response = await fetch(`${address}/apirest.php/initSession`, {
    headers: { authorization: `Basic ${Buffer.from('bench:bench-bench').toString('base64')}` },
  })
  const { session_token: token } = await response.json()
  return token
}

/** Requests a second of a look-up by RIO, against a bare route that returns the same bytes; the best of several rounds each. */
export async function lookupOverHttp(databaseUrl: string, users: number) {
  const paths = Array.from({ length: 500 }, (_, index) => {
    const { rio } = identifiersOfUser(1 + ((index * 7919) % users))
    return `/plugins/callmanager/api.php/users/${rio}`
  })
  const product = await startServer('./product-server.ts', { DATABASE_URL: databaseUrl })
  const token = await logIn(product.address)
  const sample = await fetch(`${product.address}${paths[0]}`, { headers: { 'session-token': token } })
  const answer = await sample.json()
  const bare = await startServer('./bare-server.ts', answer)
  const ratios: { product: number; bare: number; p99: number }[] = []
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await load(product.address, paths, token)
      const theirs = await load(bare.address, paths, token)
      if (ours.non2xx > 0 || ours.errors > 0) throw new Error(`${ours.non2xx} answers were not 200`)
      // The first round warms both up.
      if (round > 0) ratios.push({ product: ours.requests.average, bare: theirs.requests.average, p99: ours.latency.p99 })
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
  }
  return ratios
}
