import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Readiness } from '../contract/health.ts'
import type { Config } from './config.ts'
import { AppError } from './domain/errors.ts'
import { answerLegacyErrors, answerProblems, QuietLogController } from './plugins/errors.ts'
import { createFailureLimiter, createLimiter } from './plugins/limits.ts'
import type { Metrics } from './plugins/metrics.ts'
import { manualPages, openapi } from './plugins/openapi.ts'
import { requestLog } from './plugins/request-log.ts'
import { HEADERS, security } from './plugins/security.ts'
import { buildSerializer } from './plugins/serialize.ts'
import { createAuthentication } from './plugins/session.ts'
import { sessionCookie } from './plugins/session-cookie.ts'
import { webPages } from './plugins/web.ts'
import { createRequestIds } from './request-id.ts'
import { apirestRoutes } from './routes/apirest.ts'
import { lookupRoutes } from './routes/lookup.ts'
import { operationRoutes } from './routes/operations.ts'
import { type ApiDependencies, apiV1 } from './routes/v1/api.ts'
import type { SettingsStore } from './storage/settings.ts'
import { VERSION } from './version.ts'

const BODY_LIMIT = 64 * 1024
/** For a whole request, a file to be imported included; that its headers arrive, Node sees to in a minute. */
const REQUEST_TIMEOUT_MS = 120_000

export interface AppDependencies extends ApiDependencies {
  settings: SettingsStore
  metrics: Metrics
  readiness(): Promise<Readiness>
  log: FastifyBaseLogger
}

/** The whole of what is served, in the order it is registered. */
export async function buildApp(config: Config, dependencies: AppDependencies): Promise<FastifyInstance> {
  const { helpdesk, lookups, settings, metrics, readiness, log } = dependencies
  const base = `${config.BASE_PATH}/plugins/callmanager`

  const app = Fastify({
    genReqId: createRequestIds(),
    loggerInstance: log,
    logController: new QuietLogController(),
    bodyLimit: BODY_LIMIT,
    // Says no rather than dropping a field or guessing what a value was meant to be.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    schemaController: { compilersFactory: { buildSerializer } },
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.TRUSTED_PROXIES.length === 0 ? false : [...config.TRUSTED_PROXIES],
    // An identifier of 255 characters takes up to 3,060 bytes percent-encoded; longer ones get a 400 that says so.
    routerOptions: { maxParamLength: 16_384 },
    // An address that cannot be decoded never reaches a route, so the shape of the error is chosen here.
    frameworkErrors: (error, request, reply) => {
      const answer = request.url.startsWith(`${base}/api.php/`) ? answerLegacyErrors : answerProblems
      answer(error, request, reply.headers(HEADERS))
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(answerProblems)
  app.setNotFoundHandler(() => {
    throw new AppError('route-unknown')
  })

  await app.register(requestLog, { logsSuccess: ['debug', 'trace'].includes(config.LOG_LEVEL) })
  await metrics.watch(app)
  await app.register(security)
  await app.register(openapi, { version: VERSION })

  const failedLogins = createFailureLimiter(config.FAILED_LOGINS_PER_MINUTE)
  const limiter = createLimiter(config.LOOKUPS_PER_MINUTE)
  const authenticate = createAuthentication(helpdesk)
  await app.register(operationRoutes, { metrics, readiness })
  await app.register(lookupRoutes, {
    prefix: `${base}/api.php`,
    authenticate,
    limiter,
    lookups,
    rioStorageMethod: async () => (await settings.read()).rio_storage_method,
  })
  if (helpdesk.logins !== undefined) {
    const { logins } = helpdesk
    await app.register(apirestRoutes, {
      prefix: `${config.BASE_PATH}/apirest.php`,
      helpdesk,
      logins,
      failedLogins,
      root: config.BASE_PATH,
    })
  }
  await app.register(apiV1, {
    ...dependencies,
    prefix: `${base}/api/v1`,
    authenticate,
    failedLogins,
    limiter,
    cookie: sessionCookie(config.BASE_PATH),
  })
  await app.register(manualPages, { prefix: `${base}/api/docs` })
  await app.register(webPages, {
    prefix: base,
    root: config.BASE_PATH,
    logsIn: helpdesk.logins !== undefined,
  })
  for (const [url, to] of [
    ['/', 'app/'],
    [base, 'app/'],
    [`${base}/`, 'app/'],
    [`${base}/api/docs`, 'api/docs/'],
  ] as const) {
    app.get(url, { schema: { hide: true } }, async (_request, reply) => reply.redirect(`${base}/${to}`))
  }
  return app
}
