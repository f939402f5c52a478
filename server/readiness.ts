import type { FastifyBaseLogger } from 'fastify'
import type { Readiness } from '../contract/health.ts'
import { AppError } from './domain/errors.ts'
import type { Helpdesk } from './helpdesk/helpdesk.ts'
import { isBuilt, selectPosition, tryWriting } from './identifiers/position.ts'
import type { Storage } from './storage/storage.ts'

interface Dependencies {
  storage: Storage
  helpdesk: Pick<Helpdesk, 'restHealth'>
  log: Pick<FastifyBaseLogger, 'error'>
}

/**
 * What stands behind look-ups, and how it is. A database that cannot be written to is none: the row in the journal comes
 * before the answer.
 */
export function createReadiness({ storage, helpdesk, log }: Dependencies): () => Promise<Readiness> {
  return async () => {
    const health = helpdesk.restHealth?.()
    const host = health === undefined ? {} : { helpdesk: health.state }
    try {
      const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
      await tryWriting(storage)
      const index = isBuilt(position) ? 'whole' : 'building'
      const reason = health?.reason === undefined ? {} : { reason: health.reason }
      return { status: 'ok', database: 'ok', index, ...host, ...reason }
    } catch (cause) {
      log.error({ cause }, 'the database does not answer')
      const reason = cause instanceof AppError ? { reason: cause.message } : {}
      return { status: 'unavailable', database: 'unavailable', index: 'unknown', ...host, ...reason }
    }
  }
}
