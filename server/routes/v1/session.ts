import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { LoginRequest, Session, SessionChange } from '../../../contract/session.ts'
import { displayName } from '../../domain/accounts.ts'
import { AppError } from '../../domain/errors.ts'
import { missingForDesk, powersOf } from '../../domain/powers.ts'
import type { Agent, Helpdesk, Logins } from '../../helpdesk/helpdesk.ts'
import { askerOf } from '../../plugins/asker.ts'
import type { FailureLimiter } from '../../plugins/limits.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { refuseForeignOrigin } from '../../plugins/same-origin.ts'
import { callerOf } from '../../plugins/session.ts'
import type { SessionCookie } from '../../plugins/session-cookie.ts'
import { VERSION } from '../../version.ts'

interface Options {
  helpdesk: Helpdesk
  readTicketForm(): Promise<Session['ticketForm']>
  cookie: SessionCookie
}

/** `POST api/v1/session`: logging in to the embedded helpdesk, for pages of our own; the session is a cookie. */
export const loginRoute: FastifyPluginAsyncTypebox<
  Options & { logins: Logins; failedLogins: FailureLimiter }
> = async (scope, { helpdesk, readTicketForm, logins, failedLogins, cookie }) => {
  const toSession = createSessionMapper(helpdesk, readTicketForm)

  scope.post(
    '/session',
    {
      schema: {
        operationId: 'logIn',
        tags: ['You'],
        summary: 'Log in',
        description: 'For browsers: the session is an HttpOnly cookie. Programs use `initSession`.',
        security: [],
        body: LoginRequest,
        response: { 200: Session, ...problems(400, 401, 403, 413, 415, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request)
      const { login, password } = request.body
      const caller = callerOf(request)
      const token = await failedLogins.attempt(request.ip, () => logins.byPassword(login, password, caller))
      reply.header('set-cookie', cookie.open(request, token))
      return toSession(await helpdesk.agent(token, caller))
    },
  )
}

/** `api/v1/session`: who asks, what they may do, and what they can switch to. Open to everybody with a session. */
export const sessionRoutes: FastifyPluginAsyncTypebox<Options> = async (
  scope,
  { helpdesk, readTicketForm, cookie },
) => {
  const { logins } = helpdesk
  const toSession = createSessionMapper(helpdesk, readTicketForm)

  scope.get(
    '/session',
    {
      schema: {
        operationId: 'readSession',
        tags: ['You'],
        summary: 'Read who you are and what you may do',
        description: 'Needs a session and no right.',
        security: SESSION_SECURITY,
        response: { 200: Session, ...problems(401) },
      },
    },
    async (request) => toSession(askerOf(request).agent),
  )

  scope.patch(
    '/session',
    {
      schema: {
        operationId: 'changeSession',
        tags: ['You'],
        summary: 'Switch to another profile, entity or language',
        description: 'Among those that you hold. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        body: SessionChange,
        response: { 200: Session, ...problems(400, 401, 403, 404, 413, 415, 422) },
      },
    },
    async (request) => {
      if (logins === undefined) throw new AppError('done-by-host')
      const { token, caller } = askerOf(request)
      await logins.change(token, request.body)
      return toSession(await helpdesk.agent(token, caller))
    },
  )

  scope.delete(
    '/session',
    {
      schema: {
        operationId: 'logOut',
        tags: ['You'],
        summary: 'Log out',
        description: 'Ends the session that is shown. Beside an ITSM-NG this is done there.',
        security: SESSION_SECURITY,
        response: {
          204: Type.Null({ description: 'The session has ended' }),
          ...problems(401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      if (logins === undefined) throw new AppError('done-by-host')
      await logins.end(askerOf(request).token)
      return reply.code(204).header('set-cookie', cookie.close(request)).send(null)
    },
  )
}

function createSessionMapper(helpdesk: Helpdesk, readTicketForm: Options['readTicketForm']) {
  return async (agent: Agent): Promise<Session> => {
    const [described, ticketForm] = await Promise.all([helpdesk.describe(agent), readTicketForm()])
    const { user, language, profile, profiles, entity, showsAllEntities } = described
    const held = profiles.find(({ id }) => id === profile.id)
    return {
      user: {
        id: user.id,
        login: user.login,
        name: displayName({ name: user.login, realname: user.lastname, firstname: user.firstname }),
      },
      language,
      profile: { id: profile.id, name: profile.name, interface: profile.interface },
      profiles: profiles.map(({ id, name }) => ({ id, name })),
      entity: { id: entity.id, name: entity.name, path: entity.completename, recursive: entity.isRecursive },
      entities: (held?.entities ?? []).map(({ id, name, isRecursive }) => ({
        id,
        name,
        recursive: isRecursive === 1,
      })),
      showsAllEntities,
      can: powersOf({
        rights: agent.rights,
        profile: profile.rights,
        keepsAccounts: helpdesk.accounts !== undefined,
        keepsPlaces: helpdesk.places !== undefined,
      }),
      missing: missingForDesk(agent.rights),
      ticketForm,
      helpdesk: helpdesk.product,
      version: VERSION,
      managesAccounts: helpdesk.logins !== undefined,
    }
  }
}
