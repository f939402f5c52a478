import fp from 'fastify-plugin'

/**
 * One line a request that succeeds, by route rather than by address: an address may hold an identifier. It is told at
 * `debug`, since the journal holds the look-ups and /metrics the counts. Failures have their line from errors.ts.
 */
export const requestLog = fp<{ logsSuccess: boolean }>(
  async (app, { logsSuccess }) => {
    app.addHook('onResponse', (request, reply, done) => {
      if (logsSuccess && reply.statusCode < 400) {
        request.log.debug(
          {
            method: request.method,
            route: request.routeOptions.url ?? null,
            status: reply.statusCode,
            ms: Math.round(reply.elapsedTime * 10) / 10,
          },
          'request',
        )
      }
      done()
    })
  },
  { name: 'request-log', fastify: '5.x' },
)
