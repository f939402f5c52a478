import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Readiness } from '../contract/health.ts'
import type { StorageMethod } from '../contract/storage-method.ts'
import { createExaminer } from './doctor/examination-thread.ts'
import type { Machine } from './doctor/machine.ts'
import type { Helpdesk } from './helpdesk/helpdesk.ts'
import { migrate, openHelpdesk } from './helpdesk/open.ts'
import { createPlaceReads, type PlaceReads } from './helpdesk/places.ts'
import { createTicketReads, type TicketReads } from './helpdesk/tickets.ts'
import { bringUpToDate } from './identifiers/background.ts'
import { type Background, createBackground } from './identifiers/background-thread.ts'
import { createFollower } from './identifiers/follow.ts'
import { readIndexHealth } from './identifiers/index-health.ts'
import { createJournal } from './identifiers/journal.ts'
import { releaseLease } from './identifiers/lease.ts'
import { createLookups, type Lookups } from './identifiers/lookup.ts'
import { isBuilt, selectPosition } from './identifiers/position.ts'
import { createSearch, type Search } from './identifiers/search.ts'
import { createUserReads, type UserReads } from './identifiers/user-reads.ts'
import { demandImportHere, demandMethodChangeHere } from './jobs/beside-a-host.ts'
import { exportUsers } from './jobs/export-users.ts'
import { demandImportRights } from './jobs/import.ts'
import { createJobThread, type JobThread } from './jobs/job-thread.ts'
import { createJobs, type Jobs } from './jobs/jobs.ts'
import { demandMethodChangeRights } from './jobs/method-change.ts'
import { startImport } from './jobs/start-import.ts'
import { startMethodChange, startMethodUndo } from './jobs/start-method-change.ts'
import { createMetrics, type Metrics } from './plugins/metrics.ts'
import { createReadiness } from './readiness.ts'
import { createSettingsWrites, type SettingsWrites } from './rios/change-settings.ts'
import { createMethodUse } from './rios/method-use.ts'
import { createRioPolicy } from './rios/policy.ts'
import { createRios, type Rios } from './rios/rios.ts'
import { createSharedRios, type SharedRios } from './rios/shared-rios.ts'
import { createUserEdits, type UserEdits } from './rios/user-writes.ts'
import type { ApiDependencies } from './routes/v1/api.ts'
import { createStatistics, type StatisticsReader } from './statistics/statistics.ts'
import { createSettings, type SettingsStore } from './storage/settings.ts'
import { openStorage, type Storage } from './storage/storage.ts'

/** As many users are indexed in the time that starting a thread takes. */
const SMALL_STORE = 1000

/** Everything behind the routes, put together once. */
export interface Services {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
  tickets: TicketReads
  lookups: Lookups
  userReads: UserReads
  userEdits: UserEdits
  placeReads: PlaceReads
  search: Search
  rios: Rios
  sharedRios: SharedRios
  readHealth: ApiDependencies['readHealth']
  settingsWrites: SettingsWrites
  readTicketForm: ApiDependencies['readTicketForm']
  readMethodUse(): Promise<StorageMethod>
  journal: ReturnType<typeof createJournal>
  background: Background
  metrics: Metrics
  statistics: StatisticsReader
  jobs: Jobs
  /** Works on jobs in a thread of its own. */
  jobThread: JobThread
  startJobs(): void
  startImport: ApiDependencies['startImport']
  startMethodChange: ApiDependencies['startMethodChange']
  startMethodUndo: ApiDependencies['startMethodUndo']
  exportUsers: ApiDependencies['exportUsers']
  readiness(): Promise<Readiness>
  /** Builds the identifier index where that was never finished: a small one at once, a large one in the background. */
  ensureIndexed(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the database, brings its tables to this release and puts the services together. `owner` is the name by which other
 * processes know who is building the index.
 */
export async function openServices(
  config: Machine['config'],
  log: Pick<FastifyBaseLogger, 'info' | 'error'>,
  owner: string = randomUUID(),
): Promise<Services> {
  const storage = await openStorage(config.DATABASE_URL)
  try {
    await migrate(storage, config)
  } catch (error) {
    await storage.close()
    throw error
  }
  const settings = createSettings(storage)
  const helpdesk = await openHelpdesk(config, storage, settings, log)
  const background = createBackground({ config, owner }, storage, log)
  const jobThread = createJobThread({ config, owner }, storage, log)
  const examiner = createExaminer(config, log)
  const { entityTree, decodeText } = helpdesk
  const index = { storage, settings, entityTree, decodeText }
  const journal = createJournal(storage)
  const metrics = createMetrics()
  const follow = createFollower(index, background.start)
  const policy = createRioPolicy({ engine: storage.engine, settings, follow })
  const lookups = createLookups({
    storage,
    follow,
    journal,
    onAnswer: metrics.lookup,
  })
  const search = createSearch({ storage, journal, onAnswer: metrics.lookup })

  return {
    storage,
    settings,
    helpdesk,
    tickets: createTicketReads({ storage, helpdesk }),
    lookups,
    userReads: createUserReads(index),
    userEdits: createUserEdits({ storage, settings, helpdesk, policy }),
    placeReads: createPlaceReads(storage, decodeText),
    search,
    rios: createRios({ storage, settings, helpdesk, policy, follow }),
    sharedRios: createSharedRios({ storage, follow }),
    readHealth: async () => ({ index: await readIndexHealth(storage), ...examiner.read() }),
    settingsWrites: createSettingsWrites({ storage, settings, helpdesk }),
    async readTicketForm() {
      const { ticket_target: target, phone_request_source: requestSource } = await settings.read()
      return { target, requestSource }
    },
    readMethodUse: createMethodUse(storage),
    journal,
    background,
    metrics,
    statistics: createStatistics({ storage, helpdesk }),
    jobs: createJobs(storage, decodeText),
    jobThread,
    startJobs: jobThread.start,
    async startImport(agent, query, source) {
      const mode = query.mode ?? 'people'
      demandImportRights(agent, mode)
      demandImportHere(helpdesk, mode, (await settings.read()).rio_storage_method)
      return startImport(storage, agent, query, source)
    },
    async startMethodChange(agent, change) {
      demandMethodChangeRights(agent)
      if (!change.dryRun) demandMethodChangeHere(helpdesk, change.to)
      return startMethodChange(storage, agent, change)
    },
    startMethodUndo: (agent, id) => startMethodUndo(storage, agent, id),
    exportUsers: (agent, query) => exportUsers({ storage, settings, helpdesk }, agent, query),
    readiness: createReadiness({ storage, helpdesk, log }),
    async ensureIndexed() {
      const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
      if (isBuilt(position)) return
      const some = await storage.db
        .selectFrom('glpi_users')
        .select('id')
        .limit(SMALL_STORE + 1)
        .execute()
      if (some.length > SMALL_STORE) background.start()
      else await bringUpToDate(index, undefined, owner)
    },
    async close() {
      await jobThread.stop()
      await Promise.all([background.stop(), examiner.stop()])
      // The thread that held it has been ended in the middle; another process may take its work up at once.
      await releaseLease(storage, owner).catch((cause: unknown) =>
        log.error({ cause }, 'the lease on the index could not be given back; it ends by itself'),
      )
      await storage.close()
    },
  }
}
