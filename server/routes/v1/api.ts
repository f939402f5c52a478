import type { FastifyPluginAsync } from 'fastify'
import type { Helpdesk } from '../../helpdesk/helpdesk.ts'
import type { TicketReads } from '../../helpdesk/tickets.ts'
import { demandAsker } from '../../plugins/asker.ts'
import type { FailureLimiter, Limiter } from '../../plugins/limits.ts'
import { watchMethods } from '../../plugins/methods.ts'
import type { Authenticate } from '../../plugins/session.ts'
import type { SessionCookie } from '../../plugins/session-cookie.ts'
import { validate } from '../../plugins/validate.ts'
import { setupRoute } from '../setup.ts'
import { loginRoute, sessionRoutes } from './session.ts'
import { ticketRoutes } from './tickets.ts'

export interface ApiOptions {
  helpdesk: Helpdesk
  tickets: TicketReads
  authenticate: Authenticate
  failedLogins: FailureLimiter
  /** Counts searches and look-ups of a session. */
  limiter: Limiter
  cookie: SessionCookie
}

/** `api/v1`: what needs no session first, then everything that somebody asks. */
export const apiV1: FastifyPluginAsync<ApiOptions> = async (v1, options) => {
  // Without the prefix that this was registered with: children would add it once more.
  const { helpdesk, tickets, authenticate, failedLogins, cookie } = options
  v1.setValidatorCompiler(validate)
  const answerOtherMethods = watchMethods(v1)
  if (helpdesk.logins !== undefined) {
    const { logins } = helpdesk
    await v1.register(setupRoute, { logins, failedLogins })
    await v1.register(loginRoute, { helpdesk, logins, failedLogins, cookie })
  }
  const asked: FastifyPluginAsync = async (scope) => {
    demandAsker(scope, authenticate)
    await scope.register(sessionRoutes, { helpdesk, cookie })
    await scope.register(ticketRoutes, { helpdesk, tickets })
  }
  await v1.register(asked)
  answerOtherMethods()
}
