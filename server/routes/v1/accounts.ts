import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams } from '../../../contract/paging.ts'
import { DeleteQuery, PasswordChange, ProfilesChange, User } from '../../../contract/users.ts'
import { AppError } from '../../domain/errors.ts'
import { seenIn } from '../../domain/version-tag.ts'
import type { Accounts, Helpdesk } from '../../helpdesk/helpdesk.ts'
import type { UserReads } from '../../identifiers/user-reads.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'

interface Options {
  helpdesk: Helpdesk
  userReads: UserReads
}

const DONE = Type.Null({ description: 'It is done' })

/** `api/v1/users/{id}`: password, profiles and removal, where the helpdesk keeps the accounts itself. */
export const accountRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { helpdesk, userReads }) => {
  function accounts(): Accounts {
    if (helpdesk.accounts === undefined) throw new AppError('done-by-host')
    return helpdesk.accounts
  }

  scope.put(
    '/users/:id/password',
    {
      schema: {
        operationId: 'setPassword',
        tags: ['Users'],
        summary: 'Set the password of a user',
        description:
          'Ends all other sessions of theirs. Needs READ and UPDATE on `plugin_callmanager_access`, UPDATE on `user`, and an active profile that has all rights of the user. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        body: PasswordChange,
        response: { 204: DONE, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent, caller } = askerOf(request)
      await accounts().setPassword(agent, caller, request.params.id, request.body.password)
      return reply.code(204).send(null)
    },
  )

  scope.put(
    '/users/:id/profiles',
    {
      schema: {
        operationId: 'setProfiles',
        tags: ['Users'],
        summary: 'Set the profiles that a user holds',
        description:
          'In the entities of your scope; what is held elsewhere stays. Needs READ and UPDATE on `plugin_callmanager_access`, UPDATE on `user`, and an active profile that has all rights of those that are given or taken. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: ProfilesChange,
        response: { 200: User, ...problems(400, 401, 403, 404, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const { id } = request.params
      await accounts().setProfiles(agent, id, request.body, seenIn(request.headers['if-match']))
      const { user, tag } = await userReads.read(agent, id)
      reply.header('etag', tag)
      return user
    },
  )

  scope.delete(
    '/users/:id',
    {
      schema: {
        operationId: 'deleteUser',
        tags: ['Users'],
        summary: 'Put a user into the bin, or remove them for good',
        description:
          "Needs READ and UPDATE on `plugin_callmanager_access`, DELETE on `user` (PURGE to remove for good), all of the user's entities in your scope, and an active profile that has all rights of the user. Beside an ITSM-NG this is done there.",
        security: SESSION_SECURITY,
        params: IdParams,
        querystring: DeleteQuery,
        response: { 204: DONE, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request, reply) => {
      const { agent, caller } = askerOf(request)
      const { id } = request.params
      if (request.query.purge === true) await accounts().purge(agent, caller, id)
      else await accounts().bin(agent, caller, id)
      return reply.code(204).send(null)
    },
  )
}
