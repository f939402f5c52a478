import Fastify from 'fastify'
import { LookupAnswer } from '../../contract/lookup.ts'

// The yardstick: a Fastify route that does nothing but answer the same bytes.
const { headers, answer } = JSON.parse(process.argv[2] ?? '{}')
const app = Fastify()
app.get(
  '/plugins/callmanager/api.php/users/:rio',
  { schema: { response: { 200: LookupAnswer } } },
  async (_, reply) => {
    reply.headers(headers)
    return answer
  },
)
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
process.on('SIGTERM', () => process.exit(0))
