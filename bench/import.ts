import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertOrganisationPlaces, organisationCsv } from '../server/helpdesk/embedded/organisation.ts'
import { populate } from './support/population.ts'
import type { Report } from './support/report.ts'
import { ADDRESS, run, startUp, steady, stop } from './support/served.ts'
import { logIn } from './support/servers.ts'
import { quantile } from './support/statistics.ts'
import { databaseIn, openBench } from './support/stores.ts'

const LINES = 100_000
const FEW_LINES = 10_000
/** Who is looked up meanwhile. */
const PEOPLE = 1000
const RATE = 200

/** A store with some people to look up, and the entities that the file names. */
async function newStore(root: string, name: string): Promise<string> {
  const folder = join(root, name)
  const services = await openBench(databaseIn(folder))
  await populate(services, PEOPLE)
  await insertOrganisationPlaces(services.storage)
  await services.close()
  return folder
}

async function organisationFile(root: string, lines: number): Promise<string> {
  const file = join(root, `${lines}.csv`)
  await pipeline(organisationCsv(lines), createWriteStream(file))
  return file
}

/** The command to its end: seconds, and the most memory that the kernel saw. */
async function byCommand(file: string, folder: string): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now()
  const child = run(['import', file], folder)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let megabytes = 0
  const sampler = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // It has just ended.
    }
  }, 50)
  const code = await ended
  clearInterval(sampler)
  if (code !== 0) throw new Error(`the import ended with ${code}`)
  return { seconds: (performance.now() - started) / 1000, megabytes }
}

/** By the API of a running server that is asked for people meanwhile: seconds, and the milliseconds of each look-up. */
async function byServer(file: string, folder: string): Promise<{ seconds: number; times: number[] }> {
  const { child } = await startUp(folder)
  try {
    const token = await logIn(ADDRESS)
    const headers = { 'session-token': token }
    const jobs = `${ADDRESS}/plugins/callmanager/api/v1`
    const started = performance.now()
    const import_ = async (): Promise<void> => {
      const answer = await fetch(`${jobs}/imports?entityId=0`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv', 'content-length': String(statSync(file).size) },
        body: Readable.toWeb(createReadStream(file)) as ReadableStream,
        duplex: 'half',
      } as RequestInit)
      if (answer.status !== 202) throw new Error(`the import was refused: ${await answer.text()}`)
      const { id } = (await answer.json()) as { id: number }
      for (;;) {
        const job = (await (await fetch(`${jobs}/jobs/${id}`, { headers })).json()) as { state: string }
        if (job.state === 'done') return
        if (job.state === 'failed') throw new Error('the import failed')
        await sleep(200)
      }
    }
    const importing = import_()
    const times = await steady({ token, people: PEOPLE, perSecond: RATE }, importing)
    await importing
    return { seconds: (performance.now() - started) / 1000, times }
  } finally {
    await stop(child)
  }
}

/** An import of a whole organisation: how long, how much memory, and what look-ups feel of it. */
export async function importing(): Promise<Report> {
  const root = mkdtempSync(join(tmpdir(), 'callmanager-bench-import-'))
  try {
    const [few, many] = [await organisationFile(root, FEW_LINES), await organisationFile(root, LINES)]
    const small = await byCommand(few, await newStore(root, 'few'))
    const folder = await newStore(root, 'many')
    const large = await byCommand(many, folder)
    const again = await byCommand(many, folder)
    const served = await byServer(many, await newStore(root, 'served'))
    const p99 = quantile(served.times, 0.99)
    return {
      title: 'Import',
      how: `The compiled command on SQLite, ${LINES} new people of a made-up administration in twelve columns (accounts, mail addresses, RIOs, history, index), each chunk flushed to disk; then the same by the API of a running server that answers ${RATE} look-ups a second. Wanted: at most 20 s, memory that does not grow with the file, p99 at most 50 ms.`,
      columns: ['', ''],
      rows: [
        [`${LINES} new people`, `${large.seconds.toFixed(1)} s`],
        ['the same file again, nothing changes', `${again.seconds.toFixed(1)} s`],
        [`most memory, ${FEW_LINES} lines`, `${Math.round(small.megabytes)} MB`],
        [`most memory, ${LINES} lines`, `${Math.round(large.megabytes)} MB`],
        [`${LINES} new people by the API, look-ups meanwhile`, `${served.seconds.toFixed(1)} s`],
        [`p99 of the look-ups meanwhile (${served.times.length})`, `${p99.toFixed(1)} ms`],
      ],
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}
