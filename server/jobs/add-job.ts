import type { Kysely } from 'kysely'
import type { JobKind } from '../../contract/jobs.ts'
import type { Tables } from '../storage/tables.ts'

interface NewJob {
  kind: JobKind
  /** Who asked; 0 for the operator of the machine. */
  usersId: number
  /** `receiving` while its file arrives. */
  state: 'receiving' | 'waiting'
  options: object
  /** By which the same work asked for twice is known. */
  fingerprint: string
  /** Lines or people, as far as is known. */
  total: number
}

/** Keeps a new job; answers its id. */
export async function addJob(
  tx: Kysely<Tables>,
  { kind, usersId, state, options, fingerprint, total }: NewJob,
): Promise<number> {
  const { insertId } = await tx
    .insertInto('glpi_plugin_callmanager_jobs')
    .values({
      kind,
      users_id: usersId,
      state,
      options: JSON.stringify(options),
      fingerprint,
      total,
      done: 0,
      created: 0,
      changed: 0,
      failed: 0,
      notes: '[]',
      problem: null,
      created_at: Date.now(),
      finished_at: null,
      lease_owner: null,
      lease_until: 0,
    })
    .executeTakeFirstOrThrow()
  return Number(insertId)
}
