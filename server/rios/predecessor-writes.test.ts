import { type Connection, createConnection } from 'mysql2/promise'
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { createHostTables } from '../../test/support/host-tables.ts'
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
import { parseAccount } from '../storage/database-account.ts'
import { grantStatements } from '../storage/host-grants.ts'
import { printMigrations } from '../storage/print-migrations.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { undoMigrations } from '../storage/undo-migrations.ts'
import { createOwnRios } from './own-table.ts'

const socket = inject('mariadbSocket')

describe.skipIf(socket === '')('The old plugin, switched on meanwhile', () => {
  let account: RestrictedAccount
  /** The host's own connection, over which the old plugin writes: three bytes a letter, and nothing is refused. */
  let host: Connection
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
    await bringIn()
    people = peopleIn(root)
    alice = await people.agent('all', EVERYTHING)
    await host.query("set names utf8 collate utf8_unicode_ci, sql_mode = '', time_zone = '+00:00'")
  })

  /** What an administrator runs to have ours beside the host. */
  async function bringIn(): Promise<void> {
    const statements = [
      ...(await printMigrations(root)),
      ...grantStatements(account.database, parseAccount(account.name)),
    ]
    await account.asRoot(statements.join(';\n'))
  }

  const now = () => hostTime(new Date())
  /** As its form does: one row a person, an empty text where a RIO is taken away, and no line of history. */
  async function oldPluginWrites(usersId: number, rio: string, at = now()): Promise<void> {
    const [rows] = await host.query('select id from glpi_plugin_callmanager_users where users_id = ?', [
      usersId,
    ])
    if (Array.isArray(rows) && rows.length > 0) {
      await host.query(
        'update glpi_plugin_callmanager_users set rio_number = ?, date_mod = ? where users_id = ?',
        [rio, at, usersId],
      )
      return
    }
    await host.query(
      'insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod) values (?, ?, ?, ?)',
      [usersId, rio, at, at],
    )
  }
  async function oldPluginFinds(rio: string): Promise<unknown> {
    const [rows] = await host.query(
      'select user.id from glpi_users as user join glpi_plugin_callmanager_users as kept on kept.users_id = user.id where kept.rio_number = ?',
      [rio],
    )
    return rows
  }

  test('is followed at once, whatever it writes', async () => {
    const [bob, charlie] = [
      await people.addUser({ login: 'bob', rio: '1000001' }),
      await people.addUser({ login: 'charlie' }),
    ]
    us = await attach()
    expect(await us.find('1000001')).toEqual([bob])
    await oldPluginWrites(charlie, '1000002')
    expect(await us.find('1000002')).toEqual([charlie])
    await oldPluginWrites(bob, '1000003')
    expect([await us.find('1000001'), await us.find('1000003')]).toEqual([[], [bob]])
    // Taken away, and given to somebody else, without a trace but the rows themselves.
    await oldPluginWrites(bob, '')
    await oldPluginWrites(charlie, '1000003')
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
    const at = now()
    for (const [number, id] of [...ids.entries()].reverse()) {
      await oldPluginWrites(id, `20000${number}`, at)
      expect(await us.find(`20000${number}`)).toEqual([id])
    }
    for (const [number, id] of [...ids.entries()].reverse()) {
      await oldPluginWrites(id, `30000${number}`, at)
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
    expect(await oldPluginFinds('Étage-7')).toEqual([{ id: bob }])
    await us.write(charlie, 'ligne 😀')
    expect(await us.find('ligne 😀')).toEqual([charlie])
    expect(await oldPluginFinds('Étage-7')).toEqual([{ id: bob }])
    // What PHP's connection makes of that letter is another RIO.
    await oldPluginWrites(dora, 'ligne ????')
    expect(await us.find('ligne 😀')).toEqual([charlie])
    expect(await us.find('ligne ????')).toEqual([dora])
    await oldPluginWrites(charlie, '4000001')
    expect([await us.find('ligne 😀'), await us.find('4000001')]).toEqual([[], [charlie]])
    await us.write(charlie, '')
    await oldPluginWrites(charlie, '4000002')
    expect(await us.find('4000002')).toEqual([charlie])
  })

  test('gets 100,000 RIOs to ours, back and to ours again, with an edit on each side', {
    timeout: 300_000,
  }, async () => {
    const PEOPLE = 100_000
    const old = (id: number) => `${7_000_000 + id}`
    await undoMigrations(root)
    await account.asRoot(
      `insert into glpi_users (id, name, entities_id, is_active, date_mod)
         select seq, concat('agent.', seq), 0, 1, '2020-01-01 00:00:00' from seq_10001_to_${10_000 + PEOPLE};
       insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
         select seq, 1, 0, 0 from seq_10001_to_${10_000 + PEOPLE};
       insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod)
         select seq, ${7_000_000} + seq, '2020-01-01 00:00:00', '2020-01-01 00:00:00' from seq_10001_to_${10_000 + PEOPLE}`,
    )
    const [first, middle, last] = [10_001, 60_000, 10_000 + PEOPLE]
    const count = async () =>
      host.query('select count(distinct rio_number) as rios from glpi_plugin_callmanager_users')

    await bringIn()
    us = await attach()
    expect(await us.find(old(middle))).toEqual([middle])
    await us.write(first, '8000001')
    await oldPluginWrites(last, '8000002')
    expect([await us.find('8000001'), await us.find('8000002'), await us.find(old(first))]).toEqual([
      [first],
      [last],
      [],
    ])

    await undoMigrations(root)
    expect(await oldPluginFinds('8000001')).toEqual([{ id: first }])
    expect(await oldPluginFinds('8000002')).toEqual([{ id: last }])
    await oldPluginWrites(middle, '8000003')
    expect((await count())[0]).toEqual([{ rios: PEOPLE }])

    await bringIn()
    us = await attach()
    const found = await Promise.all(['8000001', '8000002', '8000003', old(middle), old(10_002)].map(us.find))
    expect(found).toEqual([[first], [last], [middle], [], [10_002]])
    expect((await count())[0]).toEqual([{ rios: PEOPLE }])
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
