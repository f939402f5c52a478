import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { openServices } from '../../server/services.ts'

// The product attached to a host: its people by SQL, its sessions by its REST API.
const { DATABASE_URL, HELPDESK_URL } = JSON.parse(process.argv[2] ?? '{}')
const config = readConfig(
  {},
  { DATABASE_URL, HELPDESK_URL, PORT: '0', LOOKUPS_PER_MINUTE: '0', LOG_LEVEL: 'info' },
)
const log = createLog('warn')
const services = await openServices(config, log)
const app = await buildApp(config, { ...services, log })
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
process.on('SIGTERM', async () => {
  await app.close()
  await services.close()
  process.exit(0)
})
