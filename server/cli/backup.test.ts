import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runLog, secret } from '../../test/support/app.ts'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { CANARY } from '../../test/support/log-check.ts'
import { peopleIn } from '../../test/support/people.ts'
import { createSessionStore } from '../helpdesk/embedded/sessions.ts'
import { openServices, type Services } from '../services.ts'
import { backup } from './backup.ts'
import { restore } from './restore.ts'

const HUNTER = secret('hunter22-of-the-database')
const root = mkdtempSync(join(tmpdir(), 'callmanager-backup-'))
let folders = 0
let folder: string
let path: string
let told: string[]

afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  folder = join(root, String(++folders))
  path = join(folder, 'callmanager.db')
  told = []
  vi.stubEnv('DATA_DIR', folder)
  vi.spyOn(console, 'log').mockImplementation((line) => void told.push(String(line)))
})
afterEach(() => {
  // What a command tells is searched for what no log may hold.
  appendFileSync(runLog(), `${[CANARY, ...told].join('\n')}\n`)
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const quiet = { info: () => {}, error: () => {} }

async function inStore<Result>(work: (services: Services) => Promise<Result>): Promise<Result> {
  const services = await openServices({ ...EMBEDDED, DATABASE_URL: `file:${path}` }, quiet)
  try {
    return await work(services)
  } finally {
    await services.close()
  }
}
const add = (login: string) => inStore(({ storage }) => peopleIn(storage).addUser({ login }))
const logins = () =>
  inStore(async ({ storage }) => {
    const users = await storage.db.selectFrom('glpi_users').select('name').orderBy('id').execute()
    return users.map(({ name }) => name)
  })

/** Changes a file as no release of ours would. */
function edit(file: string, statement: string): void {
  const db = new DatabaseSync(file)
  db.exec(statement)
  db.close()
}

/** Overwrites the page on which the table of users begins. */
function damageUsers(file: string): void {
  const db = new DatabaseSync(file)
  const { rootpage } = { ...db.prepare("select rootpage from sqlite_master where name = 'glpi_users'").get() }
  db.close()
  const page = Number(rootpage)
  writeFileSync(file, readFileSync(file).fill(0xa5, (page - 1) * 4096, page * 4096))
}

describe('backup', () => {
  test('makes a file of its own name that only its owner can read, and nothing beside it', async () => {
    await add('alice')
    await backup([])
    const [name = '', ...others] = readdirSync(join(folder, 'backups'))
    expect(others).toEqual([])
    expect(name).toMatch(/^callmanager-\d{4}-\d\d-\d\d-\d{9}\.db$/)
    expect(statSync(join(folder, 'backups', name)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'backups')).mode & 0o777).toBe(0o700)
    expect(told.join('\n')).toContain(name)
  })

  test('overwrites a file with --force only, and the store never', async () => {
    await add('alice')
    const file = join(folder, 'kept.db')
    writeFileSync(file, 'something else')
    await expect(backup([file])).rejects.toThrow(/kept\.db is there already/)
    expect(readFileSync(file, 'utf8')).toBe('something else')
    await backup([file, '--force'])
    await expect(backup([path, '--force'])).rejects.toThrow(/callmanager\.db is there already/)
    expect(await logins()).toEqual(['alice'])
  })

  test.each([
    [[], /There is no store at .*callmanager\.db/],
    [['a', 'b'], /^Usage: callmanager backup/],
  ])('without a store, or with too much, says so: %j', async (args, sentence) => {
    await expect(backup(args)).rejects.toThrow(sentence)
  })

  test('into a folder that is not there says so', async () => {
    await add('alice')
    await expect(backup([join(folder, 'no', 'such.db')])).rejects.toThrow(/There is no folder .*no/)
  })

  test('of a damaged store is not kept', async () => {
    await add('alice')
    const size = statSync(path).size
    const content = readFileSync(path)
    writeFileSync(path, content.fill(0xa5, 4096 * 4, size))
    const file = join(folder, 'damaged.db')
    await expect(backup([file])).rejects.toThrow(/The store is damaged .*doctor --thorough/)
    expect(readdirSync(folder).filter((name) => name.startsWith('damaged'))).toEqual([])
  })
})

describe('restore', () => {
  const file = () => join(folder, 'backup.db')

  test('brings people back, ends sessions, keeps what was, and has the index compared', async () => {
    await add('alice')
    const opened = { usersId: 1, profilesId: 4, entityId: 0, isRecursive: 1 }
    const token = secret(await inStore(({ storage }) => createSessionStore(storage, 60_000).open(opened)))
    await backup([file()])
    await add("O'Brien <b> 👩‍💻")
    await restore([file()])
    expect(await logins()).toEqual(['alice'])
    await inStore(async ({ storage }) => {
      await expect(createSessionStore(storage, 60_000).find(token)).rejects.toThrow()
      const state = await storage.db.selectFrom('glpi_plugin_callmanager_index').selectAll().execute()
      expect(state).toMatchObject([{ rebuild_after: 0 }])
    })
    const [done = '', kept = ''] = told.slice(-3)
    expect(done).toMatch(/1 sessions were ended/)
    const before = /kept as (\S+)\.$/.exec(kept)?.[1] ?? ''
    await restore([before])
    expect(await logins()).toEqual(['alice', "O'Brien <b> 👩‍💻"])
  })

  test('makes a store where there is none', async () => {
    await add('alice')
    await backup([file()])
    const moved = `${folder}-elsewhere`
    vi.stubEnv('DATA_DIR', moved)
    await restore([file()])
    path = join(moved, 'callmanager.db')
    expect(await logins()).toEqual(['alice'])
  })

  test('brings a backup of an older release to this one', async () => {
    await add('alice')
    await backup([file()])
    edit(
      file(),
      `drop table glpi_plugin_callmanager_statistics; drop table glpi_plugin_callmanager_statistics_position;
       delete from glpi_plugin_callmanager_migrations where name >= '002'`,
    )
    await restore([file()])
    const db = new DatabaseSync(path)
    expect(db.prepare('select * from glpi_plugin_callmanager_statistics_position').all()).toHaveLength(1)
    db.close()
  })

  test.each<[string, () => void, RegExp]>([
    ['is not there', () => rmSync(file()), /There is no file/],
    ['is no database', () => writeFileSync(file(), 'name,rio\n'), /it is no SQLite database/],
    ['is empty', () => writeFileSync(file(), ''), /it is no SQLite database/],
    [
      'is cut off',
      () => writeFileSync(file(), readFileSync(file()).subarray(0, 40_960)),
      /is not a backup that can be restored: .*Nothing was changed/,
    ],
    ['is damaged', () => damageUsers(file()), /it is damaged/],
    [
      'is of a newer release',
      () => edit(file(), "insert into glpi_plugin_callmanager_migrations values ('999-later', '')"),
      /made by a newer release \(it holds migrations: 999-later\)/,
    ],
    [
      'is somebody else’s',
      () => {
        rmSync(file())
        edit(file(), 'create table glpi_users (id integer)')
      },
      /it holds no tables of Call Manager/,
    ],
    [
      'acts by itself',
      () =>
        edit(
          file(),
          `create trigger helper after delete on glpi_plugin_callmanager_sessions begin
             update glpi_users set password = 'theirs'; end`,
        ),
      /it holds a trigger, helper, which Call Manager did not make/,
    ],
    [
      'shows other tables for ours',
      () =>
        edit(
          file(),
          'alter table glpi_profilerights rename to kept; create view glpi_profilerights as select * from kept',
        ),
      /it holds a view, glpi_profilerights, which Call Manager did not make/,
    ],
  ])('refuses a file that %s, and changes nothing', async (_, spoil, sentence) => {
    await add('alice')
    await backup([file()])
    await add('bob')
    spoil()
    await expect(restore([file()])).rejects.toThrow(sentence)
    expect(await logins()).toEqual(['alice', 'bob'])
    const backups = join(folder, 'backups')
    expect(existsSync(backups) ? readdirSync(backups) : []).toEqual([])
  })

  test.each([[[]], [['--force']], [['a', 'b']]])('says how it is called: %j', async (args) => {
    await expect(restore(args)).rejects.toThrow(/^Usage: callmanager restore FILE/)
  })

  test('refuses the store itself', async () => {
    await add('alice')
    await expect(restore([path])).rejects.toThrow(/is the store itself/)
  })
})

describe('on MariaDB', () => {
  test.each([
    [
      `mysql://calls:${HUNTER}@db.example.org:3307/callmanager`,
      '--host=db.example.org --port=3307 --user=calls --password callmanager',
    ],
    [
      `mysql://calls:${HUNTER}@[::1]/callmanager`,
      '--host=::1 --port=3306 --user=calls --password callmanager',
    ],
    [
      `mariadb://a%20b:${HUNTER}@localhost/d?socketPath=${encodeURIComponent('/run/my sql.sock')}`,
      "'--socket=/run/my sql.sock' '--user=a b' --password d",
    ],
  ])('each says which command does it, without the password (%#)', async (url, client) => {
    vi.stubEnv('DATABASE_URL', url)
    for (const [work, words] of [
      [backup([]), `mariadb-dump --single-transaction ${client} > callmanager.sql`],
      [restore(['x']), `mariadb ${client} < callmanager.sql`],
    ] as const) {
      const error: Error = await work.then(
        () => new Error('nothing was refused'),
        (reason) => reason,
      )
      expect(error.message).toContain(words)
      expect(error.message).not.toContain(HUNTER)
    }
  })
})
