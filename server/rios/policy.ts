import type { Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { rioKey } from '../domain/rio.ts'
import type { Following } from '../identifiers/follow.ts'
import { lockPosition } from '../identifiers/position.ts'
import type { KeyRules } from '../identifiers/refresh.ts'
import { sharingEnd } from '../storage/dialect.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Engine } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { isHeldByOther } from './holders.ts'

interface Wanted {
  /** Who shall have it; 0 for somebody who is not there yet, and is to be asked about again once they are. */
  usersId: number
  /** As it is about to be stored. */
  rio: string
  /** Where RIOs are kept. */
  method: RioStorageMethod
}

/** In the transaction that writes: throws `rio-shared` where somebody else has this RIO and shared ones are refused. */
export type DemandRioFree = (tx: Kysely<Tables>, wanted: Wanted) => Promise<void>

interface Dependencies {
  engine: Engine
  settings: SettingsStore
  follow(): Promise<Following>
}

/**
 * The policy on shared RIOs. Asked before a transaction, it brings the index to now where that matters, and answers what is
 * to be asked within.
 */
export function createRioPolicy({ engine, settings, follow }: Dependencies): () => Promise<DemandRioFree> {
  return async () => {
    const { shared_rios: shared } = await settings.read()
    if (shared === 'allowed') return async () => undefined
    const { complete, rules } = await follow()
    return async (tx, wanted) => {
      if (!complete) throw new AppError('index-building', { retryAfter: 5 })
      await demandRioFree(tx, wanted, { engine, decode: rules.decode })
    }
  }
}

/**
 * Throws `rio-shared` if anybody else has this RIO, out of scope or in the bin as well. Takes the index's lock, which is held
 * until the commit, and enters the RIO in the index at once, so that of two who want the same at the same moment the second
 * finds the first.
 */
async function demandRioFree(
  tx: Kysely<Tables>,
  { usersId, rio, method }: Wanted,
  { engine, decode }: { engine: Engine; decode: KeyRules['decode'] },
): Promise<void> {
  const key = rioKey(rio)
  if (key === null) return
  await lockPosition(tx)
  // What is there now: this transaction may have read before it waited for the lock.
  const end = sharingEnd(engine)
  if (await isHeldByOther(tx, { key, method, usersId }, decode, end)) {
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
    .modifyEnd(end)
    .executeTakeFirst()
  if (known === undefined) await tx.insertInto('glpi_plugin_callmanager_identifiers').values(row).execute()
}
