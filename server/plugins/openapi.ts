import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { securePages } from './security.ts'

/** Collects the routes' schemas into an OpenAPI 3.1 document; register it before the routes. */
export const openapi = fp<{ version: string }>(
  async (app, { version }) => {
    await app.register(swagger, {
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

/** Either of the two ways of showing a session. */
export const SESSION_SECURITY: { [name: string]: string[] }[] = [{ sessionToken: [] }, { sessionCookie: [] }]

/** The manual as pages, at the prefix it is registered with. */
export async function manualPages(pages: FastifyInstance): Promise<void> {
  await securePages(pages)
  await pages.register(swaggerUi, {
    routePrefix: '/',
    staticCSP: false,
    uiConfig: { deepLinking: true, validatorUrl: null },
  })
}
