import { beforeAll, describe, expect, inject, it } from 'vitest'
import { createHostTables } from '../../test/support/host-tables.ts'
import { databaseUrl } from '../../test/support/maria-database.ts'
import { startMariaDb } from '../../test/support/mariadb.ts'
import { forEachEngine } from '../../test/support/storages.ts'
import { migrateOwnTables } from './migrate.ts'
import { openStorage, type Storage } from './storage.ts'
import { holdable } from './wide-text.ts'

forEachEngine((engine) => {
  let storage: Storage

  beforeAll(async () => {
    storage = await engine.migrated()
  })

  it('tells the texts that the helpdesk’s columns may hold', async () => {
    const texts = ['plain', 'Élodie', '王小明', '', '📞007']
    const held = texts.filter((text) => engine.asStored(text) === text)
    expect(await holdable(storage, texts)).toEqual(held)
    expect(await holdable(storage, ['📞'])).toEqual(held.length === texts.length ? ['📞'] : [])
    // What it tells is compared without falling.
    await storage.db.selectFrom('glpi_users').select('id').where('name', 'in', held).execute()
  })

  it('keeps every letter in the table of ours, the predecessor’s or not', async () => {
    const row = { users_id: 1, rio_number: '📞 Éloïse 𝒳', date_creation: null, date_mod: null }
    await storage.write('full', (tx) => tx.insertInto('glpi_plugin_callmanager_users').values(row).execute())
    const rows = storage.db.selectFrom('glpi_plugin_callmanager_users').select('rio_number')
    expect(await rows.where('rio_number', '=', row.rio_number).execute()).toEqual([
      { rio_number: row.rio_number },
    ])
  })
})

describe.skipIf(inject('mariadbSocket') === '')('on a server that is set up to forgive', () => {
  it('what does not fit is refused rather than cut or replaced', async () => {
    const server = await startMariaDb(['--sql-mode='])
    if (server === undefined) throw new Error('it is installed')
    const storage = await openStorage(databaseUrl(server.socket, 'mysql'))
    try {
      await createHostTables(storage, 'glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_configs')
      await migrateOwnTables(storage)
      const row = { users_id: 1, rio_number: 'x'.repeat(256), date_creation: null, date_mod: null }
      const write = storage.write('full', (tx) =>
        tx.insertInto('glpi_plugin_callmanager_users').values(row).execute(),
      )
      await expect(write).rejects.toThrow(/too long/)
    } finally {
      await storage.close()
      await server.stop()
    }
  })
})
