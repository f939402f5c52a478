import { createReadStream, createWriteStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import Value from 'typebox/value'
import { ImportQuery } from '../../contract/imports.ts'
import type { Job } from '../../contract/jobs.ts'
import { StartError } from '../config.ts'
import { createJobs, OPERATOR } from '../jobs/jobs.ts'
import { operator } from '../jobs/operator.ts'
import { finishJob } from './finish-job.ts'
import { showProgress } from './progress.ts'
import { withServices } from './with-services.ts'

const USAGE = `Usage: callmanager import FILE [--rios-only] [--match login|registrationNumber|email] [--dry-run]
         [--separator auto|comma|semicolon|tab] [--encoding auto|utf-8|windows-1252]
         [--entity ID] [--clear-empty] [--change-logins]
FILE is a CSV file with a header row; - reads the standard input.`

/** How many of the lines that were refused are shown; the report holds all. */
const SHOWN = 10

/** `callmanager import FILE`: people or RIOs from a CSV file, as the operator of the machine. Goes on where a killed one stopped. */
export async function importFile(args: string[]): Promise<void> {
  const { file, query } = understand(args)
  if (file !== '-') await demandReadable(file)
  await withServices(async (services) => {
    const source = file === '-' ? process.stdin : createReadStream(file)
    const agent = await operator(services.storage, await services.helpdesk.entityTree())
    const id = await services.startImport(agent, query, source)
    const jobs = createJobs(services.storage, services.helpdesk.decodeText)
    const before = await jobs.read(OPERATOR, id)
    if (before.done > 0) console.log(`Going on behind line ${before.done + 1}, where it stopped.`)

    const progress = showProgress('lines')
    const job = await finishJob(services, id, () => jobs.read(OPERATOR, id), progress)
    progress.stop()
    tell(job)
    if (job.failed > 0) await tellRefused(jobs, id, file)
    if (job.state !== 'done' || job.failed > 0) process.exitCode = 1
  })
}

function understand(args: string[]): { file: string; query: ImportQuery } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'rios-only': { type: 'boolean', default: false },
      match: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      separator: { type: 'string' },
      encoding: { type: 'string' },
      entity: { type: 'string' },
      'clear-empty': { type: 'boolean', default: false },
      'change-logins': { type: 'boolean', default: false },
    },
  })
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) throw new StartError(USAGE)
  const query = {
    mode: values['rios-only'] ? 'rios' : 'people',
    ...(values.match !== undefined && { match: values.match }),
    ...(values.separator !== undefined && { separator: values.separator }),
    ...(values.encoding !== undefined && { encoding: values.encoding }),
    ...(values.entity !== undefined && {
      entityId: /^\d+$/.test(values.entity) ? Number(values.entity) : -1,
    }),
    dryRun: values['dry-run'],
    clearEmpty: values['clear-empty'],
    changeLogins: values['change-logins'],
  }
  if (!Value.Check(ImportQuery, query)) throw new StartError(USAGE)
  return { file, query }
}

async function demandReadable(file: string): Promise<void> {
  await access(file, constants.R_OK).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`The file cannot be read (${reason}). Correct the path or its permissions.`)
  })
}

function tell(job: Job): void {
  for (const note of job.notes) console.log(note)
  const { done, created, changed, unchanged, failed } = job
  const would = job.dryRun ? 'Dry run, nothing was written: ' : ''
  console.log(
    `${would}${done} lines: ${created} created, ${changed} changed, ${unchanged} unchanged, ${failed} refused.`,
  )
  if (job.state === 'cancelled') console.error('The import was cancelled; what was done until then stays.')
  if (job.state === 'failed') console.error(`The import stopped: ${job.problem}`)
}

async function tellRefused(jobs: ReturnType<typeof createJobs>, id: number, file: string): Promise<void> {
  let shown = 0
  for await (const rows of jobs.refused(id)) {
    for (const { line, field, reason } of rows) {
      if (++shown <= SHOWN) console.error(`  line ${line}${field === '' ? '' : `, ${field}`}: ${reason}`)
    }
    if (shown > SHOWN) break
  }
  const path = `${file === '-' ? 'import' : file}.report.csv`
  await pipeline(Readable.from(await jobs.report(OPERATOR, id)), createWriteStream(path))
  console.error(`${shown > SHOWN ? '  …\n' : ''}All of them are in ${path}.`)
}
