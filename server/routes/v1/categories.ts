import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CategoryPage, CategoryQuery } from '../../../contract/places.ts'
import type { PlaceReads } from '../../helpdesk/places.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

/** `api/v1/categories`: what a ticket can be about. */
export const categoryRoutes: FastifyPluginAsyncTypebox<{ placeReads: PlaceReads }> = async (
  scope,
  { placeReads },
) => {
  scope.get(
    '/categories',
    {
      schema: {
        operationId: 'listCategories',
        tags: ['Places'],
        summary: 'List ticket categories',
        description:
          'The categories of your entities, and those from above that are meant for them. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        querystring: CategoryQuery,
        response: { 200: CategoryPage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const page = await placeReads.listCategories(askerOf(request).agent, request.query)
      return answerPage(request, page)
    },
  )
}
