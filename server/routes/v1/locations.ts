import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams } from '../../../contract/paging.ts'
import { Location, LocationChange, LocationPage, NewLocation, TreeQuery } from '../../../contract/places.ts'
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

/** `api/v1/locations`: where people are. */
export const locationRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { helpdesk, placeReads }) => {
  function locations(): PlaceWrites['locations'] {
    if (helpdesk.places === undefined) throw new AppError('done-by-host')
    return helpdesk.places.locations
  }

  scope.get(
    '/locations',
    {
      schema: {
        operationId: 'listLocations',
        tags: ['Places'],
        summary: 'List locations',
        description:
          'The locations of your entities, and those from above that are meant for them. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        querystring: TreeQuery,
        response: { 200: LocationPage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const page = await placeReads.locations.list(askerOf(request).agent, request.query)
      return answerPage(request, page)
    },
  )

  scope.post(
    '/locations',
    {
      schema: {
        operationId: 'createLocation',
        tags: ['Places'],
        summary: 'Create a location',
        description:
          'Needs READ on `plugin_callmanager_access` and CREATE on `location`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        body: NewLocation,
        response: { 201: Location, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const id = await locations().create(agent, request.body)
      const { place, tag } = await placeReads.locations.made(id)
      answerMade(request, reply, id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.get(
    '/locations/:id',
    {
      schema: {
        operationId: 'readLocation',
        tags: ['Places'],
        summary: 'Read a location',
        description: 'The `ETag` names what was read. Needs READ on `plugin_callmanager_access`.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Location, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { place, tag } = await placeReads.locations.read(askerOf(request).agent, request.params.id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.patch(
    '/locations/:id',
    {
      schema: {
        operationId: 'changeLocation',
        tags: ['Places'],
        summary: 'Rename or move a location',
        description:
          'Whatever is below moves along. Needs READ on `plugin_callmanager_access` and UPDATE on `location`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: LocationChange,
        response: { 200: Location, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await locations().change(askerOf(request).agent, id, request.body, seenIn(request.headers['if-match']))
      const { place, tag } = await placeReads.locations.made(id)
      reply.header('etag', tag)
      return place
    },
  )

  scope.delete(
    '/locations/:id',
    {
      schema: {
        operationId: 'deleteLocation',
        tags: ['Places'],
        summary: 'Delete a location that nothing uses',
        description:
          'Needs READ on `plugin_callmanager_access` and PURGE on `location`. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: {
          204: Type.Null({ description: 'It is done' }),
          ...problems(400, 401, 403, 404, 409, 422),
        },
      },
    },
    async (request, reply) => {
      await locations().remove(askerOf(request).agent, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
