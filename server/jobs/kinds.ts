import type { Kysely } from 'kysely'
import type { JobKind } from '../../contract/jobs.ts'
import type { LineProblem } from '../domain/import-line.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { importChunks } from './import.ts'
import type { JobRow } from './lease.ts'
import { methodChangeChunks } from './method-change.ts'
import { methodUndoChunks } from './method-undo.ts'

/** What work is done with. */
export interface JobTools {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
  /** The name by which other processes know this one. */
  owner: string
}

/** What came of a chunk. */
export interface Outcome {
  /** How many lines or people it dealt with; `created`, `changed` and refused ones included. */
  done: number
  created: number
  changed: number
  refused: { line: number; problems: readonly LineProblem[] }[]
  /** How many earlier refusals it has taken back from the report. */
  withdrawn?: number
  /** Where the job goes on, where `done` does not tell: JSON of the kind's own. */
  position?: object
}

/** What is done in one transaction, together with the job's own position: all of it or nothing. May run again. */
export type Chunk = (tx: Kysely<Tables>) => Promise<Outcome>

/**
 * How each kind of job is done: the chunks from the job's position (`done`, `position`) on. `size` tells how many lines or people the
 * next may have for its transaction to be short. An `AppError` thrown between chunks ends the job as failed. A note is a
 * sentence for whoever reads the job.
 */
export const KINDS: Partial<
  Record<
    JobKind,
    (
      job: JobRow,
      tools: JobTools,
      size: () => number,
      note: (sentence: string) => void,
    ) => AsyncGenerator<Chunk>
  >
> = {
  import: importChunks,
  method_change: methodChangeChunks,
  method_undo: methodUndoChunks,
}
