import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { callmanager } from '../../test/support/command.ts'
import { createHostTables } from '../../test/support/host-tables.ts'
import { newRestrictedAccount, type RestrictedAccount } from '../../test/support/restricted-account.ts'
import { tableNames } from '../../test/support/storages.ts'
import { openStorage, type Storage } from '../storage/storage.ts'

const socket = inject('mariadbSocket')
const folder = mkdtempSync(join(tmpdir(), 'callmanager-migrate-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Each command is a process of its own.
const TIMEOUT = { timeout: 120_000 }

describe.skipIf(socket === '')('callmanager migrate', () => {
  let account: RestrictedAccount
  let root: Storage

  beforeAll(async () => {
    account = await newRestrictedAccount(socket)
    root = await openStorage(account.rootUrl)
    await createHostTables(root)
    await account.asRoot(`
      insert into glpi_configs (context, name, value) values ('core', 'version', '9.5.7');
      insert into glpi_profiles (id, name) values (4, 'Super-Admin');
      insert into glpi_profilerights (profiles_id, name, rights) values (4, 'config', 3);
      insert into glpi_plugin_callmanager_users (users_id, rio_number) values (2, '0123456')`)
  })
  afterAll(async () => {
    await root.close()
    await account.remove()
  })

  const run = (args: string[], url: string, settings: Record<string, string> = {}) =>
    callmanager(args, {
      DATA_DIR: join(folder, 'data'),
      HELPDESK_URL: 'http://127.0.0.1:9/itsm-ng',
      DATABASE_URL: url,
      PORT: '0',
      ...settings,
    })

  test('prints what an administrator runs, by which an account of its own can start', TIMEOUT, async () => {
    expect(await run(['serve'], account.url)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The account of DATABASE_URL may not use the database yet/),
    })
    const before = await tableNames(root)
    // By the account itself, which may not even open the database; then as the administrator.
    const own = await run(['migrate', '--print'], account.url)
    const printed = await run(['migrate', '--print', '--account', account.name], account.rootUrl)
    expect(await tableNames(root)).toEqual(before)
    expect([own.code, own.stderr]).toEqual([0, expect.stringMatching(/may not read tables of a predecessor/)])
    expect([printed.code, printed.stderr]).toEqual([
      0,
      expect.stringMatching(/were copied to .*predecessor-/),
    ])
    expect(readdirSync(join(folder, 'data'))).toEqual([expect.stringMatching(/^predecessor-/)])
    const grants = (text: string) => text.split('\n').filter((line) => line.startsWith('GRANT'))
    expect(grants(own.stdout)).toEqual(grants(printed.stdout))
    expect(own.stdout + printed.stdout).not.toContain('secret')

    await account.asRoot(printed.stdout)
    await account.asRoot(own.stdout)
    const { rows } = await sql`select name, rights from glpi_profilerights order by name`.execute(root.db)
    expect(rows).toEqual([
      { name: 'config', rights: 3 },
      { name: 'plugin_callmanager_access', rights: 3 },
      { name: 'plugin_callmanager_config', rights: 2 },
    ])
    expect(await run(['migrate'], account.url)).toEqual({
      code: 0,
      stdout: 'The tables of Call Manager are of this release, and its account may do all it needs.\n',
      stderr: '',
    })
    await account.asRoot(`revoke insert on glpi_logs from ${account.name}`)
    expect(await run(['serve'], account.url)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^The account .*\n\nGRANT INSERT ON `\w+`.`glpi_logs` TO '\w+'@'localhost';\n/,
      ),
    })
  })

  test('--undo says what goes and what stays, and does it on --yes', TIMEOUT, async () => {
    await account.asRoot(`insert into glpi_plugin_callmanager_statistics values (1, 1, 2, 0, 3, 4, 5)`)
    const asked = await run(['migrate', '--undo'], account.rootUrl)
    expect(asked).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /Stays, with every row: glpi_plugin_callmanager_users[\s\S]*1 rows of statistics/,
      ),
      stderr: expect.stringMatching(/add --yes/),
    })
    expect(await tableNames(root)).toContain('glpi_plugin_callmanager_statistics')
    expect(await run(['migrate', '--undo', '--yes'], account.url)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/may not do that.*--undo --print/),
    })
    const printed = await run(['migrate', '--undo', '--print'], account.rootUrl)
    expect(printed.stdout).toContain('drop table glpi_plugin_callmanager_statistics;')
    expect(await run(['migrate', '--undo', '--yes'], account.rootUrl)).toMatchObject({ code: 0, stderr: '' })
    const left = (await tableNames(root)).filter((name) => name.startsWith('glpi_plugin_callmanager_'))
    expect(left).toEqual(['configs', 'profiles', 'users'].map((name) => `glpi_plugin_callmanager_${name}`))
    const { rows } = await sql`select users_id, rio_number from glpi_plugin_callmanager_users`.execute(
      root.db,
    )
    expect(rows).toEqual([{ users_id: 2, rio_number: '0123456' }])
    expect(await run(['migrate', '--undo'], account.rootUrl)).toMatchObject({ code: 0 })
    expect(await run(['migrate'], account.rootUrl)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/steps were missing and are done/),
    })
  })

  test.each([
    [['--print', '--undo', '--account', 'a@b']],
    [['--account', 'a@b']],
    [['--yes']],
    [['--print', '--account', '@localhost']],
  ])('refuses %j', TIMEOUT, async (args) => {
    expect(await run(['migrate', ...args], account.rootUrl)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: callmanager migrate/),
    })
  })

  test(
    "takes the host's own account from its settings, and has no privileges to print for it",
    TIMEOUT,
    async () => {
      const file = join(folder, 'config_db.php')
      writeFileSync(
        file,
        `<?php\nclass DB extends DBmysql {
  public $dbhost = 'localhost:${socket}';
  public $dbuser = 'root';
  public $dbpassword = '';
  public $dbdefault = '${account.database}';\n}\n`,
      )
      const settings = { HELPDESK_CONFIG_DB: file }
      const alone = await run(['migrate', '--print'], '', settings)
      expect([alone.code, alone.stdout]).toEqual([0, expect.stringContaining('-- no privileges, as')])
      expect(alone.stdout).not.toContain('GRANT SELECT')
      const named = await run(['migrate', '--print', '--account', 'callmanager@10.0.0.7'], '', settings)
      expect(named.stdout).toContain(
        `GRANT INSERT ON \`${account.database}\`.\`glpi_logs\` TO 'callmanager'@'10.0.0.7';`,
      )
    },
  )

  test('prints and undoes beside a host only', TIMEOUT, async () => {
    for (const option of ['--print', '--undo']) {
      expect(await run(['migrate', option], '', { HELPDESK_URL: '' })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/Set HELPDESK_URL/),
      })
    }
    expect(await run(['migrate'], '', { HELPDESK_URL: '', DATA_DIR: join(folder, 'own') })).toMatchObject({
      code: 0,
      stdout: 'The tables are of this release.\n',
    })
  })
})
