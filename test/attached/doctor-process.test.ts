import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { startHost } from '../host/host.ts'
import { seedHost } from '../host/seed.ts'
import { secret } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'
import { callmanager } from '../support/command.ts'
import { databaseUrl } from '../support/maria-database.ts'
import { startMariaDb } from '../support/mariadb.ts'
import { newRestrictedAccount } from '../support/restricted-account.ts'

const APP_TOKEN = secret('Xq7vKe0nJf2mWs5tRb8yLu3aZc6dHg9pTi1oNk4x')
const USER_TOKEN = secret('bobs-own-user-token-of-forty-characters')
const PASSWORD = secret('bobs-password-at-the-helpdesk')

interface Report {
  status: string
  findings: { check: string; status: string; what: string; remedy: string }[]
}

describe.skipIf(inject('mariadbSocket') === '')('callmanager doctor, beside a helpdesk,', () => {
  const attached = useAttached()
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-doctor-'))
  let session = ''
  afterAll(() => rmSync(folder, { recursive: true }))

  beforeAll(async () => {
    const { addPerson, account, host } = attached()
    await addPerson({
      login: 'token',
      apiToken: USER_TOKEN,
      password: PASSWORD,
      memberships: [{ profile: 6 }],
    })
    await account.asRoot(`update glpi_apiclients set app_token = '${APP_TOKEN}'`)
    session = secret(await host.logIn('token'))
    await callmanager(['reindex'], environment())
  })

  const environment = (): Record<string, string> => ({
    DATA_DIR: folder,
    DATABASE_URL: attached().account.url,
    HELPDESK_URL: attached().host.url,
    HELPDESK_APP_TOKEN: APP_TOKEN,
  })
  const doctor = (settings: Record<string, string> = {}, ...args: string[]) =>
    callmanager(['doctor', ...args], { ...environment(), ...settings })
  async function report(settings: Record<string, string> = {}): Promise<Report & { code: number | null }> {
    const { code, stdout } = await doctor(settings, '--json')
    const parsed: Report = JSON.parse(stdout)
    return { ...parsed, code }
  }
  const ills = ({ findings }: Report) => findings.filter(({ status }) => status !== 'ok')

  test('exits 0 where all is well, a line for each check', async () => {
    const { code, stdout, stderr } = await doctor()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(25)
    for (const line of lines) expect(line).toMatch(/^ok {7}[a-z-]+( [a-z-]+)* {2,}\S/)
  })

  test('exits 0 with warnings alone', async () => {
    expect(await report({ BASE_PATH: '/itsm-ng' })).toMatchObject({ code: 0, status: 'warning' })
  })

  test('exits 1 with a problem, and says what to do on the line below', async () => {
    const { code, stdout } = await doctor({ HELPDESK_APP_TOKEN: '' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^problem {2}host app-token .*\n {20,}→ Set HELPDESK_APP_TOKEN to the one/m)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['no database', { DATABASE_URL: '' }, /HELPDESK_URL is set, so DATABASE_URL must name/],
    ['PostgreSQL', { DATABASE_URL: 'postgres://u:hunter22@h/d' }, /PostgreSQL/],
    ['a password that is not encoded', { DATABASE_URL: 'mysql://u:hunter22/a@h/d' }, /%2F/],
    ['an address with a password', { HELPDESK_URL: 'http://u:hunter22@h' }, /^HELPDESK_URL is not/],
  ])('tells settings that cannot be used as a finding: %s', async (_, settings, remedy) => {
    const { code, status, findings } = await report(settings)
    expect({ code, status }).toEqual({ code: 1, status: 'problem' })
    expect(findings).toEqual([
      {
        check: 'environment',
        status: 'problem',
        what: 'The settings cannot be used.',
        remedy: expect.stringMatching(remedy),
      },
    ])
    expect(findings[0]?.remedy).not.toContain('hunter22')
  })

  test('warns of the account of the helpdesk itself, of passwords it may read and of the old plugin', async () => {
    const { account } = attached()
    const { database } = account
    const configDb = join(folder, 'config_db.php')
    const socket = inject('mariadbSocket')
    writeFileSync(
      configDb,
      `<?php class DB extends DBmysql { public $dbhost = 'localhost:${socket}'; public $dbuser = 'root';
        public $dbpassword = ''; public $dbdefault = '${database}'; }`,
    )
    await account.asRoot(
      "insert into glpi_plugins (directory, name, version, state) values ('callmanager', 'Call Manager', '1.0.0', 1)",
    )
    const whole = await report({ DATABASE_URL: '', HELPDESK_CONFIG_DB: configDb })
    expect(ills(whole)).toEqual([
      expect.objectContaining({
        check: 'account',
        what: expect.stringContaining('HELPDESK_CONFIG_DB is in use'),
      }),
      expect.objectContaining({
        check: 'plugin',
        status: 'warning',
        what: expect.stringContaining('(1.0.0) is still active'),
        remedy: expect.stringMatching(/Setup > Plugins.*Update\. Never "Uninstall".*Disable/),
      }),
    ])
    await account.asRoot('update glpi_plugins set state = 4')
    const broad = await report({ DATABASE_URL: account.rootUrl })
    expect(broad.code).toBe(0)
    expect(ills(broad)).toEqual([
      expect.objectContaining({
        check: 'account',
        what: expect.stringMatching(
          /may also read passwords, read the tokens.*change rights, remove history/,
        ),
      }),
    ])
  })

  test.each([
    [6, /was replaced, but the plugin has not been updated/, /Update, then Enable/],
    [5, /folder is missing from the helpdesk/, /Put the folder callmanager/],
    [4, /not active/, /Install, then Enable/],
    [3, /Call Manager's tables were missing/, /Start Call Manager, then .*Enable/],
  ])('says what to do about a plugin that the helpdesk holds in state %i', async (state, what, remedy) => {
    const { account } = attached()
    await account.asRoot(`replace into glpi_plugins (directory, name, version, state)
      values ('callmanager', 'Call Manager', '${VERSION}', ${state})`)
    expect(ills(await report())).toEqual([
      {
        check: 'plugin',
        status: 'warning',
        what: expect.stringMatching(what),
        remedy: expect.stringMatching(remedy),
      },
    ])
    await account.asRoot('delete from glpi_plugins')
  })

  test('counts what the predecessor has left, and says what becomes of it', async () => {
    const { account, addPerson } = attached()
    await addPerson({ login: 'empty', rio: '' })
    await account.asRoot(
      "insert into glpi_plugin_callmanager_users (users_id, rio_number) values (99991, '7'), (99992, '')",
    )
    const { findings, code } = await report()
    expect(code).toBe(0)
    expect(findings.find(({ check }) => check === 'rios')).toMatchObject({
      status: 'ok',
      what: expect.stringMatching(
        /holds 3 rows.*2 are empty, which means none\. .*2 are of users who were purged.*daily sweep/,
      ),
    })
  })

  test('takes two helpdesks for what they are', async () => {
    const other = await newRestrictedAccount(inject('mariadbSocket'))
    const { db } = await seedHost(other.rootUrl, { apiOn: false })
    const host = await startHost({ databaseUrl: other.rootUrl })
    try {
      expect(ills(await report({ HELPDESK_URL: host.url }))).toEqual([
        expect.objectContaining({ check: 'host api', status: 'problem' }),
        expect.objectContaining({
          check: 'one helpdesk',
          status: 'problem',
          what: expect.stringContaining('they belong to two helpdesks'),
        }),
      ])
    } finally {
      await db.close()
      await host.stop()
      await other.remove()
    }
  })

  test('tells that HELPDESK_URL is missing beside the database of a helpdesk', async () => {
    expect(ills(await report({ HELPDESK_URL: '' }))).toEqual([
      expect.objectContaining({
        check: 'database',
        status: 'problem',
        what: 'DATABASE_URL names the database of a live helpdesk.',
        remedy: expect.stringContaining('Set HELPDESK_URL'),
      }),
    ])
  })

  test('tells a database server that takes no writes', async () => {
    const server = await startMariaDb(['--read-only'])
    if (server === undefined) throw new Error('MariaDB was there a moment ago')
    try {
      const broken = await report({ DATABASE_URL: databaseUrl(server.socket, 'mysql') })
      expect(ills(broken)).toEqual([
        expect.objectContaining({
          check: 'database',
          status: 'problem',
          what: expect.stringContaining('read_only'),
        }),
      ])
    } finally {
      await server.stop()
    }
  })

  test('never prints a secret, whatever is wrong', async () => {
    const { account } = attached()
    const secrets = [APP_TOKEN, USER_TOKEN, PASSWORD, session, 'secret', '$2']
    const wrong: Record<string, string>[] = [
      {},
      { HELPDESK_APP_TOKEN: `${APP_TOKEN}x` },
      { HELPDESK_APP_TOKEN: '' },
      { HELPDESK_URL: 'http://127.0.0.1:1' },
      { DATABASE_URL: account.url.replace(':secret@', ':secret-that-is-wrong@') },
      { DATABASE_URL: account.url.replace(account.database, 'none') },
      { DATABASE_URL: 'mysql://callmanager:secret@127.0.0.1:1/itsmng' },
      { DATABASE_URL: 'mysql://callmanager:secret@nowhere.invalid/itsmng' },
      { DATABASE_URL: account.rootUrl },
    ]
    for (const settings of wrong) {
      for (const { stdout, stderr } of await Promise.all([
        doctor(settings),
        doctor(settings, '--json', '--thorough'),
      ])) {
        expect(stdout.length + stderr.length).toBeGreaterThan(300)
        for (const one of secrets) expect(`${stdout}${stderr}`).not.toContain(one)
      }
    }
  }, 120_000)
})
