import { parseArgs } from 'node:util'
import Value from 'typebox/value'
import type { Job } from '../../contract/jobs.ts'
import { MethodChange } from '../../contract/storage-method.ts'
import { StartError } from '../config.ts'
import { OPERATOR } from '../jobs/jobs.ts'
import { operator } from '../jobs/operator.ts'
import type { Services } from '../services.ts'
import { finishJob } from './finish-job.ts'
import { showProgress } from './progress.ts'
import { withServices } from './with-services.ts'

const USAGE = `Usage: callmanager storage-method
       callmanager storage-method preview|change TO [--replaces] [--changes-logins]
       callmanager storage-method undo JOB
TO is custom_table, name or registration_number; JOB is the number that the change told.`

/** How many of those that stand in the way are shown; the report of the job holds all. */
const SHOWN = 10

/** `callmanager storage-method`: where RIOs are kept, and keeping them elsewhere, as the operator of the machine. */
export async function storageMethod(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      replaces: { type: 'boolean', default: false },
      'changes-logins': { type: 'boolean', default: false },
    },
  })
  const [action, what, ...rest] = positionals
  if (rest.length > 0) throw new StartError(USAGE)
  const change = { to: what, replaces: values.replaces, changesLogins: values['changes-logins'] }
  if (action === undefined) await withServices(show)
  else if (action === 'undo' && /^[1-9]\d*$/.test(what ?? '')) {
    await withServices(async (services) => {
      await work(services, await services.startMethodUndo(await agentOf(services), Number(what)))
    })
  } else if ((action === 'preview' || action === 'change') && Value.Check(MethodChange, change)) {
    await withServices(async (services) => {
      const dryRun = action === 'preview'
      await work(services, await services.startMethodChange(await agentOf(services), { ...change, dryRun }))
    })
  } else throw new StartError(USAGE)
}

const agentOf = async ({ storage, helpdesk }: Services) => operator(storage, await helpdesk.entityTree())

async function show({ readMethodUse }: Services): Promise<void> {
  const { method, people, places } = await readMethodUse()
  for (const place of places) {
    const mark = place.method === method ? '  ← RIOs are kept here' : ''
    console.log(`${place.method.padEnd(20)} filled for ${place.people} of ${people} people${mark}`)
  }
}

async function work(services: Services, id: number): Promise<void> {
  const { jobs } = services
  const progress = showProgress('people')
  const job = await finishJob(services, id, () => jobs.read(OPERATOR, id), progress)
  progress.stop()
  tell(job)
  let shown = 0
  for await (const rows of jobs.refused(id)) {
    for (const { line, reason } of rows) {
      if (++shown <= SHOWN) console.error(`  user ${line}: ${reason}`)
    }
    if (shown > SHOWN) {
      console.error('  …')
      break
    }
  }
  if (job.state !== 'done' || job.failed > 0) process.exitCode = 1
}

function tell({ id, kind, state, dryRun, changed, failed, details, problem }: Job): void {
  if (details !== undefined) {
    const { copied, same, empty, logins } = details
    const would = dryRun ? 'Preview, nothing was written: ' : ''
    console.log(
      `${would}${copied} copied, ${same} the same already, ${empty} without RIO, ${failed} not copied.`,
    )
    if (logins > 0) console.log(`${logins} people ${dryRun ? 'would ' : ''}log in by their RIO from then on.`)
  } else console.log(`${changed} put back, ${failed} not.`)
  if (state === 'cancelled') console.error('It was cancelled; what was done until then stays.')
  if (state === 'failed') console.error(`It stopped: ${problem}`)
  if (kind === 'method_change' && !dryRun && changed > 0) {
    console.log(`It is taken back by: callmanager storage-method undo ${id}`)
  }
}
