import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Job, JobKind, JobState } from '../../contract/jobs.ts'
import { DEFAULT_PAGE, type Page, type PageQuery } from '../../contract/paging.ts'
import { displayName } from '../domain/accounts.ts'
import { guardCell } from '../domain/csv-cell.ts'
import { idBehind, pageById } from '../domain/cursor.ts'
import { AppError } from '../domain/errors.ts'
import { apiTime, DAY_MS, HOUR_MS } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { dropSource, readParts } from './files.ts'
import { UNDO_HEADER } from './undo-file.ts'

/** Who looks at jobs: their own, or everybody's where they see every entity there is. */
export interface Viewer {
  usersId: number
  all: boolean
}

/** The operator of the machine, who is nobody's user. */
export const OPERATOR: Viewer = { usersId: 0, all: true }

const REPORT_PAGE = 1000
/** How long it is kept what came of a job. */
const KEPT_DAYS = 90
/** An upload that has not ended by then never will. */
const LONGEST_UPLOAD_MS = HOUR_MS

/** Jobs as those see them who asked for them. Working on them is run.ts's. */
export function createJobs(storage: Storage, decodeText: (stored: string) => string) {
  const { db } = storage

  const select = ({ usersId, all }: Viewer) => {
    const jobs = db
      .selectFrom('glpi_plugin_callmanager_jobs as job')
      .leftJoin('glpi_users as user', 'user.id', 'job.users_id')
      .selectAll('job')
      .select(['user.name', 'user.realname', 'user.firstname'])
      .where('job.state', '<>', 'receiving')
    return all ? jobs : jobs.where('job.users_id', '=', usersId)
  }
  type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

  function toJob(row: Row): Job {
    const options: { dryRun?: boolean } = JSON.parse(row.options)
    const { details }: Pick<Job, 'details'> = JSON.parse(row.position ?? '{}')
    const { done, created, changed, failed } = row
    return {
      id: row.id,
      kind: row.kind as JobKind,
      state: row.state as JobState,
      dryRun: options.dryRun ?? false,
      startedBy: {
        id: row.users_id,
        name: row.users_id === 0 ? 'Operator' : decodeText(displayName(row)),
      },
      createdAt: apiTime(row.created_at),
      finishedAt: row.finished_at === null ? null : apiTime(row.finished_at),
      total: row.total,
      done,
      created,
      changed,
      unchanged: done - created - changed - failed,
      failed,
      ...(details !== undefined && { details }),
      notes: JSON.parse(row.notes),
      problem: row.problem ?? '',
    }
  }

  async function read(viewer: Viewer, id: number): Promise<Job> {
    const row = await select(viewer).where('job.id', '=', id).executeTakeFirst()
    if (row === undefined) throw new AppError('job-unknown')
    return toJob(row)
  }

  /** The lines that a job refused, in their order. */
  async function* refused(id: number): AsyncGenerator<Tables['glpi_plugin_callmanager_job_lines'][]> {
    let [line, field] = [-1, '']
    for (;;) {
      const rows = await db
        .selectFrom('glpi_plugin_callmanager_job_lines')
        .selectAll()
        .where('jobs_id', '=', id)
        .where('line', '>=', line)
        .where(({ eb, or, and }) =>
          or([eb('line', '>', line), and([eb('line', '=', line), eb('field', '>', field)])]),
        )
        .orderBy('line')
        .orderBy('field')
        .limit(sql.lit(REPORT_PAGE))
        .execute()
      const last = rows.at(-1)
      if (last === undefined) return
      ;[line, field] = [last.line, last.field]
      yield rows
    }
  }

  return {
    read,
    refused,

    /** Newest first. */
    async list(viewer: Viewer, { limit = DEFAULT_PAGE, cursor }: PageQuery): Promise<Page<Job>> {
      const before = idBehind(cursor)
      let rows = select(viewer)
        .orderBy('job.id', 'desc')
        .limit(sql.lit(limit + 1))
      if (before !== null) rows = rows.where('job.id', '<', before)
      const page = pageById(await rows.execute(), limit)
      return { ...page, items: page.items.map(toJob) }
    },

    /** The report as CSV: line, column and reason of all that was refused. */
    async report(viewer: Viewer, id: number): Promise<AsyncGenerator<string>> {
      await read(viewer, id)
      return (async function* () {
        yield stringify([['line', 'column', 'reason']])
        for await (const rows of refused(id)) {
          yield stringify(rows.map(({ line, field, reason }) => [line, guardCell(field), guardCell(reason)]))
        }
      })()
    },

    /** What takes back what the job did, as CSV. Throws `job-unknown` where there is nothing of the kind. */
    async undo(viewer: Viewer, id: number): Promise<AsyncGenerator<Uint8Array>> {
      await read(viewer, id)
      const parts = readParts(storage, id, 'undo')
      const { value: first, done } = await parts.next()
      if (done) throw new AppError('job-unknown', { detail: 'this job leaves nothing to take back' })
      return (async function* () {
        yield Buffer.from(UNDO_HEADER)
        yield first
        yield* parts
      })()
    },

    /** Ends a job after the chunk that is under way. Throws `conflict` where it has ended already. */
    async cancel(viewer: Viewer, id: number): Promise<void> {
      await read(viewer, id)
      await storage.write('full', async (tx) => {
        const [ended] = await tx
          .updateTable('glpi_plugin_callmanager_jobs')
          .set({ state: 'cancelled', finished_at: Date.now(), lease_owner: null, lease_until: 0 })
          .where('id', '=', id)
          .where('state', 'in', ['waiting', 'running'])
          .execute()
        if (ended?.numUpdatedRows !== 1n) {
          throw new AppError('conflict', { detail: 'the job has ended, and can no longer be cancelled' })
        }
        await dropSource(tx, id)
      })
    },

    /** Forgets jobs that ended long ago, and files that never arrived whole. */
    async purge(now = Date.now()): Promise<void> {
      const old = await db
        .selectFrom('glpi_plugin_callmanager_jobs')
        .select('id')
        .where(({ eb, or, and }) =>
          or([
            eb('finished_at', '<', now - KEPT_DAYS * DAY_MS),
            and([eb('state', '=', 'receiving'), eb('created_at', '<', now - LONGEST_UPLOAD_MS)]),
          ]),
        )
        .execute()
      for (const { id } of old) await storage.write('normal', (tx) => forgetJob(tx, id))
    },
  }
}

export type Jobs = ReturnType<typeof createJobs>

/** Drops a job with all that is kept of it. */
export async function forgetJob(tx: Storage['db'], id: number): Promise<void> {
  await tx.deleteFrom('glpi_plugin_callmanager_job_parts').where('jobs_id', '=', id).execute()
  await tx.deleteFrom('glpi_plugin_callmanager_job_lines').where('jobs_id', '=', id).execute()
  await tx.deleteFrom('glpi_plugin_callmanager_jobs').where('id', '=', id).execute()
}
