import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams } from '../../../contract/paging.ts'
import { Entity, EntityChange, EntityPage, NewEntity, TreeQuery } from '../../../contract/places.ts'
import { AppError } from '../../domain/errors.ts'
import { seenIn } from '../../domain/version-tag.ts'
import type { Helpdesk, PlaceWrites } from '../../helpdesk/helpdesk.ts'
import type { PlaceReads } from '../../helpdesk/places.ts'
import { askerOf } from '../../plugins/asker.ts'
import { answerMade } from '../../plugins/made.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

interface Options {
  helpdesk: Helpdesk
  placeReads: PlaceReads
}

/** `api/v1/entities`: the tree that people and tickets hang in. */
export const entityRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { helpdesk, placeReads }) => {
  function entities(): PlaceWrites['entities'] {
    if (helpdesk.places === undefined) throw new AppError('done-by-host')
    return helpdesk.places.entities
  }

  scope.get(
    '/entities',
    {
      schema: {
        operationId: 'listEntities',
        tags: ['Places'],
        summary: 'List entities',
        description: 'The entities that your session covers. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        querystring: TreeQuery,
        response: { 200: EntityPage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const page = await placeReads.entities.list(askerOf(request).agent, request.query)
      return answerPage(request, page)
    },
  )

  scope.post(
    '/entities',
    {
      schema: {
        operationId: 'createEntity',
        tags: ['Places'],
        summary: 'Create an entity',
        description:
          'Needs READ on `plugin_callmanager_access` and CREATE on `entity`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        body: NewEntity,
        response: { 201: Entity, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const id = await entities().create(agent, request.body)
      const { place, tag } = await placeReads.entities.made(id)
      answerMade(request, reply, id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.get(
    '/entities/:id',
    {
      schema: {
        operationId: 'readEntity',
        tags: ['Places'],
        summary: 'Read an entity',
        description: 'The `ETag` names what was read. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Entity, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { place, tag } = await placeReads.entities.read(askerOf(request).agent, request.params.id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.patch(
    '/entities/:id',
    {
      schema: {
        operationId: 'changeEntity',
        tags: ['Places'],
        summary: 'Rename or move an entity',
        description:
          'Whatever is below moves along. Needs READ on `plugin_callmanager_access` and UPDATE on `entity`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: EntityChange,
        response: { 200: Entity, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await entities().change(askerOf(request).agent, id, request.body, seenIn(request.headers['if-match']))
      const { place, tag } = await placeReads.entities.made(id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.delete(
    '/entities/:id',
    {
      schema: {
        operationId: 'deleteEntity',
        tags: ['Places'],
        summary: 'Delete an entity that nothing uses',
        description:
          'Needs READ on `plugin_callmanager_access` and PURGE on `entity`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: {
          204: Type.Null({ description: 'It is done' }),
          ...problems(400, 401, 403, 404, 409, 422),
        },
      },
    },
    async (request, reply) => {
      await entities().remove(askerOf(request).agent, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
