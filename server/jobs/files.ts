import type { Kysely } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/**
 * `source`: what a job works on; `undo`: what takes back what it did. Kept in the database, so that any process can go on
 * with a job, and in parts, so that none is ever whole in memory.
 */
export type JobFile = 'source' | 'undo'

export const PART_BYTES = 256 * 1024

export async function addPart(
  tx: Kysely<Tables>,
  jobsId: number,
  file: JobFile,
  part: { number: number; content: Uint8Array },
): Promise<void> {
  await tx
    .insertInto('glpi_plugin_callmanager_job_parts')
    .values({ jobs_id: jobsId, file, ...part })
    .execute()
}

/** The parts of a file, in order. */
export async function* readParts(
  storage: Pick<Storage, 'db'>,
  jobsId: number,
  file: JobFile,
): AsyncGenerator<Uint8Array> {
  for (let number = 0; ; number++) {
    const part = await storage.db
      .selectFrom('glpi_plugin_callmanager_job_parts')
      .select('content')
      .where('jobs_id', '=', jobsId)
      .where('file', '=', file)
      .where('number', '=', number)
      .executeTakeFirst()
    if (part === undefined) return
    yield part.content
  }
}

/** Drops what a job worked on: it may hold a whole organisation, and is of no use once the job has ended. */
export async function dropSource(tx: Kysely<Tables>, jobsId: number): Promise<void> {
  await tx
    .deleteFrom('glpi_plugin_callmanager_job_parts')
    .where('jobs_id', '=', jobsId)
    .where('file', '=', 'source')
    .execute()
}
