import type { RioStorageMethod } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'

/**
 * Long work goes on without the person who began it. A host takes what is written of its people from that person alone, so
 * beside one only our own table is written so. Each throws `done-by-host` for the rest.
 */

export function demandImportHere(
  { bulk }: Pick<Helpdesk, 'bulk'>,
  mode: 'people' | 'rios',
  method: RioStorageMethod,
): void {
  if (bulk !== undefined) return
  if (mode === 'people') {
    throw new AppError('done-by-host', { detail: 'people are imported there; here RIOs alone can be' })
  }
  demandOwnTable(method)
}

export function demandMethodChangeHere({ bulk }: Pick<Helpdesk, 'bulk'>, to: RioStorageMethod): void {
  if (bulk === undefined) demandOwnTable(to)
}

function demandOwnTable(method: RioStorageMethod): void {
  if (method === 'custom_table') return
  throw new AppError('done-by-host', {
    detail: `RIOs of ${method} are a column of its users: fill it there, then set rio_storage_method to it`,
  })
}
