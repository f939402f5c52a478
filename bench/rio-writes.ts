import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import type { Report } from './support/report.ts'
import { logIn, startServer } from './support/servers.ts'
import { median } from './support/statistics.ts'
import { sqliteFolder } from './support/stores.ts'

const PEOPLE = 100_000
const WRITTEN = 1000
const CONNECTIONS = 16
const SECONDS = 5
const ROUNDS = 3

const API = '/plugins/callmanager/api/v1'

/** RIOs written a second over HTTP, each on disk before it is acknowledged. */
export async function rioWrites(): Promise<Report> {
  // A copy: the look-ups of the other benches count on their RIOs.
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-bench-writes-'))
  copyFileSync(join(await sqliteFolder(PEOPLE), 'callmanager.db'), join(folder, 'callmanager.db'))
  const server = await startServer('./product-server.ts', {
    DATABASE_URL: `file:${join(folder, 'callmanager.db')}`,
  })
  const token = await logIn(server.address)
  const headers = { 'session-token': token, 'if-match': '*', 'content-type': 'application/json' }
  let written = 0

  async function changePolicy(sharedRios: string): Promise<void> {
    const answer = await fetch(`${server.address}${API}/settings`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ sharedRios }),
    })
    if (!answer.ok) throw new Error(`the settings cannot be changed: ${answer.status}`)
  }

  async function load(): Promise<autocannon.Result> {
    const result = await autocannon({
      url: server.address,
      connections: CONNECTIONS,
      duration: SECONDS,
      headers,
      requests: Array.from({ length: WRITTEN }, (_, index) => ({
        method: 'PUT' as const,
        path: `${API}/users/${1 + ((index * 97) % PEOPLE)}/rio`,
        // Another RIO with each request: writing what is there already would write nothing.
        setupRequest: (request: autocannon.Request) => ({
          ...request,
          body: JSON.stringify({ rio: `W${++written}` }),
        }),
      })),
    })
    if (result.non2xx > 0 || result.errors > 0)
      throw new Error(`${result.non2xx + result.errors} writes failed`)
    return result
  }

  const rows: (string | number)[][] = []
  try {
    for (const policy of ['allowed', 'refused']) {
      await changePolicy(policy)
      await load()
      const rounds: autocannon.Result[] = []
      for (let round = 0; round < ROUNDS; round++) rounds.push(await load())
      rows.push([
        policy,
        Math.round(median(rounds.map(({ requests }) => requests.average))),
        median(rounds.map(({ latency }) => latency.p50)),
        median(rounds.map(({ latency }) => latency.p99)),
      ])
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    title: 'RIO writes',
    how: `\`PUT users/{id}/rio\` of ${WRITTEN} people in turn among ${PEOPLE} on SQLite, each with another RIO, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s. Every write is flushed to disk (\`synchronous=FULL\`) with its line of history before it is acknowledged, and answers with the RIO as it then is. Wanted: at least 500/s.`,
    columns: ['shared RIOs', 'acknowledged/s', 'p50 (ms)', 'p99 (ms)'],
    rows,
  }
}
