import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Host, startHost } from './host/host.ts'
import { HOST_PROFILES } from './host/people.ts'
import { type SeededHost, seedHost } from './host/seed.ts'
import { runLog, secret } from './support/app.ts'
import { CLI } from './support/command.ts'
import { freePort } from './support/free-port.ts'
import { CANARY } from './support/log-check.ts'
import { blocksIn } from './support/manual.ts'
import { databaseUrl } from './support/maria-database.ts'
import { type MariaDb, startMariaDb } from './support/mariadb.ts'
import { readSource } from './support/repository.ts'

/** docs/install.md, followed as it is written: one shell for all of it, beside a helpdesk as it is delivered. */
const MANUAL = readSource('docs/install.md')

/** What the manual's reader types, and what they see then; `…` stands for anything. */
interface Step {
  title: string
  commands: string
  shown: string[]
}

/** The commands of a section, and the lines that the manual shows of their output. */
function stepsIn(markdown: string): Step[] {
  return markdown
    .split(/^##+ (?=\S)/m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n', 1)[0] ?? '',
      commands: blocksIn(section, 'sh').join('\n'),
      shown: blocksIn(section, 'text', 'json').flatMap((code) => code.trimEnd().split('\n')),
    }))
    .filter(({ commands }) => commands !== '')
}

const steps = stepsIn(MANUAL)

/** White space apart, since columns are as wide as the longest finding of the moment. */
const pattern = (line: string): RegExp =>
  new RegExp(
    line
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*'))
      .join('\\s+'),
  )

describe.skipIf(inject('mariadbSocket') === '')('docs/install.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-install-'))
  let server: MariaDb | undefined
  let host: Host | undefined
  let helpdesk: SeededHost | undefined
  const printed = new Map<string, string>()

  beforeAll(async () => {
    const [databasePort, ownPort] = [await freePort(), await freePort()]
    server = await startMariaDb(['--skip-networking=0', '--bind-address=127.0.0.1', `--port=${databasePort}`])
    if (server === undefined) throw new Error('MariaDB was there a moment ago')
    const url = databaseUrl(server.socket, 'itsmng')
    const asRoot = (...args: string[]) => [
      '--no-defaults',
      `--socket=${server?.socket}`,
      '--user=root',
      ...args,
    ]
    await run(
      'mariadb',
      asRoot('-e', 'create database itsmng default charset utf8mb3 collate utf8mb3_unicode_ci'),
    )
    helpdesk = await seedHost(url, { apiOn: false })
    await fillHelpdesk(helpdesk)
    host = await startHost({ databaseUrl: url })

    /** Where the manual's names are on this machine. */
    const here: [theirs: string, ours: string][] = [
      ['/usr/local/bin/callmanager', join(folder, 'callmanager')],
      ['/etc/callmanager.env', join(folder, 'callmanager.env')],
      ['/var/lib/callmanager', join(folder, 'data')],
      ['/opt/callmanager/node_modules/.bin/node', process.execPath],
      ['/opt/callmanager/dist/server/cli.js', CLI],
      ['https://itsm.example.org', host.url],
      ['127.0.0.1:3306', `127.0.0.1:${databasePort}`],
      ['http://127.0.0.1:8090', `http://127.0.0.1:${ownPort}`],
      ['DATA_DIR=', `PORT=${ownPort}\nDATA_DIR=`],
    ]
    const options = asRoot().join(' ')
    const script = [
      'set -eE -o pipefail',
      // A server that a failed step has left would outlive the shell.
      'trap \'kill "$SERVER"\' ERR',
      ...['mariadb', 'mariadb-dump'].map((name) => `${name}() { command ${name} ${options} "$@"; }`),
      // doctor finds problems on the way, which is what it is for.
      'callmanager() { if [ "$1" = doctor ]; then command callmanager doctor || true; else command callmanager "$@"; fi; }',
      // In the background the command itself, not a shell around it, is to be the process that is ended.
      ...steps.flatMap(({ title, commands }) => [
        `printf '\\n%s\\n' '=== ${title}'`,
        here
          .reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), commands)
          .replace('callmanager serve', 'command callmanager serve'),
        ...(CLICKS[title] ?? []),
      ]),
    ].join('\n')
    const output = await run(
      'bash',
      ['-c', script],
      { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
      folder,
    )
    for (const part of output.split(/^=== /m).slice(1)) {
      const [title = '', ...lines] = part.split('\n')
      printed.set(title, lines.join('\n'))
    }
  })

  afterAll(async () => {
    appendFileSync(runLog(), `${CANARY}\n${readFileSync(join(folder, 'callmanager.log'), 'utf8')}`)
    await helpdesk?.db.close()
    await host?.stop()
    await server?.stop()
    rmSync(folder, { recursive: true })
  })

  test('has a step for each thing there is to do', () => {
    expect(steps.map(({ title }) => title)).toEqual([
      '1. Call Manager and its settings',
      '2. The REST API of ITSM-NG',
      '3. The database',
      '4. Start',
      '5. Who may look up',
      '6. The telephone system, and the first look-up',
      'There was a Call Manager plugin before?',
      'Updating',
      'Going back',
    ])
  })

  test.each(steps.filter(({ shown }) => shown.length > 0))(
    'shows what comes out: $title',
    ({ title, shown }) => {
      const lines = (printed.get(title) ?? '').split('\n')
      for (const line of shown) expect(lines).toContainEqual(expect.stringMatching(pattern(line)))
      // What it does not show is well.
      const ills = lines.filter((line) => /^(warning|problem) /.test(line))
      expect(ills).toHaveLength(shown.filter((line) => /^(warning|problem) /.test(line)).length)
    },
  )

  test('leaves the helpdesk as it was, but for rights', async () => {
    const tables = (await helpdesk?.db.rows("show tables like 'glpi\\_plugin\\_callmanager%'")) ?? []
    expect(tables.flatMap((row) => Object.values(row))).toEqual([
      'glpi_plugin_callmanager_configs',
      'glpi_plugin_callmanager_profiles',
      'glpi_plugin_callmanager_users',
    ])
  })
})

