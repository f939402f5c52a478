import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { Report } from './support/report.ts'
import { ADDRESS, randomPath, residentMegabytes, run, startUp, steady, stop } from './support/served.ts'
import { logIn } from './support/servers.ts'
import { median, quantile } from './support/statistics.ts'
import { sqliteFolder } from './support/stores.ts'

const PEOPLE = 1_000_000
const STARTS = 5
const RATE = 500

/** As many look-ups as ten connections can make. Answers their number a second. */
async function flood(token: string, seconds: number): Promise<number> {
  const requests = Array.from({ length: 5000 }, () => ({ path: randomPath(PEOPLE) }))
  const headers = { 'session-token': token }
  const result = await autocannon({ url: ADDRESS, connections: 10, duration: seconds, headers, requests })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} look-ups failed`)
  return result.requests.average
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
    await steady({ token, people: PEOPLE, perSecond: RATE }, sleep(10_000))
    const typical = Math.max(...samples)
    samples.length = 0
    const flooding = await flood(token, 20)
    clearInterval(sampler)
    const flooded = Math.max(...samples)

    const quiet = await steady({ token, people: PEOPLE, perSecond: RATE }, sleep(10_000))
    const rebuild = run(['reindex'], folder)
    const meanwhile = await steady(
      { token, people: PEOPLE, perSecond: RATE },
      new Promise((resolve) => rebuild.once('exit', resolve)),
    )
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
