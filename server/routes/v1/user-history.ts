import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, PageQuery } from '../../../contract/paging.ts'
import { HistoryPage } from '../../../contract/users.ts'
import type { UserReads } from '../../identifiers/user-reads.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

/** `api/v1/users/{id}/history`: what the helpdesk has written down about a user. */
export const userHistoryRoutes: FastifyPluginAsyncTypebox<{ userReads: UserReads }> = async (
  scope,
  { userReads },
) => {
  scope.get(
    '/users/:id/history',
    {
      schema: {
        operationId: 'readUserHistory',
        tags: ['Users'],
        summary: 'Read the history of a user',
        description: 'Needs READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        params: IdParams,
        querystring: PageQuery,
        response: { 200: HistoryPage, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { agent } = askerOf(request)
      return answerPage(request, await userReads.history(agent, request.params.id, request.query))
    },
  )
}
