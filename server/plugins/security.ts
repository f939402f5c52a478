import helmet from '@fastify/helmet'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** What every answer carries; helmet says more where a browser shows a page. */
export const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** How long the event loop may lag before newcomers are turned away. */
const MAX_EVENT_LOOP_DELAY_MS = 2000
const RETRY_AFTER_SECONDS = 10

/** Fixed headers on every answer, and a refusal in good time when the process cannot keep up. */
export const security = fp(
  async (app) => {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(HEADERS)
      done()
    })
    await app.register(underPressure, {
      maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
      retryAfter: RETRY_AFTER_SECONDS,
    })
  },
  { name: 'security', fastify: '5.x' },
)

/** The headers of pages that a browser shows: scripts and styles from ourselves only, no frames. */
export async function securePages(pages: FastifyInstance): Promise<void> {
  // Before helmet's own hook: what is taken away later takes helmet's policy along.
  pages.addHook('onRequest', async (_request, reply) => {
    reply.removeHeader('content-security-policy')
  })
  await pages.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'connect-src': ["'self'"],
        'font-src': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'img-src': ["'self'", 'data:'],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
      },
    },
    frameguard: { action: 'deny' },
    // Whether there is TLS is the proxy's to know.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
}
