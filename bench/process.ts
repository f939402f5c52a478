import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
  return spawn(process.execPath, [CLI, command], { env, stdio: ['ignore', 'ignore', 'inherit'] })
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

function load(token: string, seconds: number, rate?: number): Promise<autocannon.Result> {
  const paths = Array.from({ length: 5000 }, () => {
    const { rio } = identifiersOfUser(1 + Math.floor(Math.random() * PEOPLE))
    return { path: `/plugins/callmanager/api.php/users/${rio}` }
  })
  return autocannon({
    url: ADDRESS,
    connections: 10,
    duration: seconds,
    headers: { 'session-token': token },
    requests: paths,
    ...(rate === undefined ? {} : { overallRate: rate }),
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
    await load(token, 10, 500)
    const typical = Math.max(...samples)
    samples.length = 0
    const flood = await load(token, 20)
    clearInterval(sampler)
    const flooded = Math.max(...samples)

    const rebuild = run('reindex', folder)
    const rebuilt = new Promise((resolve) => rebuild.once('exit', resolve))
    const meanwhile = await load(token, 20, 500)
    const stillRunning = rebuild.exitCode === null
    await rebuilt
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
        ['most memory at 500 look-ups a second', `${Math.round(typical)} MB`],
        [
          `most memory at ${Math.round(flood.requests.average)} look-ups a second`,
          `${Math.round(flooded)} MB`,
        ],
        [
          'p99 of 500 look-ups a second while `reindex` runs',
          `${meanwhile.latency.p99} ms${stillRunning ? '' : ' (it ended first)'}`,
        ],
      ],
    }
  } finally {
    await stop(child)
  }
}
