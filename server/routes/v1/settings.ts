import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { NamedSettings, SettingsChange } from '../../../contract/settings.ts'
import { AppError } from '../../domain/errors.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import { seenIn } from '../../domain/version-tag.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import type { SettingsWrites } from '../../rios/change-settings.ts'

/** `api/v1/settings`: what an administrator decides while the server runs. */
export const settingsRoutes: FastifyPluginAsyncTypebox<{ settings: SettingsWrites }> = async (
  scope,
  { settings },
) => {
  scope.get(
    '/settings',
    {
      schema: {
        operationId: 'readSettings',
        tags: ['Settings'],
        summary: 'Read the settings',
        description: 'The `ETag` names what was read. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        response: { 200: NamedSettings, ...problems(401, 403) },
      },
    },
    async (request, reply) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      const { settings: now, tag } = await settings.read()
      reply.header('etag', tag)
      return now
    },
  )

  scope.patch(
    '/settings',
    {
      schema: {
        operationId: 'changeSettings',
        tags: ['Settings'],
        summary: 'Change settings',
        description:
          'Those that are named, all of them or none; every server follows within a second, and each change leaves a line of history. The storage method is not changed here but by a job, which copies the RIOs first. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        headers: IfMatchHeaders,
        body: SettingsChange,
        response: { 200: NamedSettings, ...problems(400, 401, 403, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      demandRight(missingForConfig(agent.rights))
      const seen = seenIn(request.headers['if-match'])
      const { rioStorageMethod: method, ...change } = request.body
      const { settings: before } = await settings.read()
      if (method !== undefined && method !== before.rioStorageMethod) {
        throw new AppError('value-refused', {
          field: 'rioStorageMethod',
          detail: 'it is changed by POST storage-method/change, which copies the RIOs first',
        })
      }
      await settings.change(agent, change, seen)
      const { settings: now, tag } = await settings.read()
      reply.header('etag', tag)
      return now
    },
  )
}
