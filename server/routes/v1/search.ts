import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DEFAULT_PAGE } from '../../../contract/paging.ts'
import { SearchAnswer, SearchRequest } from '../../../contract/search.ts'
import type { Following } from '../../identifiers/follow.ts'
import type { Search } from '../../identifiers/search.ts'
import { askerOf } from '../../plugins/asker.ts'
import type { Limiter } from '../../plugins/limits.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

interface Options {
  search: Search
  /** Brings the identifier index to now. */
  follow(): Promise<Following>
  limiter: Limiter
}

/** `GET api/v1/search`: one field for everything, answered as one types. */
export const searchRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, options) => {
  const { search, follow, limiter } = options

  scope.get(
    '/search',
    {
      schema: {
        operationId: 'search',
        tags: ['Search'],
        summary: 'Find users by whatever is known of them',
        description:
          'Made to be asked at each letter that is typed. Every search is journalled, what was typed masked. Needs READ on `plugin_callmanager_access` and on `user`; UPDATE as well for accounts that are not usable.',
        security: SESSION_SECURITY,
        querystring: SearchRequest,
        response: { 200: SearchAnswer, ...problems(400, 401, 403) },
      },
    },
    async (request) => {
      const { agent, caller } = askerOf(request)
      await limiter.count(agent.sessionKey)
      const { q: typed, limit = DEFAULT_PAGE, accounts } = request.query
      return search(agent, caller, { typed, limit, accounts }, await follow())
    },
  )
}
