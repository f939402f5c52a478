import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PageQuery } from '../../../contract/paging.ts'
import { RequestTypePage } from '../../../contract/places.ts'
import type { PlaceReads } from '../../helpdesk/places.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

/** `api/v1/request-types`: how a ticket reached the helpdesk. */
export const requestTypeRoutes: FastifyPluginAsyncTypebox<{ placeReads: PlaceReads }> = async (
  scope,
  { placeReads },
) => {
  scope.get(
    '/request-types',
    {
      schema: {
        operationId: 'listRequestTypes',
        tags: ['Places'],
        summary: 'List request types',
        description: 'The active ones. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        querystring: PageQuery,
        response: { 200: RequestTypePage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const page = await placeReads.listRequestTypes(askerOf(request).agent, request.query)
      return answerPage(request, page)
    },
  )
}
