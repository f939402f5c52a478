import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SystemHealth } from '../../../contract/health.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

interface Options {
  readHealth(): Promise<SystemHealth>
}

/** `api/v1/health`: how this installation is, for those who administer it. */
export const healthRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { readHealth }) => {
  scope.get(
    '/health',
    {
      schema: {
        operationId: 'readHealth',
        tags: ['Settings'],
        summary: 'Read how this installation is',
        description:
          'The identifier index as it is now, and what was last found by the checks of `callmanager doctor`, all but that of the file of an embedded store, which reads it whole. They run in the background, one at a time: asking begins a run where the last is older than half a minute, and answers at once. Numbers are of everybody, whatever your entities are. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        response: { 200: SystemHealth, ...problems(401, 403) },
      },
    },
    async (request) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      return readHealth()
    },
  )
}
