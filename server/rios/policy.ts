import type { Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { rioKey } from '../domain/rio.ts'
import { lockPosition } from '../identifiers/position.ts'
import type { KeyRules } from '../identifiers/refresh.ts'
import type { Tables } from '../storage/tables.ts'
import { isHeldByOther } from './holders.ts'

interface Wanted {
  /** Who shall have it; 0 for somebody who is not there yet. */
  usersId: number
  /** As it is about to be stored. */
  rio: string
  /** Where RIOs are kept. */
  method: RioStorageMethod
}

/**
 * Where shared RIOs are refused: throws `rio-shared` if anybody else has this RIO, out of scope or in the bin as well.
 * Begin the transaction with it, and bring the index to now before. The lock that it takes is held until the commit, and
 * the RIO is entered in the index at once, so that of two who want the same at the same moment the second finds the first.
 */
export async function demandRioFree(
  tx: Kysely<Tables>,
  { usersId, rio, method }: Wanted,
  decode: KeyRules['decode'],
): Promise<void> {
  const key = rioKey(rio)
  if (key === null) return
  await lockPosition(tx)
  if (await isHeldByOther(tx, { key, method, usersId }, decode)) {
    throw new AppError('rio-shared', {
      field: 'rio',
      detail:
        'shared RIOs are refused by the settings; who has it may be in the bin or outside of your entities',
    })
  }
  if (usersId === 0) return
  const row = { kind: 'rio', identifier_key: key, source: method, users_id: usersId }
  const known = await tx
    .selectFrom('glpi_plugin_callmanager_identifiers')
    .select('users_id')
    .where(({ and }) => and(row))
    .executeTakeFirst()
  if (known === undefined) await tx.insertInto('glpi_plugin_callmanager_identifiers').values(row).execute()
}
