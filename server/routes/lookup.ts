import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ConfigAnswer, ConfigParams, LegacyError, LookupAnswer, LookupParams } from '../../contract/lookup.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { demandRight, missingForAccess } from '../domain/rights.ts'
import type { Lookups } from '../identifiers/lookup.ts'
import { answerLegacyErrors } from '../plugins/errors.ts'
import type { Limiter } from '../plugins/limits.ts'
import { watchMethods } from '../plugins/methods.ts'
import { SESSION_SECURITY } from '../plugins/openapi.ts'
import { type Authenticate, callerOf, demandSession } from '../plugins/session.ts'

interface Options {
  authenticate: Authenticate
  limiter: Limiter
  lookups: Lookups
  /** The storage method in force. */
  rioStorageMethod(): Promise<RioStorageMethod>
}

const ERRORS = {
  400: LegacyError,
  401: LegacyError,
  403: LegacyError,
  429: LegacyError,
  503: LegacyError,
}

/** The documented API of telephone systems, word for word: `api.php/users/{rio}` and `api.php/config/{key}`. */
export const lookupRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, options) => {
  const { authenticate, limiter, lookups, rioStorageMethod } = options
  scope.setErrorHandler(answerLegacyErrors)
  scope.setNotFoundHandler(() => {
    throw new AppError('route-unknown')
  })
  const answerOtherMethods = watchMethods(scope)

  scope.get(
    '/users/:rio',
    {
      schema: {
        operationId: 'lookUpByRio',
        tags: ['Look-up'],
        summary: 'Find users by RIO',
        description:
          'Every usable user in your scope who has this RIO. None found is 200 with an empty list. Needs READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        params: LookupParams,
        response: { 200: LookupAnswer, ...ERRORS },
      },
    },
    async (request) => {
      // An empty one is no identifier but another address.
      if (request.params.rio === '') throw new AppError('route-unknown')
      demandSession(request)
      // The index is read while the session is.
      const agent = authenticate(request).then(async ({ agent }) => {
        await limiter.count(agent.sessionKey)
        return agent
      })
      return { users: await lookups.byRio(agent, callerOf(request), request.params.rio) }
    },
  )

  scope.get(
    '/config/:key',
    {
      schema: {
        operationId: 'readConfig',
        tags: ['Look-up'],
        summary: 'Read where RIOs are kept',
        description: 'Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        params: ConfigParams,
        response: { 200: ConfigAnswer, ...ERRORS },
      },
    },
    async (request) => {
      const { agent } = await authenticate(request)
      demandRight(missingForAccess(agent.rights))
      if (request.params.key !== 'rio_storage_method') throw new AppError('config-key-unknown')
      return { key: 'rio_storage_method' as const, value: await rioStorageMethod() }
    },
  )

  answerOtherMethods()
}
