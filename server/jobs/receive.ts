import { createHash } from 'node:crypto'
import type { JobKind } from '../../contract/jobs.ts'
import { AppError } from '../domain/errors.ts'
import type { Storage } from '../storage/storage.ts'
import { addJob } from './add-job.ts'
import { addPart, PART_BYTES } from './files.ts'
import { forgetJob } from './jobs.ts'

const NEWLINE = 10

/** What is known of a file once all of it has arrived. */
interface Received {
  /** Whether all of it is UTF-8. */
  isUtf8: boolean
}

export interface NewFileJob {
  kind: JobKind
  usersId: number
  /** What the work depends on besides the file: the same twice is the same work. */
  options: object
  /** Looks at the beginning of the file before anything is kept. Answers whether it has seen enough; throws `value-refused`. */
  inspect(head: Buffer, isWhole: boolean): boolean
  /** The options to keep, with what only the whole file tells. */
  complete(received: Received): object
}

/**
 * Keeps a file as it arrives, in parts, and makes it a job that waits to be done; answers the job's id. The same file with
 * the same options as a job that has not ended is that job, so that who asks again goes on where a killed process stopped.
 */
export async function receiveFile(
  storage: Storage,
  job: NewFileJob,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  const sha = createHash('sha256').update(JSON.stringify([job.kind, job.usersId, job.options]))
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let [id, number, lines, isUtf8, last] = [0, 0, 0, true, NEWLINE]
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let inspected = false
  let nextLook = 1

  function look(bytes: Uint8Array): void {
    sha.update(bytes)
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++
    last = bytes.at(-1) ?? last
    if (isUtf8) isUtf8 = isValid(() => utf8.decode(bytes, { stream: true }))
  }

  async function keep(): Promise<void> {
    const content = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    id = await storage.write('full', async (tx) => {
      const jobsId =
        id === 0
          ? await addJob(tx, { ...job, state: 'receiving', options: {}, fingerprint: '', total: 0 })
          : id
      await addPart(tx, jobsId, 'source', { number, content })
      return jobsId
    })
    number++
  }

  try {
    for await (const bytes of source) {
      if (bytes.length === 0) continue
      look(bytes)
      waiting.push(bytes)
      waitingBytes += bytes.length
      // Not at each piece, however small they are: it is looked at from its beginning each time.
      if (!inspected && waitingBytes >= nextLook) {
        inspected = job.inspect(Buffer.concat(waiting), false)
        nextLook = 2 * waitingBytes
      }
      if (inspected && waitingBytes >= PART_BYTES) await keep()
    }
    if (number === 0 && waitingBytes === 0) {
      throw new AppError('value-refused', { field: 'file', detail: 'the file is empty' })
    }
    if (!inspected) job.inspect(Buffer.concat(waiting), true)
    isUtf8 &&= isValid(() => utf8.decode())
    if (waitingBytes > 0 || number === 0) await keep()
    if (last !== NEWLINE) lines++
    return await admit(storage, job, {
      id,
      fingerprint: sha.digest('hex'),
      // The header row is none.
      total: Math.max(lines - 1, 0),
      options: job.complete({ isUtf8 }),
    })
  } catch (error) {
    // Nothing is left of a file that did not arrive whole.
    if (id !== 0) await storage.write('normal', (tx) => forgetJob(tx, id))
    throw error
  }
}

function isValid(decode: () => string): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}

/** The file is whole: it becomes a job, unless the very same one is waiting or under way. */
async function admit(
  storage: Storage,
  job: Pick<NewFileJob, 'usersId'>,
  { id, fingerprint, total, options }: { id: number; fingerprint: string; total: number; options: object },
): Promise<number> {
  return storage.write('full', async (tx) => {
    const same = await tx
      .selectFrom('glpi_plugin_callmanager_jobs')
      .select('id')
      .where('state', 'in', ['waiting', 'running'])
      .where('fingerprint', '=', fingerprint)
      .where('users_id', '=', job.usersId)
      .executeTakeFirst()
    if (same !== undefined) {
      await forgetJob(tx, id)
      return same.id
    }
    await tx
      .updateTable('glpi_plugin_callmanager_jobs')
      .set({ state: 'waiting', fingerprint, total, options: JSON.stringify(options) })
      .where('id', '=', id)
      .execute()
    return id
  })
}
