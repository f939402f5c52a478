import type { FastifyInstance, FastifyRequest } from 'fastify'
import { demandSameOrigin } from './same-origin.ts'
import type { Asker, Authenticate } from './session.ts'

const askers = new WeakMap<FastifyRequest, Asker>()

/** Every route of this scope is asked by somebody: who, is found out before a body is read. */
export function demandAsker(scope: FastifyInstance, authenticate: Authenticate): void {
  scope.addHook('onRequest', async (request) => {
    const asker = await authenticate(request)
    if (asker.byCookie) demandSameOrigin(request)
    askers.set(request, asker)
  })
}

/** Who asks; for routes of a scope that demands an asker. */
export function askerOf(request: FastifyRequest): Asker {
  const asker = askers.get(request)
  if (asker === undefined) throw new Error('this route stands outside the scope of demandAsker')
  return asker
}
