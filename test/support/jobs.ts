import { createJobs } from '../../server/jobs/jobs.ts'
import type { JobTools } from '../../server/jobs/kinds.ts'
import { createSettings } from '../../server/storage/settings.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { helpdeskOf } from './helpdesks.ts'
import { peopleIn } from './people.ts'
import { emptyTables } from './storages.ts'

/** What jobs are tested with, on empty tables. */
export async function jobsOn(storage: Storage) {
  await emptyTables(storage)
  const settings = createSettings(storage)
  const helpdesk = helpdeskOf(storage, settings)
  const tools: JobTools = { storage, settings, helpdesk, owner: 'one' }
  return { tools, jobs: createJobs(storage, helpdesk.decodeText), people: peopleIn(storage) }
}
