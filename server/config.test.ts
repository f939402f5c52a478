import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ENV_FILE, README_FILE, renderEnvExample, renderReadme } from '../scripts/settings-table.ts'
import { type Config, readConfig, StartError } from './config.ts'
import { ConfigSchema } from './config-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A host's config_db.php in the folder; answers its path. */
function configDb(name: string, more = ''): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    `<?php class DB extends DBmysql { public $dbhost = '127.0.0.1'; public $dbuser = 'itsmng';
      public $dbpassword = 'hunter22%40'; public $dbdefault = 'itsmng'; ${more} }`,
  )
  return path
}

function refusal(environment: Record<string, string>): string {
  try {
    readConfig({}, environment)
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('nothing was refused')
}

describe('settings', () => {
  test('are all optional', () => {
    expect(readConfig({}, {})).toEqual({
      HOST: '127.0.0.1',
      PORT: 8090,
      DATA_DIR: resolve('data'),
      DATABASE_URL: `file:${resolve('data/callmanager.db')}`,
      HELPDESK_URL: '',
      HELPDESK_CONFIG_DB: '',
      HELPDESK_APP_TOKEN: '',
      HELPDESK_TIMEOUT_SECONDS: 10,
      SESSION_HOURS: 10,
      BASE_PATH: '',
      PUBLIC_URL: '',
      TRUSTED_PROXIES: [],
      SESSION_IDLE_MINUTES: 24,
      LOOKUPS_PER_MINUTE: 600,
      FAILED_LOGINS_PER_MINUTE: 10,
      LOG_LEVEL: 'info',
      databaseFromHost: false,
    } satisfies Config)
  })

  test('take the helpdesk by its address, however that ends', () => {
    const environment = {
      HELPDESK_URL: 'https://itsm.example.org/itsm-ng/',
      DATABASE_URL: 'mysql://u@h/itsmng',
    }
    expect(readConfig({}, environment).HELPDESK_URL).toBe('https://itsm.example.org/itsm-ng')
  })

  test("take the database from the helpdesk's own settings, its password decoded", () => {
    const config = readConfig(
      {},
      { HELPDESK_URL: 'https://itsm.example.org', HELPDESK_CONFIG_DB: configDb('config_db.php') },
    )
    expect(config).toMatchObject({
      DATABASE_URL: 'mysql://itsmng:hunter22%40@127.0.0.1/itsmng',
      databaseFromHost: true,
    })
  })

  test('cannot be changed later', () => {
    const config = readConfig({}, { TRUSTED_PROXIES: '10.0.0.0/8' })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.TRUSTED_PROXIES)).toBe(true)
  })

  test.each<[keyof Config, string, unknown]>([
    ['PORT', '0', 0],
    ['PORT', '', 8090],
    ['BASE_PATH', '/itsm-ng', '/itsm-ng'],
    ['BASE_PATH', '/a/b.c', '/a/b.c'],
    ['PUBLIC_URL', 'https://calls.example.org', 'https://calls.example.org'],
    [
      'TRUSTED_PROXIES',
      ' 127.0.0.1 , 10.0.0.0/8,2001:db8::/32,',
      ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
    ],
    ['DATABASE_URL', 'mariadb://u:p@h/d', 'mysql://u:p@h/d'],
    [
      'DATABASE_URL',
      'mysql://u@localhost/d?socketPath=%2Frun%2Fs',
      'mysql://u@localhost/d?socketPath=%2Frun%2Fs',
    ],
    // An address ends where the last @ says.
    ['DATABASE_URL', 'mysql://u:p@ss@h/d', 'mysql://u:p@ss@h/d'],
    [
      'DATABASE_URL',
      'mysql://u:%40%2F%23%3F%25@h/d?socketPath=/run/s',
      'mysql://u:%40%2F%23%3F%25@h/d?socketPath=/run/s',
    ],
    [
      'DATABASE_URL',
      'mysql://u@h/d?ssl={"rejectUnauthorized":true}',
      'mysql://u@h/d?ssl={"rejectUnauthorized":true}',
    ],
    ['LOOKUPS_PER_MINUTE', '0', 0],
  ])('take %s=%s', (name, value, expected) => {
    expect(readConfig({}, { [name]: value })[name]).toEqual(expected)
  })

  test('of a command stand before the defaults, and behind the environment', () => {
    const defaults = { DATA_DIR: 'data/demo', LOG_LEVEL: 'warn' }
    expect(readConfig(defaults, { LOG_LEVEL: 'debug' })).toMatchObject({
      DATA_DIR: resolve('data/demo'),
      DATABASE_URL: `file:${resolve('data/demo/callmanager.db')}`,
      LOG_LEVEL: 'debug',
    })
  })
})

