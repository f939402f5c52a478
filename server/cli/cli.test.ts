import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { basic, runLog, secret } from '../../test/support/app.ts'
import { CLI, type Ended, startCommand } from '../../test/support/command.ts'
import { CANARY } from '../../test/support/log-check.ts'
import { databaseUrl } from '../../test/support/maria-database.ts'

const PASSWORD = secret('the-password-of-the-cli-tests')
const HUNTER = secret('hunter22-in-the-address')
const READY_MS = 20_000

const root = mkdtempSync(join(tmpdir(), 'callmanager-cli-'))
const children = new Set<ChildProcess>()
let folders = 0

// What a test leaves running where it fails.
afterAll(async () => {
  for (const child of children) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  rmSync(root, { recursive: true })
})

interface Running {
  child: ChildProcess
  stdout: () => string
  ended: Promise<Ended>
}

/** An empty working folder; a server's DATA_DIR is below it. */
function newFolder(): string {
  const folder = join(root, String(++folders))
  mkdirSync(folder)
  return folder
}

/** The real command as an operator runs it. What it logs joins the run's log; what it prints for people does not. */
function callmanager(
  folder: string,
  args: string[],
  settings: Record<string, string> = {},
  input = '',
): Running {
  const child = startCommand(args, { LOG_LEVEL: 'trace', ...settings }, folder)
  children.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    children.delete(child)
    const logged = stdout.split('\n').filter((line) => line.startsWith('{'))
    appendFileSync(runLog(), `${[CANARY, ...logged, stderr].join('\n')}\n`)
    return { code: code ?? null, stdout, stderr }
  })
  return { child, stdout: () => stdout, ended }
}

/** The same, to its end. */
const run = (...args: Parameters<typeof callmanager>) => callmanager(...args).ended

/** A server, once it listens: its address and the rest. */
async function serve(folder: string, command = 'serve', settings: Record<string, string> = {}) {
  const running = callmanager(folder, [command], { PORT: '0', LOG_LEVEL: 'info', ...settings })
  let address: string | undefined
  const deadline = performance.now() + READY_MS
  while (address === undefined) {
    address = /listening at (http:\/\/[^"\s]+)/.exec(running.stdout())?.[1]
    if (running.child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`the server did not start: ${JSON.stringify(await running.ended)}`)
    }
    await sleep(20)
  }
  const stop = async () => {
    running.child.kill('SIGTERM')
    return running.ended
  }
  return { ...running, address, stop }
}

async function printed({ stdout }: Pick<Running, 'stdout'>, pattern: RegExp): Promise<string> {
  for (const deadline = performance.now() + 5000; performance.now() < deadline; await sleep(20)) {
    const found = pattern.exec(stdout())
    if (found !== null) return found[1] ?? found[0]
  }
  throw new Error(`${pattern} was not printed in: ${stdout()}`)
}

async function logIn(address: string, login: string, password: string): Promise<Response> {
  return fetch(`${address}/apirest.php/initSession`, { headers: { authorization: basic(login, password) } })
}
const addUser = (folder: string, login: string, ...rest: string[]) =>
  run(folder, ['user', 'add', login, ...rest], {}, `${PASSWORD}\n`)

/** One sentence or two for people: no stack, nothing on the standard output. */
function expectSentence({ code, stdout, stderr }: Ended, text: RegExp): void {
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(text) })
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
}

