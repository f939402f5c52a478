import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { RequestTypePage } from '../../../contract/places.ts'
import type { PlaceReads } from '../../helpdesk/places.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

/** `api/v1/request-types`: how a ticket reached the helpdesk. There are few, so they are one page. */
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
        description: 'The active ones. Needs READ on plugin_callmanager_access.',
        security: SESSION_SECURITY,
        response: { 200: RequestTypePage, ...problems(401, 403) },
      },
    },
    async (request) => {
      const items = await placeReads.listRequestTypes(askerOf(request).agent)
      return { items, next: null }
    },
  )
}
