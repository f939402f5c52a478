import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { JobKind } from '../../contract/jobs.ts'
import type { MethodChange } from '../../contract/storage-method.ts'
import { AppError } from '../domain/errors.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { lockSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { addJob } from './add-job.ts'
import { demandMethodChangeRights, type MethodChangeOptions } from './method-change.ts'
import type { MethodUndoOptions } from './method-undo.ts'
import { starterOf } from './starter.ts'

const KINDS = ['method_change', 'method_undo'] as const satisfies JobKind[]

/**
 * Has a change of the storage method, or its preview, wait to be done; answers the job's id. Throws `right-missing`,
 * `value-refused`, or `job-running` while another is under way. The operator who asks for the same again, after a command
 * that was killed, gets that one.
 */
export async function startMethodChange(
  storage: Storage,
  agent: Agent,
  { to, replaces = false, changesLogins = false, dryRun }: MethodChange & { dryRun: boolean },
): Promise<number> {
  demandMethodChangeRights(agent)
  return storage.write('full', async (tx) => {
    const { rio_storage_method: from } = await lockSettings(tx, storage.engine)
    if (to === from)
      throw new AppError('value-refused', { field: 'to', detail: 'RIOs are kept there already' })
    if (to === 'name' && !dryRun && !changesLogins) {
      throw new AppError('value-refused', {
        field: 'changesLogins',
        detail: 'the RIO becomes the login of each person who has one; send true if they shall log in by it',
      })
    }
    const { people } = await tx
      .selectFrom('glpi_users')
      .select(({ fn }) => fn.countAll<number>().as('people'))
      .executeTakeFirstOrThrow()
    const options: MethodChangeOptions = { from, to, replaces, dryRun, starter: starterOf(agent) }
    return addOnly(tx, agent, { kind: 'method_change', options, total: Number(people) })
  })
}

/** The same for taking back what such a job did. The caller has made sure that the agent sees the job. */
export async function startMethodUndo(storage: Storage, agent: Agent, id: number): Promise<number> {
  demandMethodChangeRights(agent)
  return storage.write('full', async (tx) => {
    const { rio_storage_method: current } = await lockSettings(tx, storage.engine)
    const job = await tx
      .selectFrom('glpi_plugin_callmanager_jobs')
      .select(['kind', 'state', 'options', 'changed'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (job === undefined) throw new AppError('job-unknown')
    if (job.kind !== 'method_change') refuseUndo('this job leaves nothing to take back')
    const { from, to, dryRun }: MethodChangeOptions = JSON.parse(job.options)
    if (dryRun) refuseUndo('this job leaves nothing to take back')
    if (job.state === 'waiting' || job.state === 'running') refuseUndo('the job has not ended')
    if (current !== from && current !== to) refuseUndo('the storage method has been changed again since')
    const options: MethodUndoOptions = { job: id, from, to, starter: starterOf(agent) }
    return addOnly(tx, agent, { kind: 'method_undo', options, total: job.changed })
  })
}

function refuseUndo(detail: string): never {
  throw new AppError('conflict', { detail })
}

/** The lock on the settings, which both have taken, lets one ask after another. */
async function addOnly(
  tx: Kysely<Tables>,
  { id: usersId }: Agent,
  job: { kind: (typeof KINDS)[number]; options: object; total: number },
): Promise<number> {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([job.kind, job.options]))
    .digest('hex')
  const open = await tx
    .selectFrom('glpi_plugin_callmanager_jobs')
    .select(['id', 'users_id', 'fingerprint'])
    .where('kind', 'in', KINDS)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  if (open === undefined) return addJob(tx, { ...job, usersId, state: 'waiting', fingerprint })
  if (usersId === 0 && open.users_id === 0 && open.fingerprint === fingerprint) return open.id
  throw new AppError('job-running')
}