describe('the command line', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']], [['serve', '--help']]])(
    'explains itself to %j',
    async (args) => {
      const { code, stdout, stderr } = await run(root, args)
      expect([code, stderr]).toEqual([0, ''])
      for (const command of ['demo', 'serve', 'user add LOGIN', 'settings', 'reindex', 'config']) {
        expect(stdout).toContain(`callmanager ${command}`)
      }
    },
  )

  test('tells its version', async () => {
    expect(await run(root, ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    })
  })

  test('does not know every command', async () => {
    const { code, stdout, stderr } = await run(root, ['sevre'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^There is no command "sevre"\.\n\nCall Manager/)
  })

  test('refuses arguments that a command does not take', async () => {
    const { code, stdout, stderr } = await run(root, ['serve', '--port', '9000'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^"serve" takes no arguments\. .*PORT=9000/)
  })

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['a wrong setting', ['serve'], { PORT: 'http' }, /^PORT must be integer\. .* For example: PORT=8090\n$/],
    [
      'an address of another machine',
      ['serve'],
      { HOST: '192.0.2.1' },
      /^HOST 192\.0\.2\.1 is not an address of this machine\./,
    ],
    [
      'a host that nobody knows',
      ['serve'],
      { HOST: 'no-such.invalid' },
      /^HOST no-such\.invalid is not known\./,
    ],
    ['an unknown option', ['user', 'add', 'a', '--no-such'], {}, /--no-such/],
    ['half a command', ['user', 'add'], {}, /^Usage: callmanager user add LOGIN/],
    [
      'half a setting',
      ['settings', 'set', 'default_country'],
      {},
      /^Usage: callmanager settings \[set NAME VALUE\]/,
    ],
    [
      'an unknown setting',
      ['settings', 'set', 'no-such', '1'],
      {},
      /^no-such: .*there are rio_storage_method, shared_rios/,
    ],
    [
      'a refused value',
      ['settings', 'set', 'default_country', 'France'],
      {},
      /^default_country: Value refused/,
    ],
    [
      'a request source that is not there',
      ['settings', 'set', 'phone_request_source', '4711'],
      {},
      /^phoneRequestSource: Value refused: there is no active request source/,
    ],
    [
      'an unknown profile',
      ['user', 'add', 'a', '--profile', 'Boss'],
      {},
      /there are Self-Service, Observer, Admin, Super-Admin/,
    ],
    ['a short password', ['user', 'add', 'a'], {}, /^password: Value refused: it has 8 to 255 characters/],
    ['a password file that is not there', ['user', 'add', 'a', '--password-file', 'no-such'], {}, /no-such/],
    [
      'a database that is not there',
      ['serve'],
      { DATABASE_URL: `mysql://u:${HUNTER}@127.0.0.1:1/d` },
      /^The database server of DATABASE_URL cannot be reached \(ECONNREFUSED\)\./,
    ],
    [
      'a password that no address can hold',
      ['serve'],
      { DATABASE_URL: `mysql://u:${HUNTER}%zz@127.0.0.1/d` },
      /^DATABASE_URL cannot be read as an address/,
    ],
    ['a folder that cannot be made', ['serve'], { DATA_DIR: join(CLI, 'data') }, /DATA_DIR/],
  ])('says in a sentence what is wrong with %s', async (_, args, settings, text) => {
    const outcome = await run(
      newFolder(),
      args,
      settings,
      args.includes('--profile') ? `${PASSWORD}\n` : 'short\n',
    )
    expectSentence(outcome, text)
    expect(outcome.stderr).not.toContain(HUNTER)
  })

  test('shows the settings in force, with the password masked', async () => {
    const settings = { PORT: '8123', DATABASE_URL: `mysql://u:${HUNTER}@${HUNTER}@127.0.0.1/d` }
    const { code, stdout } = await run(root, ['config'], settings)
    expect(code).toBe(0)
    expect(stdout).toContain('PORT=8123\n')
    expect(stdout).toContain('DATABASE_URL=mysql://u:***@127.0.0.1/d\n')
    expect(stdout).not.toContain(HUNTER)
  })
})

