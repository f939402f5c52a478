import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Health, Readiness } from '../../contract/health.ts'
import { Problem } from '../../contract/problem.ts'
import { AppError } from '../domain/errors.ts'
import { watchMethods } from '../plugins/methods.ts'
import type { Metrics } from '../plugins/metrics.ts'
import { callerOf } from '../plugins/session.ts'

interface Options {
  metrics: Metrics
  readiness(): Promise<Readiness>
}

/** For operators and their tools, on Node's own port: a request that came through a proxy finds nothing here. */
export const operationRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { metrics, readiness }) => {
  scope.addHook('onRequest', async (request) => {
    if (callerOf(request).forwarded) throw new AppError('route-unknown')
  })
  const answerOtherMethods = watchMethods(scope)

  scope.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['Operation'],
        summary: 'The process runs',
        security: [],
        response: { 200: Health, 404: Problem },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  scope.get(
    '/readyz',
    {
      schema: {
        operationId: 'readiness',
        tags: ['Operation'],
        summary: 'The process can answer look-ups',
        security: [],
        response: { 200: Readiness, 404: Problem, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const state = await readiness()
      return reply.code(state.status === 'ok' ? 200 : 503).send(state)
    },
  )

  scope.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['Operation'],
        summary: 'Prometheus metrics',
        security: [],
        produces: ['text/plain'],
        response: { 200: Type.String({ description: "Prometheus' text format" }), 404: Problem },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )

  answerOtherMethods()
}
