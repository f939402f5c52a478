import { type Connection, createConnection } from 'mysql2/promise'
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { asAdministrator } from '../../test/support/attached.ts'
import { createHostTables } from '../../test/support/host-tables.ts'
import { createOldPlugin, type OldPlugin } from '../../test/support/old-plugin.ts'
import { EVERYTHING, LOCAL, type People, peopleIn } from '../../test/support/people.ts'
import { newRestrictedAccount, type RestrictedAccount } from '../../test/support/restricted-account.ts'
import { hostTime } from '../domain/times.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { createHostText } from '../helpdesk/itsmng/host-text.ts'
import { migrateBesideHost } from '../helpdesk/itsmng/migrate-beside.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { createFollower } from '../identifiers/follow.ts'
import { createJournal } from '../identifiers/journal.ts'
import { createLookups } from '../identifiers/lookup.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createOwnRios } from './own-table.ts'

const socket = inject('mariadbSocket')

describe.skipIf(socket === '')('The old plugin, switched on meanwhile', () => {
  let account: RestrictedAccount
  /** The host's own connection, over which the old plugin writes. */
  let host: Connection
  let old: OldPlugin
  /** An administrator of the database. */
  let root: Storage
  let people: People
  let alice: Agent
  let us: Awaited<ReturnType<typeof attach>>

  /** Call Manager beside the host, by an account that may do what was printed and nothing else. */
  async function attach() {
    const storage = await openStorage(account.url)
    onTestFinished(() => storage.close())
    await migrateBesideHost(storage, { DATA_DIR: '/nonexistent' })
    const settings = createSettings(storage)
    const { decode, encode } = createHostText('named')
    const dependencies = { storage, settings, entityTree: createEntityTree(storage), decodeText: decode }
    const follow = createFollower(dependencies, () => undefined)
    const journal = createJournal(storage)
    const lookups = createLookups({ storage, follow, journal, onAnswer: () => undefined })
    await bringUpToDate(dependencies)
    return {
      settings,
      async find(rio: string): Promise<number[]> {
        return (await lookups.byRio(alice, LOCAL, rio)).map(({ id }) => id)
      },
      write: (usersId: number, to: string) =>
        storage.write('full', (tx) =>
          createOwnRios(storage, { decodeText: decode, encodeText: encode }).write(tx, {
            usersId,
            author: 'Alice (2)',
            before: '',
            to,
          }),
        ),
    }
  }

  beforeEach(async () => {
    account = await newRestrictedAccount(socket)
    root = await openStorage(account.rootUrl)
    host = await createConnection(account.rootUrl)
    onTestFinished(async () => {
      await root.close()
      await host.end()
      await account.remove()
    })
    await createHostTables(root)
    await account.asRoot(`
      insert into glpi_configs (context, name, value) values ('core', 'version', '9.5.7'), ('core', 'itsmversion', '1.4.0');
      insert into glpi_entities (id, name, entities_id, completename, level) values (0, 'Root entity', -1, 'Root entity', 1)`)
    await asAdministrator(account)
    people = peopleIn(root)
    alice = await people.agent('all', EVERYTHING)
    old = await createOldPlugin(host)
  })

  test('is followed at once, whatever it writes', async () => {
    const [bob, charlie] = [
      await people.addUser({ login: 'bob', rio: '1000001' }),
      await people.addUser({ login: 'charlie' }),
    ]
    us = await attach()
    expect(await us.find('1000001')).toEqual([bob])
    await old.writes(charlie, '1000002')
    expect(await us.find('1000002')).toEqual([charlie])
    await old.writes(bob, '1000003')
    expect([await us.find('1000001'), await us.find('1000003')]).toEqual([[], [bob]])
    // Taken away, and given to somebody else, without a trace but the rows themselves.
    await old.writes(bob, '')
    await old.writes(charlie, '1000003')
    expect([await us.find('1000002'), await us.find('1000003'), await us.find('null')]).toEqual([
      [],
      [charlie],
      [],
    ])
  })

  test('is followed through many writes of one second, to whomever', async () => {
    const ids: number[] = []
    for (let number = 0; number < 12; number++) ids.push(await people.addUser({ login: `person ${number}` }))
    us = await attach()
    const at = hostTime(new Date())
    for (const [number, id] of [...ids.entries()].reverse()) {
      await old.writes(id, `20000${number}`, at)
      expect(await us.find(`20000${number}`)).toEqual([id])
    }
    for (const [number, id] of [...ids.entries()].reverse()) {
      await old.writes(id, `30000${number}`, at)
      expect([await us.find(`20000${number}`), await us.find(`30000${number}`)]).toEqual([[], [id]])
    }
  })

  test('and ours read what the other writes, each in its own letters', async () => {
    const [bob, charlie, dora] = [
      await people.addUser({ login: 'bob' }),
      await people.addUser({ login: 'charlie' }),
      await people.addUser({ login: 'dora' }),
    ]
    us = await attach()
    await us.write(bob, 'Étage-7')
    expect(await old.finds('Étage-7')).toEqual([{ id: bob }])
    await us.write(charlie, 'ligne 😀')
    expect(await us.find('ligne 😀')).toEqual([charlie])
    expect(await old.finds('Étage-7')).toEqual([{ id: bob }])
    // What PHP's connection makes of that letter is another RIO.
    await old.writes(dora, 'ligne ????')
    expect(await us.find('ligne 😀')).toEqual([charlie])
    expect(await us.find('ligne ????')).toEqual([dora])
    await old.writes(charlie, '4000001')
    expect([await us.find('ligne 😀'), await us.find('4000001')]).toEqual([[], [charlie]])
    await us.write(charlie, '')
    await old.writes(charlie, '4000002')
    expect(await us.find('4000002')).toEqual([charlie])
  })

  test('changes settings in rows of its own, of which the newest stands', async () => {
    const bob = await people.addUser({ login: 'bob', rio: '1000001' })
    us = await attach()
    await us.settings.set('rio_storage_method', 'custom_table')
    await host.query(
      "insert into glpi_plugin_callmanager_configs (name, value) values ('rio_storage_method', 'name')",
    )
    us.settings.forget()
    expect(await us.find('bob')).toEqual([bob])
    expect(await us.find('1000001')).toEqual([])
    await us.settings.set('rio_storage_method', 'custom_table')
    expect(await us.find('1000001')).toEqual([bob])
  })
})
