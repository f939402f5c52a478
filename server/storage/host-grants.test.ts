import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createHostTables } from '../../test/support/host-tables.ts'
import { databaseUrl } from '../../test/support/maria-database.ts'
import { tableNames } from '../../test/support/storages.ts'
import { grantStatements, grantsOnSomeHosts, HOST_COLUMNS, OWN_TABLES } from './host-grants.ts'
import { migrateOwnTables } from './migrate.ts'
import { openStorage, type Storage } from './storage.ts'

const socket = inject('mariadbSocket')
const DATABASE = "grants\\of`it's"
const ACCOUNT = { user: "call'man\\ager", host: 'localhost' }

describe.skipIf(socket === '')('The grants on a host', () => {
  let host: Storage
  let asRoot: Awaited<ReturnType<typeof createConnection>>
  let asUs: typeof asRoot

  beforeAll(async () => {
    asRoot = await createConnection({ user: 'root', socketPath: socket })
    await asRoot.query('create database ??', [DATABASE])
    host = await openStorage(databaseUrl(socket, encodeURIComponent(DATABASE)))
    await createHostTables(host)
    await migrateOwnTables(host)
    await sql`create table glpi_oidc_users (id int primary key, user_id int)`.execute(host.db)
    await asRoot.query('create user ?@? identified by ?', [ACCOUNT.user, ACCOUNT.host, 'secret'])
    const statements = [...grantStatements(DATABASE, ACCOUNT), ...grantsOnSomeHosts(DATABASE, ACCOUNT)]
    for (const statement of statements) await asRoot.query(statement)
    asUs = await createConnection({
      user: ACCOUNT.user,
      password: 'secret',
      socketPath: socket,
      database: DATABASE,
    })
  })
  afterAll(async () => {
    await asUs.end()
    await host.close()
    await asRoot.query('drop database ??', [DATABASE])
    await asRoot.query('drop user ?@?', [ACCOUNT.user, ACCOUNT.host])
    await asRoot.end()
  })

  it('name every table of ours', async () => {
    const tables = (await tableNames(host)).filter((name) => name.startsWith('glpi_plugin_callmanager_'))
    // The predecessor's third table was never filled, and is left to it.
    expect(tables.filter((name) => name !== 'glpi_plugin_callmanager_profiles')).toEqual(
      [...OWN_TABLES].sort(),
    )
  })

  it.each(Object.keys(HOST_COLUMNS))(
    'let us count %s and read its columns, and change no row of it',
    async (table) => {
      const columns = Object.values(HOST_COLUMNS).find(
        (_, index) => Object.keys(HOST_COLUMNS)[index] === table,
      )
      await asUs.query('select count(*) from ??', [table])
      await asUs.query('select distinct ?? from ??', [columns, table])
      await expect(asUs.query('delete from ??', [table])).rejects.toThrow(/denied/)
      await expect(asUs.query('update ?? set ?? = ??', [table, columns?.[0], columns?.[0]])).rejects.toThrow(
        /denied/,
      )
    },
  )

  it('let us see whose logins are an OpenID provider’s, on a host that has one', async () => {
    await asUs.query('select user_id from glpi_oidc_users')
    await expect(asUs.query('select id from glpi_oidc_users')).rejects.toThrow(/denied/)
  })

  it.each(['password', 'personal_token', 'api_token', 'cookie_token', 'password_forget_token'])(
    'keep %s from us',
    async (column) => {
      await expect(asUs.query('select ?? from glpi_users', [column])).rejects.toThrow(/denied/)
      await expect(asUs.query('select 1 from glpi_users where ?? is null', [column])).rejects.toThrow(
        /denied/,
      )
    },
  )

  it('let us append to the history, and nothing else of the host', async () => {
    await asUs.query("insert into glpi_logs (itemtype, items_id) values ('User', 1)")
    await expect(asUs.query("insert into glpi_users (name) values ('mallory')")).rejects.toThrow(/denied/)
    await expect(asUs.query("insert into glpi_configs (name) values ('mallory')")).rejects.toThrow(/denied/)
  })

  it('let us do with our rows as we like, and change no table', async () => {
    await asUs.query('insert into glpi_plugin_callmanager_users (users_id) values (1)')
    await asUs.query('select id from glpi_plugin_callmanager_users where users_id = 1 for update')
    await asUs.query("update glpi_plugin_callmanager_users set rio_number = '1'")
    await asUs.query('delete from glpi_plugin_callmanager_users')
    await expect(asUs.query('drop table glpi_plugin_callmanager_users')).rejects.toThrow(/denied/)
    await expect(asUs.query('create table mallory (id int)')).rejects.toThrow(/denied/)
  })
})
