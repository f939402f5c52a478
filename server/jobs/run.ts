import { setTimeout as sleep } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import { cut } from '../domain/cut.ts'
import { AppError, ERRORS } from '../domain/errors.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { createChunkSize } from './chunk-size.ts'
import { dropSource } from './files.ts'
import { type Chunk, type JobTools, KINDS, type Outcome } from './kinds.ts'
import { type JobRow, LEASE_MS, releaseJob } from './lease.ts'

const LONGEST_PAUSE_MS = 12

/** Who has been cancelled, or replaced after a long silence, has nothing more to say. */
class NoLongerOurs extends Error {}

/**
 * Works on a job that was taken, to its end or until `mayGoOn` says no; it is then left for whoever takes it next. A chunk's
 * work, the job's position, its counts and its report commit together, so that each is done exactly once.
 */
export async function runJob(
  job: JobRow,
  tools: JobTools,
  mayGoOn: () => boolean = () => true,
): Promise<void> {
  const { storage, owner } = tools
  const size = createChunkSize(storage)
  let { done } = job
  const notes: string[] = JSON.parse(job.notes)
  const note = (sentence: string): void => {
    if (!notes.includes(sentence)) notes.push(sentence)
  }
  try {
    const chunks = KINDS[job.kind as keyof typeof KINDS]
    if (chunks === undefined) throw new AppError('internal-error', { detail: 'no such kind of job' })
    for await (const chunk of chunks(job, tools, size.now, note)) {
      const { outcome, took } = await commitChunk(storage, { job, owner, done, notes }, chunk)
      done += outcome.done
      if (!mayGoOn()) {
        await releaseJob(storage, owner, job.id)
        return
      }
      await size.learn(took)
      // Others who write get their turn.
      await sleep(Math.min(took / 4, LONGEST_PAUSE_MS))
    }
    await finish(storage, { job, owner, notes }, { state: 'done', problem: null })
  } catch (error) {
    if (error instanceof NoLongerOurs) return
    // The database or the helpdesk is away: tried again later, by whoever gets an answer.
    if (error instanceof AppError && error.status > 500) throw error
    const problem =
      error instanceof AppError
        ? `${error.message}. ${ERRORS[error.code].remedy}`
        : 'Internal error. The log names the cause.'
    await finish(storage, { job, owner, notes }, { state: 'failed', problem })
    if (!(error instanceof AppError)) throw error
  }
}

interface Standing {
  job: JobRow
  owner: string
  done: number
  notes: readonly string[]
}

async function commitChunk(
  storage: Storage,
  { job, owner, done, notes }: Standing,
  chunk: Chunk,
): Promise<{ outcome: Outcome; took: number }> {
  let took = 0
  // A power cut may take the last chunks back, with the position: they are then done anew. The end is on disk.
  const outcome = await storage.write('normal', async (tx) => {
    const started = performance.now()
    // First of all, so that nobody else works on the job meanwhile; and only from where this process left it.
    const [held] = await tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set({ lease_until: Date.now() + LEASE_MS })
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_owner', '=', owner)
      .where('done', '=', done)
      .execute()
    if (held?.numUpdatedRows !== 1n) throw new NoLongerOurs()
    const made = await chunk(tx)
    await tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set(({ eb }) => ({
        done: done + made.done,
        created: eb('created', '+', made.created),
        changed: eb('changed', '+', made.changed),
        failed: eb('failed', '+', made.refused.length - (made.withdrawn ?? 0)),
        ...(made.position !== undefined && { position: JSON.stringify(made.position) }),
        notes: JSON.stringify(notes),
      }))
      .where('id', '=', job.id)
      .execute()
    await storage.insertMany(tx, 'glpi_plugin_callmanager_job_lines', reportRows(job.id, made))
    took = performance.now() - started
    return made
  })
  return { outcome, took }
}

const FIELD_LENGTH = 60

function reportRows(
  jobsId: number,
  { refused }: Outcome,
): Insertable<Tables['glpi_plugin_callmanager_job_lines']>[] {
  return refused.flatMap(({ line, problems }) => {
    const reasons = new Map<string, string>()
    for (const { column, reason } of problems) {
      const field = cut(column, FIELD_LENGTH)
      const known = reasons.get(field)
      reasons.set(field, known === undefined ? reason : `${known}; ${reason}`)
    }
    return [...reasons].map(([field, reason]) => ({ jobs_id: jobsId, line, field, reason }))
  })
}

async function finish(
  storage: Storage,
  { job, owner, notes }: Omit<Standing, 'done'>,
  { state, problem }: { state: 'done' | 'failed'; problem: string | null },
): Promise<void> {
  await storage.write('full', async (tx) => {
    const [ended] = await tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set(({ ref }) => ({
        state,
        problem,
        notes: JSON.stringify(notes),
        finished_at: Date.now(),
        // A file's lines were only estimated.
        total: state === 'done' ? ref('done') : ref('total'),
        lease_owner: null,
        lease_until: 0,
      }))
      .where('id', '=', job.id)
      .where('lease_owner', '=', owner)
      .execute()
    if (ended?.numUpdatedRows === 1n) await dropSource(tx, job.id)
  })
}
