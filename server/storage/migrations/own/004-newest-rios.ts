import type { Kysely } from 'kysely'
import { addColumn } from '../../dialect.ts'
import type { Engine } from '../../storage.ts'

/** What the newest second of the table of RIOs held when the index last followed it. */
export async function watchNewestRios(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await addColumn(db, engine, 'glpi_plugin_callmanager_index', 'rios_sum', 'bigint not null default 0')
}
