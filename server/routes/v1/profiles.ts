import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams, PageQuery } from '../../../contract/paging.ts'
import { Profile, ProfilePage, ProfileRights } from '../../../contract/profiles.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import { seenIn } from '../../domain/version-tag.ts'
import type { Helpdesk } from '../../helpdesk/helpdesk.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

/** `api/v1/profiles`: who may look up, write RIOs and change settings. */
export const profileRoutes: FastifyPluginAsyncTypebox<{ profiles: Helpdesk['profiles'] }> = async (
  scope,
  { profiles },
) => {
  scope.get(
    '/profiles',
    {
      schema: {
        operationId: 'listProfiles',
        tags: ['Settings'],
        summary: 'List the profiles and their rights',
        description: 'The rights of Call Manager only. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        querystring: PageQuery,
        response: { 200: ProfilePage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      return answerPage(request, await profiles.list(request.query))
    },
  )

  scope.get(
    '/profiles/:id',
    {
      schema: {
        operationId: 'readProfile',
        tags: ['Settings'],
        summary: 'Read a profile and its rights',
        description:
          'The rights of Call Manager only. The `ETag` names what was read. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Profile, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      const { profile, tag } = await profiles.read(request.params.id)
      reply.header('etag', tag)
      return profile
    },
  )

  scope.put(
    '/profiles/:id/rights',
    {
      schema: {
        operationId: 'setProfileRights',
        tags: ['Settings'],
        summary: 'Give a profile rights, or take them away',
        description:
          'Sessions that are open follow at once. Needs UPDATE on `plugin_callmanager_config`. The last profile through which somebody can administer keeps `config.update`.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: ProfileRights,
        response: { 200: Profile, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      demandRight(missingForConfig(agent.rights))
      await profiles.setRights(agent, request.params.id, request.body, seenIn(request.headers['if-match']))
      const { profile, tag } = await profiles.read(request.params.id)
      reply.header('etag', tag)
      return profile
    },
  )
}
