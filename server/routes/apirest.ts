import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type FullSession,
  FullSessionAnswer,
  HostError,
  InitSessionAnswer,
  InitSessionBody,
  InitSessionQuery,
} from '../../contract/apirest.ts'
import { displayName } from '../domain/accounts.ts'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { hostTime } from '../domain/times.ts'
import type { Helpdesk, Logins, SessionDescription } from '../helpdesk/helpdesk.ts'
import { answerErrors } from '../plugins/errors.ts'
import type { FailureLimiter } from '../plugins/limits.ts'
import { callerOf, sessionToken } from '../plugins/session.ts'

interface Options {
  helpdesk: Pick<Helpdesk, 'admitClient' | 'agent' | 'describe'>
  logins: Logins
  failedLogins: FailureLimiter
  /** The sub-directory, as the host tells it. */
  root: string
}

/** The host's codes and statuses (host-contract §4); what it has no word for keeps the table's. */
const HOST_CODES: Partial<Record<ErrorCode, [status: number, code: string]>> = {
  'login-parameters-missing': [400, 'ERROR_LOGIN_PARAMETERS_MISSING'],
  'login-failed': [401, 'ERROR_GLPI_LOGIN'],
  'account-refused': [401, 'ERROR_GLPI_LOGIN'],
  'demo-login-remote': [401, 'ERROR_GLPI_LOGIN'],
  'user-token-invalid': [401, 'ERROR_GLPI_LOGIN_USER_TOKEN'],
  'session-missing': [400, 'ERROR_SESSION_TOKEN_MISSING'],
  'session-invalid': [401, 'ERROR_SESSION_TOKEN_INVALID'],
  'account-unusable': [401, 'ERROR_SESSION_TOKEN_INVALID'],
  'client-refused': [400, 'ERROR_NOT_ALLOWED_IP'],
  'route-unknown': [400, 'ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM'],
  'too-many-requests': [429, 'ERROR_TOO_MANY_REQUESTS'],
  'internal-error': [500, 'ERROR_SQL'],
}

const answerHostErrors = answerErrors((error, request) => {
  const [status, code] = HOST_CODES[error.code] ?? [error.status, 'ERROR']
  return { status, body: [error.field === 'App-Token' ? appTokenCode(request) : code, error.message] }
})

function appTokenCode(request: FastifyRequest): string {
  return callerOf(request).appToken ? 'ERROR_WRONG_APP_TOKEN_PARAMETER' : 'ERROR_APP_TOKEN_PARAMETERS_MISSING'
}

type Credentials = Static<typeof InitSessionBody>

/** What a host speaks to who has chosen nothing, as it is delivered. */
const DEFAULT_LANGUAGE = 'en_GB'

const BASIC = /^Basic +([A-Za-z0-9+/=]+)$/i
const USER_TOKEN = /^user_token +(\S+)$/i

