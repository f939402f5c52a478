import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { identifiersOfUser } from './support/population.ts'
import type { Report } from './support/report.ts'
import { logIn } from './support/servers.ts'
import { median, quantile } from './support/statistics.ts'
import { sqliteFolder } from './support/stores.ts'

const PEOPLE = 1_000_000
const STARTS = 5
const RATE = 500
const PORT = 18_190
const ADDRESS = `http://127.0.0.1:${PORT}`
const CLI = fileURLToPath(new URL('../dist/server/cli.js', import.meta.url))

function run(command: string, folder: string): ChildProcess {
  const env = {
    ...process.env,
    DATA_DIR: folder,
    PORT: String(PORT),
    LOOKUPS_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
  }
  // By its first line, which says how Node is to be started.
  return spawn(CLI, [command], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Milliseconds from starting the process to its first answer of "ready". */
async function startUp(folder: string): Promise<{ child: ChildProcess; ms: number }> {
  const started = performance.now()
  const child = run('serve', folder)
  for (;;) {
    const answer = await fetch(`${ADDRESS}/readyz`).catch(() => undefined)
    if (answer?.ok) return { child, ms: performance.now() - started }
    if (child.exitCode !== null) throw new Error('the server did not start')
    await sleep(5)
  }
}

/** Resident memory in megabytes, as the kernel counts it. */
function residentMegabytes(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

function randomPath(): string {
  const { rio } = identifiersOfUser(1 + Math.floor(Math.random() * PEOPLE))
  return `/plugins/callmanager/api.php/users/${rio}`
}

/** As many look-ups as ten connections can make. Answers their number a second. */
async function flood(token: string, seconds: number): Promise<number> {
  const requests = Array.from({ length: 5000 }, () => ({ path: randomPath() }))
  const headers = { 'session-token': token }
  const result = await autocannon({ url: ADDRESS, connections: 10, duration: seconds, headers, requests })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} look-ups failed`)
  return result.requests.average
}

/** Look-ups at a steady rate, however long each takes, until `ended`. Answers the milliseconds of each. */
async function steady(token: string, perSecond: number, ended: Promise<unknown>): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  const answers: Promise<void>[] = []
  let goesOn = true
  void ended.then(() => {
    goesOn = false
  })
  const began = performance.now()
  for (let sent = 0; goesOn; sent++) {
    const due = began + (sent * 1000) / perSecond
    const early = due - performance.now()
    if (early > 1) await sleep(early)
    answers.push(
      ask(agent, token).then(() => {
        times.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(answers)
  agent.destroy()
  return times
}

function ask(agent: Agent, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { 'session-token': token } }
    get(`${ADDRESS}${randomPath()}`, options, (response) => {
      response.resume()
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error('a look-up failed')),
      )
    }).once('error', reject)
  })
}

/** The compiled server as a process: time to ready, memory under load, and look-ups while another process rebuilds. */
export async function asProcess(): Promise<Report> {
  const folder = await sqliteFolder(PEOPLE)
  const starts: number[] = []
  for (let index = 0; index < STARTS; index++) {
    const { child, ms } = await startUp(folder)
    starts.push(ms)
    await stop(child)
  }

  const { child } = await startUp(folder)
  try {
    const token = await logIn(ADDRESS)
    const idle = residentMegabytes(child)
    const samples: number[] = []
    const sampler = setInterval(() => samples.push(residentMegabytes(child)), 200)
    await steady(token, RATE, sleep(10_000))
    const typical = Math.max(...samples)
    samples.length = 0
    const flooding = await flood(token, 20)
    clearInterval(sampler)
    const flooded = Math.max(...samples)

    const quiet = await steady(token, RATE, sleep(10_000))
    const rebuild = run('reindex', folder)
    const meanwhile = await steady(token, RATE, new Promise((resolve) => rebuild.once('exit', resolve)))
    const p99 = (times: number[]) => `${quantile(times, 0.99).toFixed(1)} ms`
    return {
      title: 'As a process',
      how: `The compiled server with ${PEOPLE} people on SQLite; look-ups of random people. Wanted: ready within 1,000 ms, at most 150 MB, p99 at most 50 ms while \`reindex\` runs.`,
      columns: ['', ''],
      rows: [
        [
          'ready after starting `node`, median (slowest) of 5',
          `${Math.round(median(starts))} ms (${Math.round(quantile(starts, 1))} ms)`,
        ],
        ['memory once ready', `${Math.round(idle)} MB`],
        [`most memory at ${RATE} look-ups a second`, `${Math.round(typical)} MB`],
        [`most memory at ${Math.round(flooding)} look-ups a second`, `${Math.round(flooded)} MB`],
        [`p99 of ${RATE} look-ups a second`, p99(quiet)],
        [`the same while \`reindex\` compares all (${meanwhile.length} look-ups)`, p99(meanwhile)],
      ],
    }
  } finally {
    await stop(child)
  }
}
