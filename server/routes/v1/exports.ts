import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ExportQuery } from '../../../contract/imports.ts'
import { demandRight, missingForConfig, missingForLookup } from '../../domain/rights.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import { askerOf } from '../../plugins/asker.ts'
import { csvAnswer, csvHeaders } from '../../plugins/csv-answer.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

export interface ExportOptions {
  /** The people of an agent's scope as CSV. Throws `entity-unknown`. */
  exportUsers(agent: Agent, query: ExportQuery): Promise<AsyncIterable<string>>
}

/** `api/v1/exports`: what import takes. */
export const exportRoutes: FastifyPluginAsyncTypebox<ExportOptions> = async (scope, { exportUsers }) => {
  scope.get(
    '/exports/users.csv',
    {
      schema: {
        operationId: 'exportUsers',
        tags: ['Jobs'],
        summary: 'Export people or RIOs as CSV',
        description:
          'Everybody within your entities who is not in the bin; exactly what import takes. Cells that a spreadsheet would compute begin with an apostrophe, which import takes off. Needs UPDATE on `plugin_callmanager_config`, READ on `plugin_callmanager_access` and user.',
        security: SESSION_SECURITY,
        querystring: ExportQuery,
        response: {
          200: csvAnswer('CSV with a header row'),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      demandRight(missingForConfig(agent.rights))
      demandRight(missingForLookup(agent.rights))
      const content = await exportUsers(agent, request.query)
      request.log.info({ usersId: agent.id, mode: request.query.mode ?? 'people' }, 'people are exported')
      return reply.headers(csvHeaders('users.csv')).send(Readable.from(content))
    },
  )
}