/** What the Authorization header says, if it is one of ours; it then stands before the body. */
function authorization(request: FastifyRequest): Credentials | undefined {
  const header = request.headers.authorization ?? ''
  const userToken = USER_TOKEN.exec(header)?.[1]
  if (userToken !== undefined) return { user_token: userToken }
  const basic = BASIC.exec(header)?.[1]
  if (basic === undefined) return undefined
  const [login = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return password.length === 0 ? {} : { login, password: password.join(':') }
}

/** `initSession`, `killSession` and `getFullSession` in the host's words, for the embedded helpdesk. */
export const apirestRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, options) => {
  const { helpdesk, logins, failedLogins, root } = options
  scope.setErrorHandler(answerHostErrors)
  scope.setNotFoundHandler(async (request) => {
    // The host looks at the session first.
    await helpdesk.agent(await tokenOf(request), callerOf(request))
    throw new AppError('route-unknown')
  })

  async function logIn(request: FastifyRequest, body: Credentials): Promise<string> {
    const caller = callerOf(request)
    await helpdesk.admitClient(caller)
    const { login, password, user_token: userToken } = authorization(request) ?? body ?? {}
    if (userToken) return failedLogins.attempt(caller.address, () => logins.byUserToken(userToken, caller))
    if (!login || password === undefined) throw new AppError('login-parameters-missing')
    return failedLogins.attempt(caller.address, () => logins.byPassword(login, password, caller))
  }

  async function tokenOf(request: FastifyRequest): Promise<string> {
    await helpdesk.admitClient(callerOf(request))
    const token = sessionToken(request)
    if (token === undefined) throw new AppError('session-missing')
    return token
  }

  async function fullSession(token: string, request: FastifyRequest): Promise<FullSession> {
    const agent = await helpdesk.agent(token, callerOf(request))
    return toFullSession(token, await helpdesk.describe(agent), root)
  }

  async function openSession(
    request: FastifyRequest,
    { get_full_session: full = 'false' }: Static<typeof InitSessionQuery>,
    body: Credentials,
  ): Promise<Static<typeof InitSessionAnswer>> {
    const token = await logIn(request, body)
    if (!['true', '1'].includes(full)) return { session_token: token }
    return { session_token: token, session: await fullSession(token, request) }
  }

  // Scripts announce JSON and send nothing.
  const parseJson = scope.getDefaultJsonParser('error', 'error')
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parseJson(request, String(body), done)
  })

  const errors = { 400: HostError, 401: HostError, 429: HostError }
  const initSession = {
    tags: ['Session'],
    summary: 'Log in',
    security: [],
    querystring: InitSessionQuery,
    response: { 200: InitSessionAnswer, ...errors },
  }
  const headers =
    '`Authorization: Basic base64(login:password)` or `Authorization: user_token <API token of a user>`'

  scope.get(
    '/initSession',
    { schema: { ...initSession, operationId: 'initSession', description: `With ${headers}.` } },
    async (request) => openSession(request, request.query, null),
  )
  scope.post(
    '/initSession',
    {
      schema: {
        ...initSession,
        operationId: 'initSessionByPost',
        description: `With ${headers}, or with the same in the body.`,
        body: InitSessionBody,
      },
    },
    async (request) => openSession(request, request.query, request.body),
  )

  const method: ('GET' | 'POST')[] = ['GET', 'POST']

  for (const one of method) {
    scope.route({
      method: one,
      url: '/killSession',
      schema: {
        operationId: one === 'GET' ? 'killSession' : 'killSessionByPost',
        tags: ['Session'],
        summary: 'Log out',
        security: [{ sessionToken: [] }],
        response: { 200: Type.String({ description: 'Empty' }), ...errors },
      },
      handler: async (request, reply) => {
        await logins.end(await tokenOf(request))
        return reply.type('application/json; charset=utf-8').send('')
      },
    })
    scope.route({
      method: one,
      url: '/getFullSession',
      schema: {
        operationId: one === 'GET' ? 'getFullSession' : 'getFullSessionByPost',
        tags: ['Session'],
        summary: 'Read the session',
        security: [{ sessionToken: [] }],
        response: { 200: FullSessionAnswer, ...errors },
      },
      handler: async (request) => ({ session: await fullSession(await tokenOf(request), request) }),
    })
  }
}

function toFullSession(token: string, session: SessionDescription, root: string): FullSession {
  const { user, profile, entity } = session
  const entities = (profiles: SessionDescription['profiles'][number] | undefined) =>
    (profiles?.entities ?? []).map(({ id, name, isRecursive }) => ({ id, name, is_recursive: isRecursive }))
  return {
    valid_id: token,
    glpi_currenttime: hostTime(new Date()),
    glpiID: user.id,
    glpiname: user.login,
    glpirealname: user.lastname,
    glpifirstname: user.firstname,
    glpifriendlyname: displayName({ name: user.login, realname: user.lastname, firstname: user.firstname }),
    glpidefault_entity: user.entityId,
    glpiauthtype: user.authtype,
    glpiroot: root,
    glpilanguage: session.language || DEFAULT_LANGUAGE,
    glpiprofiles: Object.fromEntries(
      session.profiles.map((held) => [String(held.id), { name: held.name, entities: entities(held) }]),
    ),
    glpiactiveprofile: {
      ...profile.rights,
      id: profile.id,
      name: profile.name,
      interface: profile.interface,
      is_default: profile.isDefault,
      entities: entities(session.profiles.find(({ id }) => id === profile.id)),
    },
    glpiactiveentities: session.activeEntities,
    glpiparententities: session.parentEntities,
    glpiactive_entity: entity.id,
    glpiactive_entity_recursive: entity.isRecursive ? 1 : 0,
    // The host marks an entity that stands for all below it.
    glpiactive_entity_name: entity.isRecursive
      ? `${entity.completename} (tree structure)`
      : entity.completename,
    glpiactive_entity_shortname: entity.isRecursive ? `${entity.name} (tree structure)` : entity.name,
    glpishowallentities: session.showsAllEntities ? 1 : 0,
    glpigroups: [],
  }
}
