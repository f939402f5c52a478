import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Problem } from '../../contract/problem.ts'
import { SetupRequest } from '../../contract/setup.ts'
import type { Logins } from '../helpdesk/helpdesk.ts'
import type { FailureLimiter } from '../plugins/limits.ts'

interface Options {
  logins: Logins
  failedLogins: FailureLimiter
}

/** `POST api/v1/setup`: makes the first account, by the one-time code. */
export const setupRoute: FastifyPluginAsyncTypebox<Options> = async (scope, { logins, failedLogins }) => {
  scope.post(
    '/setup',
    {
      schema: {
        operationId: 'setUp',
        tags: ['Set-up'],
        summary: 'Make the first account',
        description:
          'Makes a Super-Admin with the one-time code that the server printed; the code is then used up.',
        security: [],
        body: SetupRequest,
        response: {
          204: Type.Null({ description: 'The account is made; log in with it' }),
          400: Problem,
          403: Problem,
          422: Problem,
          429: Problem,
        },
      },
    },
    async (request, reply) => {
      const { code, login, password } = request.body
      await failedLogins.attempt(request.ip, () => logins.setUp(code, { login, password }))
      return reply.code(204).send(null)
    },
  )
}
