import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  /** Prometheus' text format. */
  text(): Promise<string>
  contentType: string
  /** Counts an answered look-up. */
  lookup(kind: string, hits: number): void
  /** Times every request of an app, by route. */
  watch(app: FastifyInstance): Promise<void>
}

/** What Prometheus reads: the process, requests by route, look-ups by outcome. No label holds what a caller sent. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'callmanager_http_request_duration_seconds',
    help: 'Time to answer, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const lookups = new Counter({
    name: 'callmanager_lookups_total',
    help: 'Answered look-ups, by kind of identifier and by what was found: none, one, several',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  const watch = fp(
    async (app: FastifyInstance) => {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? '(none)'
        requests.observe(
          { method: request.method, route, status: reply.statusCode },
          reply.elapsedTime / 1000,
        )
        done()
      })
    },
    { name: 'metrics', fastify: '5.x' },
  )
  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    lookup: (kind, hits) =>
      lookups.inc({ kind, outcome: hits === 0 ? 'none' : hits === 1 ? 'one' : 'several' }),
    watch: async (app) => {
      await app.register(watch)
    },
  }
}
