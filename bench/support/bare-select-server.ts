import Fastify from 'fastify'
import { createPool } from 'mysql2/promise'
import { LookupAnswer } from '../../contract/lookup.ts'

// The yardstick: a Fastify route that runs one indexed SELECT, prepared, over the pool that the product has too.
const { DATABASE_URL } = JSON.parse(process.argv[2] ?? '{}')
const pool = createPool({
  uri: DATABASE_URL,
  connectionLimit: 10,
  maxIdle: 10,
  dateStrings: true,
  enableKeepAlive: true,
})
const SELECT = `select id, phone, realname as lastname, firstname, registration_number as rio, '' as email, '' as entity,
  '' as location from glpi_users where name = ?`
const app = Fastify()
app.get<{ Params: { login: string } }>(
  '/users/:login',
  { schema: { response: { 200: LookupAnswer } } },
  async (request) => {
    const [users] = await pool.execute(SELECT, [request.params.login])
    return { users }
  },
)
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
process.on('SIGTERM', () => process.exit(0))
