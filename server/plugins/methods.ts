import type { FastifyInstance, HTTPMethods } from 'fastify'
import { AppError } from '../domain/errors.ts'

const METHODS: readonly HTTPMethods[] = ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/**
 * Answers the methods that a scope's routes do not have: OPTIONS with the ones they have, others with a 405, both with an
 * `Allow` header. Call it before the routes; call what it gives back after them.
 */
export function watchMethods(scope: FastifyInstance): () => void {
  const allowed = new Map<string, Set<string>>()
  scope.addHook('onRoute', ({ routePath, method }) => {
    const methods = allowed.get(routePath) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    allowed.set(routePath, methods)
  })

  return () => {
    for (const [url, methods] of [...allowed]) {
      const allow = [...methods, 'OPTIONS'].sort().join(', ')
      const others = METHODS.filter((method) => !methods.has(method))
      scope.route({
        method: others,
        url,
        schema: { hide: true },
        // Before the body is read: what is in it does not matter.
        onRequest: async (request, reply) => {
          reply.header('allow', allow)
          if (request.method === 'OPTIONS') return reply.code(204).send()
          throw new AppError('method-not-allowed', { detail: `only ${allow}` })
        },
        handler: async () => {},
      })
    }
  }
}