describe('a wrong setting stops the start and says its name, what is wrong and an example:', () => {
  test.each<[keyof Config, string, RegExp]>([
    ['PORT', 'http', /must be integer|is not|must be/],
    ['PORT', '80.5', /must be integer/],
    ['PORT', '65536', /must be <= 65535/],
    ['PORT', '-1', /must be >= 0/],
    ['PORT', '0x50', /must be/],
    ['PORT', ' ', /must be/],
    ['DATABASE_URL', 'mysql://u:hunter22/5@host/db', /cannot be read as an address: write .* as %2F/],
    ['DATABASE_URL', 'mysql://u:hunter22%@host/db', /cannot be read as an address/],
    ['DATABASE_URL', 'mysql://u:hunter22#5@host/db', /cannot be read as an address/],
    ['DATABASE_URL', 'mysql://u:22#hunter22@host/db', /cannot be read as an address/],
    ['DATABASE_URL', 'mysql://u:22/hunter22@host/db', /cannot be read as an address/],
    ['DATABASE_URL', 'mysql://u:22?hunter22@host/db', /cannot be read as an address/],
    ['DATABASE_URL', 'mysql://u:hunter22@host/db?ssl=true', /ssl as JSON: \?ssl=\{/],
    ['DATABASE_URL', 'mysql://u:hunter22@host/db?ssl=[]', /ssl as JSON/],
    ['DATABASE_URL', 'mysql://u:hunter22@host/db?multipleStatements=true', /socketPath and ssl/],
    ['HELPDESK_URL', 'https://u:hunter22@itsm.example.org', /is not of the expected form/],
    ['HELPDESK_URL', 'itsm.example.org', /form: it begins with http:\/\/ or https:\/\//],
    ['HELPDESK_URL', 'https://itsm.example.org/apirest.php', /no page such as apirest\.php/],
    ['HELPDESK_URL', 'https://itsm.example.org/index.php/', /no page/],
    ['DATABASE_URL', 'mysql://u:hunter22@host', /is not of the expected form/],
    ['DATABASE_URL', 'hunter22', /is not of the expected form/],
    ['HELPDESK_URL', 'itsm.example.org', /is not of the expected form/],
    ['HELPDESK_URL', 'https://hunter22@itsm.example.org', /is not of the expected form/],
    ['HELPDESK_URL', 'https://itsm.example.org:99999', /is not of the expected form/],
    ['HELPDESK_URL', 'https://itsm.example.org/?a=b', /is not of the expected form/],
    ['HELPDESK_APP_TOKEN', 'hunter22\nhunter22', /is not of the expected form/],
    ['HELPDESK_APP_TOKEN', 'hunter22’', /is not of the expected form/],
    ['BASE_PATH', 'itsm-ng', /is not of the expected form/],
    ['BASE_PATH', '/', /is not of the expected form/],
    ['BASE_PATH', '/itsm-ng/', /is not of the expected form/],
    ['BASE_PATH', '/a//b', /is not of the expected form/],
    ['BASE_PATH', '/a b', /is not of the expected form/],
    ['PUBLIC_URL', 'calls.example.org', /is not of the expected form/],
    ['PUBLIC_URL', 'https://calls.example.org/', /is not of the expected form/],
    ['PUBLIC_URL', 'https://u:hunter22@calls.example.org', /is not of the expected form/],
    ['PUBLIC_URL', 'https://calls.example.org?hunter22', /is not of the expected form/],
    [
      'TRUSTED_PROXIES',
      'proxy.example.org',
      /holds "proxy.example.org", which is neither an address nor a network/,
    ],
    ['TRUSTED_PROXIES', '10.0.0.0/33', /holds "10.0.0.0\/33"/],
    ['TRUSTED_PROXIES', '10.0.0.0/', /holds "10.0.0.0\/"/],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8', /holds "10.0.0.0\/8\/8"/],
    ['TRUSTED_PROXIES', '127.0.0.1;10.0.0.1', /holds/],
    ['SESSION_IDLE_MINUTES', '0', /must be >= 1/],
    ['LOOKUPS_PER_MINUTE', '-1', /must be >= 0/],
    ['FAILED_LOGINS_PER_MINUTE', 'ten', /must be integer/],
    [
      'LOG_LEVEL',
      'verbose',
      /is not of the expected form.*one of fatal, error, warn, info, debug, trace, silent/,
    ],
  ])('%s=%s', (name, value, reason) => {
    const sentence = refusal({ [name]: value })
    const { example } = ConfigSchema.properties[name as keyof typeof ConfigSchema.properties]
    expect(sentence.startsWith(`${name} `)).toBe(true)
    expect(sentence).toMatch(reason)
    expect(sentence.endsWith(`For example: ${name}=${example}`)).toBe(true)
    expect(sentence).not.toContain('hunter22')
  })

  test.each(['postgres', 'postgresql'])('DATABASE_URL of a %s host', (scheme) => {
    const sentence = refusal({ DATABASE_URL: `${scheme}://u:hunter22@host/db` })
    expect(sentence).toMatch(/^DATABASE_URL names a PostgreSQL database, .*MariaDB or MySQL/)
    expect(sentence).not.toContain('hunter22')
  })

  test('HELPDESK_URL without the database of that helpdesk', () => {
    const HELPDESK_URL = 'https://itsm.example.org'
    for (const DATABASE_URL of ['', 'file:/tmp/callmanager.db']) {
      expect(refusal({ HELPDESK_URL, DATABASE_URL })).toMatch(
        /^HELPDESK_URL is set, so DATABASE_URL must name/,
      )
    }
  })

  test.each([
    ['DATABASE_URL', { DATABASE_URL: 'mysql://u@h/itsmng' }, /^DATABASE_URL and HELPDESK_CONFIG_DB are both/],
    ['no HELPDESK_URL', { HELPDESK_URL: '' }, /^HELPDESK_CONFIG_DB is set, so HELPDESK_URL must name/],
    ['a file that is not there', { HELPDESK_CONFIG_DB: join(folder, 'none.php') }, /cannot be read/],
    [
      'a file of PostgreSQL',
      { HELPDESK_CONFIG_DB: configDb('postgres.php', "public $dbtype = 'pgsql';") },
      /postgres\.php, but it names a database that is neither MariaDB nor MySQL/,
    ],
  ])("the helpdesk's own account with %s", (_, environment, reason) => {
    const settings = {
      HELPDESK_URL: 'https://itsm.example.org',
      HELPDESK_CONFIG_DB: configDb('config_db.php'),
    }
    const sentence = refusal({ ...settings, ...environment })
    expect(sentence).toMatch(reason)
    expect(sentence).not.toContain('hunter22')
  })

  test('an example is itself accepted', () => {
    // The example of HELPDESK_CONFIG_DB is a file of another machine.
    const { HELPDESK_CONFIG_DB: _, ...properties } = ConfigSchema.properties
    for (const [name, { example }] of Object.entries(properties)) {
      const DATABASE_URL = 'mysql://user@host/database'
      expect(() => readConfig({}, { DATABASE_URL, [name]: example })).not.toThrow()
    }
  })
})

describe('a secret', () => {
  const file = join(folder, 'database-url')
  const url = 'mysql://callmanager:hunter22@127.0.0.1/callmanager'

  test('may be given as a file, whose last line break does not count', () => {
    writeFileSync(file, `${url}\n`)
    expect(readConfig({}, { DATABASE_URL_FILE: file }).DATABASE_URL).toBe(url)
    expect(readConfig({}, { DATABASE_URL_FILE: file, DATABASE_URL: '' }).DATABASE_URL).toBe(url)
    expect(readConfig({}, { DATABASE_URL_FILE: '', DATABASE_URL: url }).DATABASE_URL).toBe(url)
  })

  test('is refused where it is given twice, a file is missing or holds something else', () => {
    writeFileSync(file, 'hunter22')
    const twice = refusal({ DATABASE_URL: url, DATABASE_URL_FILE: file })
    expect(twice).toBe('DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them.')
    expect(refusal({ DATABASE_URL_FILE: join(folder, 'nosuch') })).toMatch(
      /^DATABASE_URL_FILE names a file that cannot be read \(.*nosuch.*\)\. Correct the path/,
    )
    const wrong = refusal({ DATABASE_URL_FILE: file })
    expect(wrong).toMatch(/^DATABASE_URL is not of the expected form/)
    expect(wrong).not.toContain('hunter22')
  })

  test('is what has a password in it, and nothing else', () => {
    const secrets = Object.entries(ConfigSchema.properties).filter(([, { secret }]) => secret)
    expect(secrets.map(([name]) => name)).toEqual(['DATABASE_URL', 'HELPDESK_APP_TOKEN'])
  })

  test('of another name is no setting', () => {
    writeFileSync(file, '1')
    expect(readConfig({}, { PORT_FILE: file }).PORT).toBe(8090)
  })
})

describe('the manual of settings, which `npm run docs` writes,', () => {
  test('is current in .env.example', () => {
    expect(readFileSync(ENV_FILE, 'utf8')).toBe(renderEnvExample())
  })

  test('is current in README.md', () => {
    const readme = readFileSync(README_FILE, 'utf8')
    expect(renderReadme(readme)).toBe(readme)
    for (const name of Object.keys(ConfigSchema.properties)) expect(readme).toContain(`| \`${name}\` |`)
  })
})
