import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { openServices } from '../../server/services.ts'
import { coalesce } from '../../server/storage/coalesce.ts'
import { knownSession } from '../../test/support/known-session.ts'

// The product over a host's tables, with a session that is known already: its account and rights are read live.
const { DATABASE_URL, agent } = JSON.parse(process.argv[2] ?? '{}')
const config = readConfig({}, { DATABASE_URL, PORT: '0', LOOKUPS_PER_MINUTE: '0', LOG_LEVEL: 'info' })
const log = createLog('warn')
const services = await openServices(config, log)
const known = coalesce(knownSession(services.storage, services.helpdesk, agent))
const app = await buildApp(config, { ...services, helpdesk: { ...services.helpdesk, agent: known }, log })
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.(address)
process.on('SIGTERM', async () => {
  await app.close()
  await services.close()
  process.exit(0)
})
