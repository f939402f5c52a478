import { randomUUID } from 'node:crypto'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, StartError } from './config.ts'
import { watchConnections } from './connections.ts'
import { codeOf } from './domain/error-code.ts'
import { createLog } from './log.ts'
import { startMaintenance } from './maintenance.ts'
import { openServices, type Services } from './services.ts'
import { lockServer } from './storage/lock.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** How long requests under way may take to finish once the process is told to stop. */
const GRACE_MS = 10_000

export interface Running {
  services: Services
  app: FastifyInstance
  /** Where the server listens, such as `http://127.0.0.1:8090`. */
  address: string
}

/**
 * Runs a server until it is told to stop: settings → services → `prepare` (filling a demo, say) → routes → listening.
 * Stops gracefully on SIGINT and SIGTERM.
 */
export async function runServer(
  config: Config,
  prepare: (services: Services) => Promise<void>,
): Promise<Running> {
  const log = createLog(config.LOG_LEVEL)
  const alone = config.DATABASE_URL.startsWith('file:')
  const release = alone ? lockServer(config.DATABASE_URL.slice('file:'.length)) : () => {}
  if (release === null) {
    throw new StartError(
      `Another server runs on ${config.DATABASE_URL.slice('file:'.length)}. Stop it first, or give this one a DATA_DIR of its own.`,
    )
  }
  // A file's only server keeps its name, so that it takes up at once the building of the index that it was killed in.
  const services = await openServices(config, log, alone ? 'the server' : randomUUID()).catch(
    (error: unknown) => {
      release()
      throw error
    },
  )
  const stopMaintenance = startMaintenance({
    ...services,
    log,
    onError: (cause) => log.error({ cause }, 'maintenance failed; it is tried again in an hour'),
  })
  try {
    await prepare(services)
    await services.ensureIndexed()
    const app = await buildApp(config, { ...services, log })
    const endConnections = watchConnections(app.server)
    const grace = closeWithGrace(
      {
        delay: GRACE_MS,
        logger: false,
        onTimeout: (ms) => log.error({ ms }, 'what was under way did not end in time; it is cut off'),
        // It would end at once on a second signal, and a terminal and npm each pass Ctrl-C on.
        skip: [...SIGNALS],
      },
      async ({ err: cause }) => {
        if (cause) log.fatal({ cause }, 'stopping after an error that nothing caught')
        stopMaintenance()
        endConnections()
        await app.close()
        await services.close()
        release()
      },
    )
    let told = false
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (told) return
        told = true
        log.info({ signal }, 'stopping')
        grace.close()
      })
    }
    const address = await app.listen({ host: config.HOST, port: config.PORT }).catch((error: unknown) => {
      grace.uninstall()
      throw explainListen(config, error)
    })
    services.jobThread.watch()
    services.background.watch()
    return { services, app, address }
  } catch (error) {
    stopMaintenance()
    await services.close()
    release()
    throw error
  }
}

function explainListen(config: Config, error: unknown): unknown {
  const code = codeOf(error)
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${config.PORT} on ${config.HOST} is in use. Stop what uses it, or set PORT to a free one.`,
    EADDRNOTAVAIL: `HOST ${config.HOST} is not an address of this machine. Set HOST to one of its own, or to 0.0.0.0.`,
    EACCES: `Port ${config.PORT} may not be used by this account. Set PORT to one above 1023.`,
    ENOTFOUND: `HOST ${config.HOST} is not known. Set HOST to an address of this machine.`,
  }
  return reasons[code] === undefined ? error : new StartError(reasons[code])
}
