import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams } from '../../../contract/paging.ts'
import { Rio, RioChange } from '../../../contract/rio.ts'
import { demandRight, missingForUserWrite, UPDATE } from '../../domain/rights.ts'
import { seenIn } from '../../domain/version-tag.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import type { Rios } from '../../rios/rios.ts'

const NEEDS =
  'Needs READ and UPDATE on `plugin_callmanager_access` and UPDATE on `user`, and a person of your entities.'

/** `api/v1/users/{id}/rio`: somebody's RIO, wherever the storage method keeps it. */
export const rioRoutes: FastifyPluginAsyncTypebox<{ rios: Rios }> = async (scope, { rios }) => {
  scope.get(
    '/users/:id/rio',
    {
      schema: {
        operationId: 'readRio',
        tags: ['RIO'],
        summary: "Read a person's RIO",
        description:
          'With what kind it is, who else has it, and whether you may change it. The `ETag` names what was read. Needs READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Rio, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { rio, tag } = await rios.read(askerOf(request).agent, request.params.id)
      reply.header('etag', tag)
      return rio
    },
  )

  scope.put(
    '/users/:id/rio',
    {
      schema: {
        operationId: 'setRio',
        tags: ['RIO'],
        summary: 'Give a person a RIO',
        description: `A new one, or in place of the one they have. ${NEEDS} Where the settings refuse shared RIOs, one that somebody else has is a 409.`,
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: RioChange,
        response: { 200: Rio, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      const seen = seenIn(request.headers['if-match'])
      const { rio, tag } = await rios.set(agent, request.params.id, request.body, seen)
      reply.header('etag', tag)
      return rio
    },
  )

  scope.delete(
    '/users/:id/rio',
    {
      schema: {
        operationId: 'clearRio',
        tags: ['RIO'],
        summary: "Take a person's RIO away",
        description: `${NEEDS} Where the RIO is the login this is refused, since nobody can be without one.`,
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        response: { 200: Rio, ...problems(400, 401, 403, 404, 409, 412, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      const { rio, tag } = await rios.clear(agent, request.params.id, seenIn(request.headers['if-match']))
      reply.header('etag', tag)
      return rio
    },
  )
}
