import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { openServices, type Services } from '../services.ts'

/** Opens the same services as a server does, for the time of one command; a server may run beside it. */
export async function withServices(work: (services: Services) => Promise<void>): Promise<void> {
  const config = readConfig()
  const services = await openServices(config, createLog('error'))
  try {
    await work(services)
  } finally {
    await services.close()
  }
}