const APP_TOKEN = secret('Xq7vKe0nJf2mWs5tRb8yLu3aZc6dHg9pTi1oNk4x')
const ADMIN_TOKEN = secret('the-user-token-of-a-super-admin')
const TELEPHONY_TOKEN = secret('the-user-token-of-the-telephone-system')

/** What the reader clicks in the helpdesk after the commands of a step, that is, before those of the next. */
const CLICKS: Record<string, string[]> = {
  '1. Call Manager and its settings': [
    `mariadb itsmng -e "update glpi_configs set value = '1' where name = 'enable_api';
      update glpi_apiclients set app_token = '${APP_TOKEN}'"`,
  ],
}

/** Two administrators, a technician, and John Doe who calls; and the telephone system's account with its profile. */
async function fillHelpdesk({ db, addPerson, setRight }: SeededHost): Promise<void> {
  const admin = { profile: HOST_PROFILES.superAdmin, recursive: 1 } as const
  await addPerson({ login: 'alice', apiToken: ADMIN_TOKEN, memberships: [admin] })
  await addPerson({ login: 'itsm', memberships: [admin] })
  await addPerson({ login: 'bob', memberships: [{ profile: HOST_PROFILES.technician }] })
  await addPerson({
    login: 'john',
    lastname: 'Doe',
    firstname: 'John',
    phone: '+1234567890',
    rio: '1234567890',
    emails: ['john.doe@example.com'],
  })
  const telephony = await db.insert('glpi_profiles', {
    name: 'Telephony',
    interface: 'central',
    helpdesk_hardware: 0,
    ticket_status: '[]',
    problem_status: '[]',
    managed_domainrecordtypes: '[]',
    comment: '',
  })
  await setRight(telephony, 'user', 1)
  await addPerson({
    login: 'telephony',
    apiToken: TELEPHONY_TOKEN,
    memberships: [{ profile: telephony, recursive: 1 }],
  })
}

/** Runs a program to its end; answers what it printed. */
function run(program: string, args: string[], env = {}, cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { env: { ...process.env, ...env }, cwd, timeout: 100_000 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`${error.message}\n${stdout}\n${stderr}`))
      },
    )
  })
}
