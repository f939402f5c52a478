import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { IfMatchHeaders } from '../../../contract/if-match.ts'
import { IdParams } from '../../../contract/paging.ts'
import { NewUser, User, UserChange, UserListQuery, UserPage } from '../../../contract/users.ts'
import { seenIn } from '../../domain/version-tag.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import type { UserReads } from '../../identifiers/user-reads.ts'
import { askerOf } from '../../plugins/asker.ts'
import { answerMade } from '../../plugins/made.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'
import type { UserEdits } from '../../rios/user-writes.ts'

interface Options {
  userReads: UserReads
  userEdits: UserEdits
}

/** `api/v1/users`: people, as lists, as their own page, and changed. */
export const userRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { userReads, userEdits }) => {
  async function answerUser(reply: FastifyReply, agent: Agent, id: number): Promise<User> {
    const { user, tag } = await userReads.read(agent, id)
    reply.header('etag', tag)
    return user
  }

  scope.get(
    '/users',
    {
      schema: {
        operationId: 'listUsers',
        tags: ['Users'],
        summary: 'List users',
        description:
          'Everyone in your entities who is not in the bin. Needs READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        querystring: UserListQuery,
        response: { 200: UserPage, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const page = await userReads.list(askerOf(request).agent, request.query)
      return answerPage(request, page)
    },
  )

  scope.post(
    '/users',
    {
      schema: {
        operationId: 'createUser',
        tags: ['Users'],
        summary: 'Create a user',
        description:
          'With a RIO, if one is given, in the place where RIOs are kept. Needs READ and UPDATE on `plugin_callmanager_access` and CREATE on `user`; profiles only as far as your active profile has all of their rights.',
        security: SESSION_SECURITY,
        body: NewUser,
        response: { 201: User, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const id = await userEdits.create(agent, request.body)
      answerMade(request, reply, id)
      return answerUser(reply, agent, id)
    },
  )

  scope.get(
    '/users/:id',
    {
      schema: {
        operationId: 'readUser',
        tags: ['Users'],
        summary: 'Read a user',
        description:
          'Whoever is in the bin too. The `ETag` names what was read. Needs READ on `plugin_callmanager_access` and on `user`.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: User, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => answerUser(reply, askerOf(request).agent, request.params.id),
  )

  scope.patch(
    '/users/:id',
    {
      schema: {
        operationId: 'changeUser',
        tags: ['Users'],
        summary: 'Change a user',
        description:
          'What is not named stays. Needs READ and UPDATE on `plugin_callmanager_access` and UPDATE on `user` (DELETE too, to take somebody out of the bin). The login, the e-mail addresses and whether the account is usable are only for whose active profile has all rights of the user.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IfMatchHeaders,
        body: UserChange,
        response: { 200: User, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const { id } = request.params
      await userEdits.update(agent, id, request.body, seenIn(request.headers['if-match']))
      return answerUser(reply, agent, id)
    },
  )
}