describe('serve', () => {
  test('on an empty folder prints a link that makes the first account, and no longer once there is one', async () => {
    const folder = newFolder()
    const server = await serve(folder)
    const link = new URL(await printed(server, /(http:\S+\/app\/setup#\S+)/))
    expect(link.origin).toBe(server.address)
    expect((await fetch(link)).status).toBe(200)
    const code = secret(link.hash.slice(1))
    const made = await fetch(`${server.address}/plugins/callmanager/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, login: 'first', password: PASSWORD }),
    })
    expect(made.status).toBe(204)
    expect((await server.stop()).code).toBe(0)

    const again = await serve(folder)
    expect((await logIn(again.address, 'first', PASSWORD)).status).toBe(200)
    expect((await again.stop()).stdout).not.toContain('/app/setup')
  })

  test('says where browsers find it when PUBLIC_URL and BASE_PATH do', async () => {
    const server = await serve(newFolder(), 'serve', {
      PUBLIC_URL: 'https://calls.example.org',
      BASE_PATH: '/itsm',
    })
    expect(await printed(server, /(https:\S+)#/)).toBe(
      'https://calls.example.org/itsm/plugins/callmanager/app/setup',
    )
  })

  test('refuses a folder that another server holds, and takes it once that one is killed', async () => {
    const folder = newFolder()
    const server = await serve(folder)
    expectSentence(
      await run(folder, ['serve'], { PORT: '0' }),
      /^Another server runs on .*callmanager\.db\. Stop it first, or .*DATA_DIR/,
    )
    expect((await fetch(`${server.address}/healthz`)).status).toBe(200)
    server.child.kill('SIGKILL')
    await server.ended
    const next = await serve(folder)
    expect((await fetch(`${next.address}/healthz`)).status).toBe(200)
  })

  test('says that a port is in use', async () => {
    const server = await serve(newFolder())
    const { port } = new URL(server.address)
    const refused = await run(newFolder(), ['serve'], { PORT: port, LOG_LEVEL: 'error' })
    expectSentence(refused, new RegExp(`^Port ${port} on 127.0.0.1 is in use\\.`))
  })

  test('sees at once the account that `user add` makes beside it', async () => {
    const folder = newFolder()
    const server = await serve(folder)
    expect((await logIn(server.address, 'newcomer', PASSWORD)).status).toBe(401)
    expect(await addUser(folder, 'newcomer', '--profile', 'technician')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^newcomer can log in now \(user \d+, technician\)\.\n$/i),
    })
    const session = await logIn(server.address, 'newcomer', PASSWORD)
    expect(session.status).toBe(200)
    expectSentence(await addUser(folder, 'newcomer'), /^login: Already taken/)

    writeFileSync(join(folder, 'password'), `${PASSWORD}\n`)
    expect((await addUser(folder, 'other', '--password-file', 'password')).code).toBe(0)
    expect((await logIn(server.address, 'other', PASSWORD)).status).toBe(200)
  })

  test('sees within a second the setting that `settings set` changes beside it', async () => {
    const folder = newFolder()
    await addUser(folder, 'admin')
    const server = await serve(folder)
    const session = (await (await logIn(server.address, 'admin', PASSWORD)).json()) as {
      session_token: string
    }
    const headers = { 'session-token': secret(session.session_token) }
    const url = `${server.address}/plugins/callmanager/api.php/config/rio_storage_method`
    const method = async () => ((await (await fetch(url, { headers })).json()) as { value: string }).value

    expect(await method()).toBe('custom_table')
    const set = await run(folder, ['settings', 'set', 'rio_storage_method', 'registration_number'])
    expect(set).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('rio_storage_method = registration_number'),
      stderr: expect.stringMatching(
        /none were copied.*set rio_storage_method custom_table && .*change registration_number/,
      ),
    })
    const again = await run(folder, ['settings', 'set', 'rio_storage_method', 'registration_number'])
    expect(again.stderr).not.toContain('copied')
    await sleep(1000)
    expect(await method()).toBe('registration_number')
    expect((await run(folder, ['settings'])).stdout).not.toContain('demo')
    expect((await run(folder, ['settings', 'set', 'ticket_target', '12'])).stdout).toContain(
      'ticket_target = 12',
    )
    expect((await run(folder, ['settings', 'set', 'default_country.0', 'BE'])).stdout).toMatch(
      /^default_country\.0 = BE$/m,
    )
  })

  test('rebuilds the index beside itself', async () => {
    const folder = newFolder()
    await addUser(folder, 'admin')
    const server = await serve(folder)
    expect(await run(folder, ['reindex'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Done: 1 users compared/),
    })
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200)
  })

  test('lets the requests under way finish when it is told to stop', async () => {
    const folder = newFolder()
    await addUser(folder, 'admin')
    const server = await serve(folder)
    // Each takes a password's hashing, so that most are under way when the signal comes.
    const answers = Array.from({ length: 12 }, () => logIn(server.address, 'admin', PASSWORD))
    await Promise.race(answers)
    server.child.kill('SIGTERM')
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses).toEqual(Array(12).fill(200))
    const { code, stdout } = await server.ended
    expect(code).toBe(0)
    expect(stdout).toContain('"signal":"SIGTERM"')
    await expect(fetch(`${server.address}/healthz`)).rejects.toThrow()
  })
})

describe('demo', () => {
  test('prints its logins and a look-up that works, and keeps its data', async () => {
    const folder = newFolder()
    const server = await serve(folder, 'demo')
    const banner = await printed(server, /[\s\S]+Stop with Ctrl-C/)
    for (const login of ['itsm / itsm', 'tech / tech', 'normal / normal', 'post-only / postonly'])
      expect(banner).toContain(login)
    const token = ((await (await logIn(server.address, 'tech', 'tech')).json()) as { session_token: string })
      .session_token
    const url = /curl -H .* (http:\S+)/.exec(banner)?.[1] ?? ''
    const headers = { 'session-token': secret(token) }
    expect(await (await fetch(url, { headers })).text()).toMatch(
      /^\{"users":\[\{"id":1,"phone":"\+1234567890"/,
    )
    await server.stop()

    const again = await serve(folder, 'demo')
    const same = url.replace(server.address, again.address)
    // The session has outlived the process.
    expect((await fetch(same, { headers })).status).toBe(200)
  })

  test('does not mix with the accounts of other people', async () => {
    const folder = newFolder()
    await addUser(folder, 'admin')
    expectSentence(
      await run(folder, ['demo'], { DATA_DIR: 'data', PORT: '0' }),
      /^The store holds accounts of other people\. .*DATA_DIR/,
    )
  })
})

describe.skipIf(inject('mariadbSocket') === '')('on MariaDB', () => {
  test("refuses a live host's database, names HELPDESK_URL and touches nothing", async () => {
    const connection = await createConnection({ user: 'root', socketPath: inject('mariadbSocket') })
    await connection.query('create database live_host')
    await connection.query('create table live_host.glpi_users (id int primary key, name varchar(255))')
    const url = databaseUrl(inject('mariadbSocket'), 'live_host')
    for (const args of [['serve'], ['demo'], ['user', 'add', 'intruder']]) {
      const refused = await run(newFolder(), args, { DATABASE_URL: url, PORT: '0' }, `${PASSWORD}\n`)
      expectSentence(
        refused,
        /^DATABASE_URL names the database of a live helpdesk: .*glpi_users.* Set HELPDESK_URL/,
      )
    }
    const [tables] = await connection.query('show tables from live_host')
    expect(tables).toHaveLength(1)
    await connection.query('drop database live_host')
    await connection.end()
  })

  test('ends where the helpdesk has not made its tables yet, says so, and makes none', async () => {
    const connection = await createConnection({ user: 'root', socketPath: inject('mariadbSocket') })
    await connection.query('create database early_host')
    const DATABASE_URL = databaseUrl(inject('mariadbSocket'), 'early_host')
    const early = { DATABASE_URL, HELPDESK_URL: 'http://127.0.0.1:2', PORT: '0', LOG_LEVEL: 'info' }
    expectSentence(
      await run(newFolder(), ['serve'], early),
      /can attach to: it holds no table glpi_users, as before a helpdesk is installed\. Attach to ITSM-NG/,
    )
    const [tables] = await connection.query('show tables from early_host')
    expect(tables).toEqual([])
    await connection.query('drop database early_host')
    await connection.end()
  })
})
