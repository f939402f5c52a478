import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../../contract/problem.ts'
import { securePages } from './security.ts'

/** What an error's status means, wherever it is answered. */
const STATUSES = {
  400: 'Malformed: an identifier, a parameter or the body',
  401: 'No session, or one that is no longer valid; or a login that failed',
  403: 'A right is missing, or the caller is refused',
  404: 'Not found, or outside of what you may see',
  409: 'At odds with what is there; the answer says with what',
  412: 'Changed by somebody else since it was read',
  413: 'The body is too large',
  415: 'The body is of another media type',
  422: 'A value is refused; the answer names the field',
  428: 'If-Match is missing',
  429: 'Too many requests; wait for the seconds in `Retry-After`',
  502: 'The helpdesk does not answer as it should',
  503: 'The database does not answer, or the server is overloaded',
} as const

/** What a success means where a route does not say more. */
const SUCCESSES = {
  200: 'What was asked for',
  201: 'It is made; `Location` says where',
  202: 'It has begun; `Location` says where to follow it',
  204: 'It is done',
}
const MEANINGS = new Map(Object.entries({ ...STATUSES, ...SUCCESSES }))

/** Collects the routes' schemas into an OpenAPI 3.1 document; register it before the routes. */
export const openapi = fp<{ version: string }>(
  async (app, { version }) => {
    await app.register(swagger, {
      transformObject: (document) => {
        if (!('openapiObject' in document)) return document.swaggerObject
        const operations = Object.values(document.openapiObject.paths ?? {}).flatMap((path) => [
          path?.get,
          path?.post,
          path?.put,
          path?.patch,
          path?.delete,
        ])
        for (const [status, answer] of operations.flatMap((one) => Object.entries(one?.responses ?? {}))) {
          if (!('description' in answer)) continue
          const saysMore = Number(status) < 400 && answer.description !== 'Default Response'
          if (!saysMore) answer.description = MEANINGS.get(status) ?? answer.description
        }
        return document.openapiObject
      },
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Call Manager',
          version,
          description:
            'Finds callers by RIO for telephone systems, within the rights of ITSM-NG. Log in with initSession, send the token as Session-Token, look up, and log out with killSession.',
          license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
        },
        tags: [
          {
            name: 'Look-up',
            description: 'The documented API for telephone systems; errors are `{"error": "…"}`.',
          },
          { name: 'Session', description: "ITSM-NG's own words, spoken by the embedded helpdesk." },
          { name: 'You', description: 'Your session: who you are, what you may do, what you can switch to.' },
          { name: 'Search', description: 'One field for everything.' },
          { name: 'Users', description: 'People: reading, creating, changing.' },
          { name: 'RIO', description: 'RIOs of people, in whichever place the storage method keeps them.' },
          { name: 'Tickets', description: 'Tickets, within what the helpdesk lets you see.' },
          { name: 'Places', description: 'Entities, locations and what else forms choose from.' },
          { name: 'Settings', description: 'What an administrator decides, profiles and their rights.' },
          { name: 'Jobs', description: 'Long work: imports and changes of the storage method.' },
          { name: 'Statistics', description: 'Look-ups, counted.' },
          { name: 'Set-up', description: 'Making the first account of an empty store.' },
          { name: 'Operation', description: "For operators, on Node's own port; never proxied." },
        ],
        components: {
          securitySchemes: {
            sessionToken: {
              type: 'apiKey',
              in: 'header',
              name: 'Session-Token',
              description:
                'The token that initSession gave. Callers by token also pass the API-client rows of the helpdesk.',
            },
            sessionCookie: {
              type: 'apiKey',
              in: 'cookie',
              name: 'glpi_…',
              description: "The helpdesk's session cookie: `glpi_` and 32 hexadecimal digits.",
            },
          },
        },
      },
    })
  },
  { name: 'openapi', fastify: '5.x' },
)

/** The statuses that a route under `api/v1` may answer besides; 503 and 429 anything may. */
export function problems<Status extends keyof typeof STATUSES>(...statuses: Status[]) {
  return Object.fromEntries([...statuses, 429, 503].map((status) => [status, Problem])) as Record<
    Status | 429 | 503,
    typeof Problem
  >
}

/** Either of the two ways of showing a session. */
export const SESSION_SECURITY: { [name: string]: string[] }[] = [{ sessionToken: [] }, { sessionCookie: [] }]

/** The manual as pages, at the prefix it is registered with. */
export const manualPages: FastifyPluginAsync = async (pages) => {
  await securePages(pages)
  await pages.register(swaggerUi, {
    routePrefix: '/',
    staticCSP: false,
    theme: { title: 'Call Manager: API manual' },
    // Without the bar that would load another document.
    uiConfig: { deepLinking: true, validatorUrl: null, layout: 'BaseLayout' },
  })
}
