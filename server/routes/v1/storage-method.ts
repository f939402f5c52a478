import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { StorageMethod } from '../../../contract/storage-method.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

interface Options {
  readMethodUse(): Promise<StorageMethod>
}

/** `api/v1/storage-method`: where RIOs are kept. */
export const storageMethodRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { readMethodUse }) => {
  scope.get(
    '/storage-method',
    {
      schema: {
        operationId: 'readStorageMethod',
        tags: ['Settings'],
        summary: 'Read where RIOs are kept',
        description:
          'And how many people have something in each of the places. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        response: { 200: StorageMethod, ...problems(401, 403) },
      },
    },
    async (request) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      return readMethodUse()
    },
  )
}
