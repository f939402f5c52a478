import type { Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import { authorOf, createOwnHistory } from '../helpdesk/own-history.ts'
import { lockingEnd } from '../storage/dialect.ts'
import { lockSettings, putSetting, readSettings, type StoredSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

/** Has RIOs looked up and written at another place from the commit on, with the line of history of any change of settings. */
export function createMethodSwitch({
  storage,
  helpdesk,
}: {
  storage: Storage
  helpdesk: Pick<Helpdesk, 'encodeText'>
}) {
  const appendHistory = createOwnHistory(storage, helpdesk.encodeText)

  /** Keeps everybody from writing RIOs until the transaction ends. Throws `conflict` unless the place is one of these. */
  async function hold(tx: Kysely<Tables>, ...expected: RioStorageMethod[]): Promise<RioStorageMethod> {
    const method = demand(await lockSettings(tx, storage.engine), expected)
    const row = await tx
      .selectFrom('glpi_plugin_callmanager_configs')
      .select('id')
      .where('name', '=', 'rio_storage_method')
      .modifyEnd(lockingEnd(storage.engine))
      .executeTakeFirst()
    // Only a row that is there keeps others from it: where the default stands, writers would read past us.
    if (row === undefined) await putSetting(tx, 'rio_storage_method', method)
    return method
  }

  return {
    hold,

    /** The same without keeping anybody. */
    async look(tx: Kysely<Tables>, ...expected: RioStorageMethod[]): Promise<RioStorageMethod> {
      return demand(await readSettings(tx), expected)
    },

    async to(
      tx: Kysely<Tables>,
      agent: Agent,
      { from, to }: { from: RioStorageMethod; to: RioStorageMethod },
    ): Promise<void> {
      await putSetting(tx, 'rio_storage_method', to)
      await appendHistory(tx, [
        {
          itemtype: 'PluginCallmanagerConfig',
          itemsId: 0,
          author: await authorOf(tx, agent),
          what: 'rio_storage_method',
          from,
          to,
        },
      ])
    },
  }
}

function demand(
  { rio_storage_method: current }: StoredSettings,
  expected: readonly RioStorageMethod[],
): RioStorageMethod {
  if (expected.includes(current)) return current
  throw new AppError('conflict', { detail: 'the storage method has been set to another one meanwhile' })
}
