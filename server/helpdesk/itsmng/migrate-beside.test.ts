import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { createHostTables } from '../../../test/support/host-tables.ts'
import { killedAfter } from '../../../test/support/killed-after.ts'
import { startMariaDb } from '../../../test/support/mariadb.ts'
import { newRestrictedAccount, type RestrictedAccount } from '../../../test/support/restricted-account.ts'
import { tableNames } from '../../../test/support/storages.ts'
import { StartError } from '../../config.ts'
import { parseAccount } from '../../storage/database-account.ts'
import { grantStatements, OWN_TABLES } from '../../storage/host-grants.ts'
import { missingGrants } from '../../storage/missing-grants.ts'
import { printMigrations } from '../../storage/print-migrations.ts'
import { openStorage, type Storage } from '../../storage/storage.ts'
import { undoMigrations, undoStatements } from '../../storage/undo-migrations.ts'
import { migrateBesideHost } from './migrate-beside.ts'
import { rightsStatements } from './rights-statements.ts'

const socket = inject('mariadbSocket')
const folder = mkdtempSync(join(tmpdir(), 'callmanager-beside-'))
afterAll(() => rmSync(folder, { recursive: true }))
let folders = 0

const PREDECESSORS = ['configs', 'profiles', 'users'].map((name) => `glpi_plugin_callmanager_${name}`)
const CONFIGS = `insert into glpi_configs (context, name, value)
  values ('core', 'version', '9.5.7'), ('core', 'itsmversion', '1.4.0')`
const RIO_ROWS = `(1, 7, '0123456', '2024-01-01 10:00:00', '2024-01-01 10:00:00'),
  (2, 8, '', null, null), (3, 9, null, null, '2024-01-02 10:00:00'), (5, 10, 'É"l;oï,se', null, null), (6, 9999, '0123456', null, null)`

/** What the database looks like: columns, indexes, and rows of the rights and of the predecessor's tables. */
async function shapeOf({ db }: Storage): Promise<unknown[]> {
  const queries = [
    sql`select table_name, column_name, column_type, is_nullable, column_default, collation_name
      from information_schema.columns where table_schema = database() order by 1, ordinal_position`,
    sql`select table_name, index_name, seq_in_index, column_name, non_unique
      from information_schema.statistics where table_schema = database() order by 1, 2, 3`,
    sql`select name from glpi_plugin_callmanager_migrations order by 1`,
    sql`select * from glpi_plugin_callmanager_index`,
    sql`select * from glpi_plugin_callmanager_statistics_position`,
    sql`select * from glpi_plugin_callmanager_users order by id`,
    sql`select * from glpi_plugin_callmanager_configs order by id`,
  ]
  const shape: unknown[] = []
  for (const query of queries) shape.push((await query.execute(db)).rows)
  return shape
}

const script = (statements: readonly string[]) => statements.map((statement) => `${statement};`).join('\n')

