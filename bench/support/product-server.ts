import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { openServices } from '../../server/services.ts'

// The product as it is served, but for its rate limits, which are lifted by setting.
const config = readConfig(
  {},
  { ...JSON.parse(process.argv[2] ?? '{}'), PORT: '0', LOOKUPS_PER_MINUTE: '0', LOG_LEVEL: 'info' },
)
const log = createLog('warn')
const services = await openServices(config, log)
const app = await buildApp(config, { ...services, log })
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.(address)
process.on('SIGTERM', async () => {
  await app.close()
  await services.close()
  process.exit(0)
})
