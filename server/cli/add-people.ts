import { insertOrganisationPlaces, organisationCsv } from '../helpdesk/embedded/organisation.ts'
import { OPERATOR } from '../jobs/jobs.ts'
import { operator } from '../jobs/operator.ts'
import type { Services } from '../services.ts'
import { finishJob } from './finish-job.ts'
import { showProgress } from './progress.ts'

const MARK = 'demo_people'

/** Adds people of a made-up administration to the demo, by an import as anybody's; once, whatever their number. */
export async function addPeople(services: Services, count: number): Promise<void> {
  const { storage, helpdesk, jobs, startImport } = services
  const mark = await storage.db
    .selectFrom('glpi_plugin_callmanager_configs')
    .select('value')
    .where('name', '=', MARK)
    .executeTakeFirst()
  if (mark !== undefined) return
  await insertOrganisationPlaces(storage)
  console.error(`Adding ${count} people …`)
  const agent = await operator(storage, await helpdesk.entityTree())
  const id = await startImport(agent, {}, organisationCsv(count))
  const progress = showProgress('people')
  const job = await finishJob(services, id, () => jobs.read(OPERATOR, id), progress)
  progress.stop()
  if (job.failed > 0 || job.state !== 'done') throw new Error(`the people could not be added: ${job.problem}`)
  await storage.write('full', (tx) =>
    tx
      .insertInto('glpi_plugin_callmanager_configs')
      .values({ name: MARK, value: String(count) })
      .execute(),
  )
}
