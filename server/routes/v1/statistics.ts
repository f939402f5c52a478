import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Statistics, StatisticsQuery } from '../../../contract/statistics.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import type { StatisticsReader } from '../../statistics/statistics.ts'

interface Options {
  statistics: StatisticsReader
}

/** `api/v1/statistics`: how many were looked up and found, by time, agent and entity. */
export const statisticsRoute: FastifyPluginAsyncTypebox<Options> = async (scope, { statistics }) => {
  scope.get(
    '/statistics',
    {
      schema: {
        operationId: 'readStatistics',
        tags: ['Statistics'],
        summary: 'Count look-ups by hour, day, agent or entity',
        description:
          'Needs UPDATE on `plugin_callmanager_config`. Counts up to this moment what was looked up in your entities: hours that begin in the time asked for. By hour, 93 days can be asked for at most; by day, 3660. The counts outlive the journal.',
        security: SESSION_SECURITY,
        querystring: StatisticsQuery,
        response: { 200: Statistics, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { agent } = askerOf(request)
      demandRight(missingForConfig(agent.rights))
      return statistics.read(agent, request.query)
    },
  )
}
