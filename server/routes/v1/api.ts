import type { FastifyPluginAsync } from 'fastify'
import type { SystemHealth } from '../../../contract/health.ts'
import type { Session } from '../../../contract/session.ts'
import type { Helpdesk } from '../../helpdesk/helpdesk.ts'
import type { PlaceReads } from '../../helpdesk/places.ts'
import type { TicketReads } from '../../helpdesk/tickets.ts'
import type { Lookups } from '../../identifiers/lookup.ts'
import type { Search } from '../../identifiers/search.ts'
import type { UserReads } from '../../identifiers/user-reads.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { demandAsker } from '../../plugins/asker.ts'
import type { FailureLimiter, Limiter } from '../../plugins/limits.ts'
import { watchMethods } from '../../plugins/methods.ts'
import type { Authenticate } from '../../plugins/session.ts'
import type { SessionCookie } from '../../plugins/session-cookie.ts'
import { validate } from '../../plugins/validate.ts'
import type { SettingsWrites } from '../../rios/change-settings.ts'
import type { Rios } from '../../rios/rios.ts'
import type { SharedRios } from '../../rios/shared-rios.ts'
import type { UserEdits } from '../../rios/user-writes.ts'
import type { StatisticsReader } from '../../statistics/statistics.ts'
import { setupRoute } from '../setup.ts'
import { accountRoutes } from './accounts.ts'
import { categoryRoutes } from './categories.ts'
import { entityRoutes } from './entities.ts'
import { type ExportOptions, exportRoutes } from './exports.ts'
import { healthRoutes } from './health.ts'
import { type ImportOptions, importRoutes } from './imports.ts'
import { jobRoutes } from './jobs.ts'
import { locationRoutes } from './locations.ts'
import { profileRoutes } from './profiles.ts'
import { requestTypeRoutes } from './request-types.ts'
import { rioRoutes } from './rio.ts'
import { searchRoutes } from './search.ts'
import { loginRoute, sessionRoutes } from './session.ts'
import { settingsRoutes } from './settings.ts'
import { sharedRioRoutes } from './shared-rios.ts'
import { statisticsRoute } from './statistics.ts'
import { type StorageMethodOptions, storageMethodRoutes } from './storage-method.ts'
import { ticketRoutes } from './tickets.ts'
import { userHistoryRoutes } from './user-history.ts'
import { userRoutes } from './users.ts'

/** What stands behind the routes, a noun each. */
export interface ApiDependencies {
  helpdesk: Helpdesk
  lookups: Lookups
  search: Search
  tickets: TicketReads
  userReads: UserReads
  userEdits: UserEdits
  placeReads: PlaceReads
  statistics: StatisticsReader
  rios: Rios
  sharedRios: SharedRios
  readHealth(): Promise<SystemHealth>
  settingsWrites: SettingsWrites
  /** How a ticket is opened for a caller, as everybody may know. */
  readTicketForm(): Promise<Session['ticketForm']>
  readMethodUse: StorageMethodOptions['readMethodUse']
  startMethodChange: StorageMethodOptions['startMethodChange']
  startMethodUndo: StorageMethodOptions['startMethodUndo']
  jobs: Jobs
  startImport: ImportOptions['startImport']
  startJobs: ImportOptions['startJobs']
  exportUsers: ExportOptions['exportUsers']
}

export interface ApiOptions extends ApiDependencies {
  authenticate: Authenticate
  failedLogins: FailureLimiter
  /** Counts searches and look-ups of a session. */
  limiter: Limiter
  cookie: SessionCookie
}

/** `api/v1`: what needs no session first, then everything that somebody asks. */
export const apiV1: FastifyPluginAsync<ApiOptions> = async (v1, options) => {
  // Without the prefix that this was registered with: children would add it once more.
  const { helpdesk, authenticate, failedLogins, limiter, cookie } = options
  const { lookups, search, tickets, userReads, userEdits, placeReads, statistics } = options
  const {
    rios,
    sharedRios,
    readHealth,
    settingsWrites,
    readTicketForm,
    readMethodUse,
    startMethodChange,
    startMethodUndo,
  } = options
  const { jobs, startImport, startJobs, exportUsers } = options
  const jobsUrl = `${v1.prefix}/jobs`
  v1.setValidatorCompiler(validate)
  const answerOtherMethods = watchMethods(v1)
  if (helpdesk.logins !== undefined) {
    const { logins } = helpdesk
    await v1.register(setupRoute, { logins, failedLogins })
    await v1.register(loginRoute, { helpdesk, readTicketForm, logins, failedLogins, cookie })
  }
  const asked: FastifyPluginAsync = async (scope) => {
    demandAsker(scope, authenticate)
    await scope.register(sessionRoutes, { helpdesk, readTicketForm, cookie })
    await scope.register(userRoutes, { userReads, userEdits })
    await scope.register(accountRoutes, { helpdesk, userReads })
    await scope.register(userHistoryRoutes, { userReads })
    await scope.register(entityRoutes, { helpdesk, placeReads })
    await scope.register(locationRoutes, { helpdesk, placeReads })
    await scope.register(categoryRoutes, { placeReads })
    await scope.register(requestTypeRoutes, { placeReads })
    await scope.register(ticketRoutes, { helpdesk, tickets })
    await scope.register(statisticsRoute, { statistics })
    await scope.register(searchRoutes, { search, follow: lookups.follow, limiter })
    await scope.register(rioRoutes, { rios })
    await scope.register(sharedRioRoutes, { sharedRios })
    await scope.register(healthRoutes, { readHealth })
    await scope.register(settingsRoutes, { settings: settingsWrites })
    await scope.register(profileRoutes, { profiles: helpdesk.profiles })
    await scope.register(storageMethodRoutes, {
      readMethodUse,
      jobs,
      startMethodChange,
      startMethodUndo,
      startJobs,
      jobsUrl,
    })
    await scope.register(jobRoutes, { jobs, authenticate })
    await scope.register(importRoutes, { jobs, startImport, startJobs, jobsUrl })
    await scope.register(exportRoutes, { exportUsers })
  }
  await v1.register(asked)
  answerOtherMethods()
}
