import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PageQuery } from '../../../contract/paging.ts'
import { SharedRioPage } from '../../../contract/shared-rios.ts'
import { demandRight, missingForConfig, missingForLookup } from '../../domain/rights.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'
import type { SharedRios } from '../../rios/shared-rios.ts'

/** `api/v1/rios/shared`: RIOs that lead to several people, for those who mend them. */
export const sharedRioRoutes: FastifyPluginAsyncTypebox<{ sharedRios: SharedRios }> = async (
  scope,
  { sharedRios },
) => {
  scope.get(
    '/rios/shared',
    {
      schema: {
        operationId: 'listSharedRios',
        tags: ['RIO'],
        summary: 'List RIOs that several people have',
        description:
          'In the place where RIOs are kept, with the first people of each. Among very many people a page may be short or empty and still have a `next`. Needs UPDATE on `plugin_callmanager_config`, and READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        querystring: PageQuery,
        response: { 200: SharedRioPage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const { agent } = askerOf(request)
      demandRight(missingForConfig(agent.rights))
      demandRight(missingForLookup(agent.rights))
      return answerPage(request, await sharedRios(agent, request.query))
    },
  )
}