describe.skipIf(socket === '')('Beside a host', () => {
  let account: RestrictedAccount
  let root: Storage
  let dataDir: string

  beforeEach(async () => {
    account = await newRestrictedAccount(socket)
    dataDir = join(folder, String(++folders))
    root = await openStorage(account.rootUrl)
    await createHostTables(root)
    await account.asRoot(`
      ${CONFIGS};
      insert into glpi_profiles (id, name, interface) values (1, 'Self-Service', 'helpdesk'), (4, 'Super-Admin', 'central'), (5, 'Hotliner', 'central');
      insert into glpi_profilerights (profiles_id, name, rights) values (1, 'config', 0), (4, 'config', 3), (5, 'config', 1);
      insert into glpi_plugin_callmanager_users values ${RIO_ROWS};
      insert into glpi_plugin_callmanager_configs (name, value) values ('rio_storage_method', 'name'), ('rio_storage_method', 'custom_table'), ('formcreator_form_id', '')`)
    onTestFinished(async () => {
      await root.close()
      await account.remove()
    })
  })

  async function open(url = account.url): Promise<Storage> {
    const storage = await openStorage(url)
    onTestFinished(() => storage.close())
    return storage
  }
  const migrate = (storage: Storage) => migrateBesideHost(storage, { DATA_DIR: dataDir })
  const grants = () => grantStatements(account.database, parseAccount(account.name))
  async function refusal(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(StartError)
    return error instanceof Error ? error.message : ''
  }

  describe('migrating', () => {
    test('makes our tables, and changes no table of the host', async () => {
      const host = (await tableNames(root)).filter((name) => !OWN_TABLES.includes(name))
      const describing = sql`select table_name, column_name, column_type from information_schema.columns
        where table_schema = database() and table_name in (${sql.join(host)}) order by 1, 2`
      const before = (await describing.execute(root.db)).rows
      const { steps } = await migrate(root)
      expect(steps.length).toBeGreaterThan(2)
      expect((await describing.execute(root.db)).rows).toEqual(before)
      expect((await tableNames(root)).filter((name) => !host.includes(name))).toEqual([...OWN_TABLES].sort())
      expect((await migrate(root)).steps).toEqual([])
    })

    test('copies the predecessor’s tables first, as they are, for this account’s eyes only', async () => {
      const { copy } = await migrate(root)
      expect(copy).toMatch(/predecessor-\d{4}-/)
      const path = copy ?? ''
      expect(readFileSync(join(path, 'glpi_plugin_callmanager_users.csv'), 'utf8')).toBe(
        [
          '"id","users_id","rio_number","date_creation","date_mod"',
          '1,7,"0123456","2024-01-01 10:00:00","2024-01-01 10:00:00"',
          '2,8,"",,',
          '3,9,,,"2024-01-02 10:00:00"',
          '5,10,"É""l;oï,se",,',
          '6,9999,"0123456",,',
          '',
        ].join('\r\n'),
      )
      expect(readFileSync(join(path, 'glpi_plugin_callmanager_configs.csv'), 'utf8').split('\r\n')).toEqual([
        '"id","name","value"',
        '1,"rio_storage_method","name"',
        '2,"rio_storage_method","custom_table"',
        '3,"formcreator_form_id",""',
        '',
      ])
      expect(statSync(path).mode & 0o777).toBe(0o700)
      for (const name of readdirSync(path)) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600)
      expect((await migrate(root)).copy).toBeNull()
    })

    test('copies nothing where there was no predecessor', async () => {
      await account.asRoot(`drop table ${PREDECESSORS.join(', ')}`)
      expect((await migrate(root)).copy).toBeNull()
      expect((await migrate(root)).copy).toBeNull()
    })

    test.each([
      ['as an ITSM-NG has them', ''],
      ['in an old row format', 'alter table glpi_plugin_callmanager_users row_format = compact'],
      [
        'as a GLPI 10 has them',
        'alter table glpi_plugin_callmanager_users convert to character set utf8mb4 collate utf8mb4_unicode_ci, modify id int unsigned not null auto_increment, modify users_id int unsigned not null',
      ],
      [
        'in the letters of GLPI 10 and an old row format',
        'alter table glpi_plugin_callmanager_users convert to character set utf8mb4 collate utf8mb4_unicode_ci, row_format = compact',
      ],
    ])('keeps every row of the predecessor, %s, and has room for any id and letter', async (_, before) => {
      if (before !== '') await account.asRoot(before)
      await migrate(root)
      await account.asRoot(
        `insert into glpi_plugin_callmanager_users (users_id, rio_number) values (4294967295, '😀')`,
      )
      const { rows } =
        await sql`select users_id, rio_number from glpi_plugin_callmanager_users order by id`.execute(root.db)
      expect(rows).toEqual([
        { users_id: 7, rio_number: '0123456' },
        { users_id: 8, rio_number: '' },
        { users_id: 9, rio_number: null },
        { users_id: 10, rio_number: 'É"l;oï,se' },
        { users_id: 9999, rio_number: '0123456' },
        { users_id: 4294967295, rio_number: '😀' },
      ])
    })

    test('is done once when processes start together', async () => {
      const processes = await Promise.all([1, 2, 3, 4].map(() => open(account.rootUrl)))
      await Promise.all(processes.map(migrate))
      expect((await shapeOf(root))[2]).toEqual(
        ['001-tables', '002-api', '003-beside-a-host', '004-newest-rios'].map((name) =>
          expect.objectContaining({ name }),
        ),
      )
    })

    test('comes to the same end after being killed at any place', async () => {
      await migrate(root)
      const expected = await shapeOf(root)
      let killed = 0
      for (let statements = 2; ; statements += 7) {
        await undoMigrations(root)
        await account.asRoot(`
          drop table ${PREDECESSORS.join(', ')}`)
        await createHostTables(root, ...PREDECESSORS)
        await account.asRoot(`
          insert into glpi_plugin_callmanager_users values ${RIO_ROWS};
          insert into glpi_plugin_callmanager_configs (name, value) values ('rio_storage_method', 'name'), ('rio_storage_method', 'custom_table'), ('formcreator_form_id', '')`)
        const outcome = await migrate(killedAfter(root, statements)).then(
          () => 'finished',
          () => 'killed',
        )
        await migrate(root)
        expect(await shapeOf(root)).toEqual(expected)
        if (outcome === 'finished') break
        killed++
      }
      expect(killed).toBeGreaterThan(5)
    }, 120_000)

    test('refuses a database that is no host’s, and leaves it empty', async () => {
      await account.asRoot('drop table glpi_configs')
      const refused = {
        code: 'host-unsupported',
        detail: expect.stringMatching(/^it holds no table glpi_configs, /),
      }
      await expect(migrate(root)).rejects.toMatchObject(refused)
      await account.asRoot('drop table glpi_users')
      await expect(migrate(root)).rejects.toMatchObject({
        ...refused,
        detail: expect.stringMatching(/glpi_users/),
      })
      expect(await tableNames(root)).not.toContain('glpi_plugin_callmanager_index')
    })

    test('refuses tables of a newer release', async () => {
      await migrate(root)
      await account.asRoot(
        `insert into glpi_plugin_callmanager_migrations values ('999-later', '2030-01-01T00:00:00.000Z')`,
      )
      expect(await refusal(migrate(root))).toMatch(/of a newer release \(migrations: 999-later\)/)
    })

    test('is taken back out with every row of the predecessor left, and done again', async () => {
      const before = await tableNames(root)
      await migrate(root)
      const rows = (await shapeOf(root)).slice(-2)
      await undoMigrations(root)
      expect(await tableNames(root)).toEqual(before)
      const { rows: indexes } = await sql<{ name: string }>`
        select distinct index_name as name from information_schema.statistics
        where table_schema = database() and table_name = 'glpi_plugin_callmanager_users' order by 1`.execute(
        root.db,
      )
      expect(indexes.map(({ name }) => name)).toEqual(['PRIMARY', 'unicity', 'users_id'])
      await migrate(root)
      expect((await shapeOf(root)).slice(-2)).toEqual(rows)
    })
  })

  test('taking it back out may be cut off anywhere, and migrating makes what is gone', async () => {
    await migrate(root)
    const expected = await shapeOf(root)
    const count = (await undoStatements(root)).length
    for (let done = 1; done < count; done += 4) {
      for (const statement of (await undoStatements(root)).slice(0, done)) await account.asRoot(statement)
      await migrate(root)
      expect(await shapeOf(root)).toEqual(expected)
    }
  }, 60_000)

  describe('printing', () => {
    test('makes what migrating makes, once or twice, from nothing or from any step', async () => {
      const printed = script(await printMigrations(root))
      expect(await tableNames(root)).not.toContain('glpi_plugin_callmanager_index')
      await account.asRoot(printed)
      const made = await shapeOf(root)
      await account.asRoot(printed)
      expect(await shapeOf(root)).toEqual(made)
      await undoMigrations(root)
      await migrate(root)
      expect(await shapeOf(root)).toEqual(made)
      await account.asRoot('delete from glpi_plugin_callmanager_migrations')
      await account.asRoot('drop index glpi_plugin_callmanager_users_rio on glpi_plugin_callmanager_users')
      await account.asRoot(script(await printMigrations(root)))
      expect(await shapeOf(root)).toEqual(made)
      expect(await printMigrations(root)).toEqual([])
    })

    test('is whole for an account that may see nothing yet', async () => {
      await account.asRoot(script(await printMigrations(await open())))
      const made = await shapeOf(root)
      await undoMigrations(root)
      await migrate(root)
      expect(await shapeOf(root)).toEqual(made)
    })

    test.each<[string, string, Record<string, number>]>([
      ['with no row yet', '', { '1': 0, '4': 2, '5': 0 }],
      [
        'with rows that somebody chose',
        "insert into glpi_profilerights (profiles_id, name, rights) values (4, 'plugin_callmanager_config', 0), (5, 'plugin_callmanager_config', 2)",
        { '1': 0, '4': 0, '5': 2 },
      ],
      [
        'with the predecessor’s rows, which let nobody in',
        "insert into glpi_profilerights (profiles_id, name, rights) values (1, 'plugin_callmanager_config', 0), (4, 'plugin_callmanager_config', 0)",
        { '1': 0, '4': 2, '5': 0 },
      ],
    ])('gives every profile its rights, %s', async (_, rows, expected) => {
      if (rows !== '') await account.asRoot(rows)
      const read = async (name: string) =>
        (
          await sql<{ id: number; rights: number }>`
            select profiles_id as id, rights from glpi_profilerights where name = ${name}`.execute(root.db)
        ).rows
      for (let times = 0; times < 2; times++) {
        await account.asRoot(script(rightsStatements()))
        const held = await read('plugin_callmanager_config')
        expect(Object.fromEntries(held.map(({ id, rights }) => [id, rights]))).toEqual(expected)
        expect(held).toHaveLength(3)
        expect((await read('plugin_callmanager_access')).map(({ rights }) => rights).sort()).toEqual([
          0, 0, 3,
        ])
      }
    })
  })

  describe('an account of its own', () => {
    test('that may not even open the database is told what an administrator runs', async () => {
      expect(await refusal(migrate(await open()))).toMatch(
        /may not use the database yet.*callmanager migrate --print/,
      )
    })

    test('that may not make tables is told what an administrator runs', async () => {
      await account.asRoot(
        script(
          grants().filter((grant) => /glpi_(users|configs)`|plugin_callmanager_(users|configs)`/.test(grant)),
        ),
      )
      expect(await refusal(migrate(await open()))).toMatch(
        /brought to this release.*callmanager migrate --print/,
      )
    })

    test('starts once what was printed is run, and with no grant less', async () => {
      await account.asRoot(script([...(await printMigrations(root)), ...rightsStatements(), ...grants()]))
      const storage = await open()
      expect((await migrate(storage)).steps).toEqual([])
      expect(await missingGrants(storage)).toEqual([])
      for (const grant of grants()) {
        await account.asRoot(grant.replace(/^GRANT/, 'REVOKE').replace(' TO ', ' FROM '))
        expect(await missingGrants(storage), grant).toEqual(
          // The history is appended to by its columns, which are then read too.
          [
            grant,
            ...(/^GRANT SELECT.*glpi_logs/.test(grant) ? [expect.stringMatching(/INSERT.*glpi_logs/)] : []),
          ],
        )
        await account.asRoot(grant)
      }
      await account.asRoot(`revoke delete on glpi_plugin_callmanager_jobs from ${account.name}`)
      await account.asRoot(`revoke select (mobile) on glpi_users from ${account.name}`)
      const sentence = await refusal(migrate(storage))
      expect(sentence).toMatch(/GRANT SELECT \(.*`mobile`.*\) ON `\w+`.`glpi_users` TO/)
      expect(sentence).toMatch(
        /GRANT SELECT, INSERT, UPDATE, DELETE ON `\w+`.`glpi_plugin_callmanager_jobs` TO/,
      )
      expect(sentence.match(/GRANT/g)).toHaveLength(2)
      await account.asRoot(
        script(
          sentence
            .split('\n')
            .filter((line) => line.startsWith('GRANT'))
            .map((line) => line.slice(0, -1)),
        ),
      )
      expect((await migrate(storage)).steps).toEqual([])
    })

    test('that may make tables makes them, and lacks nothing of them', async () => {
      await account.asRoot(script(grants().filter((grant) => !grant.includes('plugin_callmanager'))))
      await account.asRoot(
        `grant select, insert, update, delete, create, alter, index on ${account.database}.* to ${account.name}`,
      )
      expect((await migrate(await open())).steps.length).toBeGreaterThan(2)
    })

    test('lacks nothing that is no matter of privileges, before our tables are made', async () => {
      expect(await missingGrants(root)).toEqual([])
    })

    test('of a host without one of its columns is told so, not of privileges', async () => {
      await migrate(root)
      await account.asRoot('alter table glpi_tickets drop column itilcategories_id')
      await expect(missingGrants(root)).rejects.toMatchObject({
        code: 'host-unsupported',
        detail: expect.stringContaining('itilcategories_id'),
      })
    })

    test('is not told of privileges while the server is read-only or away', async () => {
      // One of its own, since others are at work on the one that tests share.
      const server = await startMariaDb()
      if (server === undefined) throw new Error('MariaDB has gone')
      onTestFinished(() => server.stop())
      const own = await newRestrictedAccount(server.socket)
      const admin = await open(own.rootUrl)
      await createHostTables(admin)
      await own.asRoot(`${CONFIGS};
        ${script([...(await printMigrations(admin)), ...grantStatements(own.database, parseAccount(own.name))])}`)
      const storage = await open(own.url)
      expect((await migrate(storage)).steps).toEqual([])
      await own.asRoot('set global read_only = 1')
      await expect(migrate(storage)).rejects.toMatchObject({ code: 'storage-unavailable' })
      await own.asRoot('set global read_only = 0')
      expect((await migrate(storage)).steps).toEqual([])
      await own.remove()
      await server.stop()
      await expect(migrate(await open(own.url))).rejects.toMatchObject({ code: 'storage-unavailable' })
    })
  })
})
