import fp from 'fastify-plugin'

/**
 * One line a request, by route rather than by address: an address may hold an identifier. Successes are told at `debug`,
 * since the journal holds the look-ups and /metrics the counts.
 */
export const requestLog = fp<{ logsSuccess: boolean }>(
  async (app, { logsSuccess }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const failed = reply.statusCode >= 400
      if (failed || logsSuccess) {
        request.log[failed ? 'info' : 'debug'](
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
