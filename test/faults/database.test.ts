import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { errorsIn } from '../kill/servers.ts'
import { useAttachedServer } from './attached-server.ts'
import { held, indexDifferences, lostWrites, miscounted } from './kept.ts'
import { type Load, startLoad } from './load.ts'
import { describeOutcome, type FaultCase, underFault } from './under-fault.ts'

/** The connections of our pool. */
const POOL = 10
const MEMORY_GROWTH_MB = 20
const HOGS = 12

describe.skipIf(inject('mariadbSocket') === '')('beside a host, under load', () => {
  const attached = useAttachedServer('database-faults')
  let load: Load
  let atFirst: Awaited<ReturnType<typeof held>>
  const asRoot = () => createConnection({ user: 'root', socketPath: attached().mariadb.socket })
  const sql = async (...statements: string[]) => {
    const root = await asRoot()
    for (const statement of statements) await root.query(statement)
    await root.end()
  }
  const ours = () => attached().account.name.split('@')[0]
  const killOurs = async (root: Connection) => {
    const [rows] = await root.query('select id from information_schema.processlist where user = ?', [ours()])
    for (const { id } of rows as { id: number }[]) await root.query(`kill ${id}`).catch(() => undefined)
  }

  beforeAll(async () => {
    const { address, agents, people, targets, host } = attached()
    load = startLoad({ address, agents, people, targets, logIn: host.logIn })
    await sleep(2000)
    atFirst = await held(attached())
  })
  afterAll(async () => {
    await load.stop()
  })

  /** What operators are told, and that nobody is sent here meanwhile. */
  const demandNotReady = async (reason: RegExp) => {
    const answer = await fetch(`${attached().address}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(reason),
    })
  }

  let root: Connection
  let hogs: Connection[] = []
  const FAULTS: FaultCase[] = [
    {
      name: 'MariaDB is stopped and started',
      seconds: 2,
      strike: async () => attached().mariadb.signal('SIGTERM'),
      during: () => demandNotReady(/does not answer$/),
      heal: () => attached().mariadb.start(),
    },
    {
      name: 'MariaDB is killed and started',
      seconds: 1,
      strike: async () => attached().mariadb.signal('SIGKILL'),
      heal: () => attached().mariadb.start(),
    },
    {
      name: 'MariaDB is frozen',
      seconds: 12,
      strike: async () => attached().mariadb.signal('SIGSTOP'),
      heal: async () => attached().mariadb.signal('SIGCONT'),
    },
    {
      name: 'others have taken every connection',
      seconds: 2,
      async strike() {
        root = await asRoot()
        await root.query("create user if not exists hog@localhost identified by 'hog'")
        hogs = await Promise.all(
          Array.from({ length: HOGS }, () =>
            createConnection({
              user: 'hog',
              password: 'hog',
              socketPath: attached().mariadb.socket,
            }),
          ),
        )
        await root.query('set global max_connections = 10')
        await killOurs(root)
      },
      during: () => demandNotReady(/no connection left/),
      async heal() {
        await root.query('set global max_connections = 300')
        for (const hog of hogs) await hog.end()
        await root.end()
      },
    },
    {
      name: 'the database is read-only',
      seconds: 2,
      strike: () => sql('set global read_only = 1'),
      during: () => demandNotReady(/read-only/),
      heal: () => sql('set global read_only = 0'),
    },
    {
      name: 'somebody locks the row of our index',
      seconds: 7,
      async strike() {
        root = await asRoot()
        await root.query(`use ${attached().account.database}`)
        await root.query('begin')
        await root.query('select * from glpi_plugin_callmanager_index for update')
      },
      async heal() {
        await root.query('rollback')
        await root.end()
      },
    },
    {
      name: 'all our connections are killed, again and again',
      seconds: 1,
      async strike() {
        root = await asRoot()
        for (let time = 0; time < 5; time++) {
          await killOurs(root)
          await sleep(150)
        }
      },
      heal: () => root.end(),
    },
  ]

  for (const [at, fault] of FAULTS.entries()) {
    test(`${fault.name}: every answer is honest, and all is well after it`, {
      timeout: 240_000,
    }, async () => {
      await attached().keepRiosIn(at % 2 === 0 ? 'custom_table' : 'registration_number')
      await sleep(1100)
      const outcome = await underFault(load, fault)
      console.log(describeOutcome(outcome))
      expect(outcome.violations).toEqual([])
      expect(outcome.refused).toBeGreaterThan(0)
      expect(await lostWrites(attached(), load)).toEqual({ rios: [], tickets: [] })
    })
  }

  test('and then everything acknowledged is there, once, and nothing was kept', {
    timeout: 60_000,
  }, async () => {
    await load.stop()
    await load.repeatInDoubt()
    expect(await lostWrites(attached(), load)).toEqual({ rios: [], tickets: [] })
    const { missing, surplus, ...index } = await indexDifferences(attached())
    expect(index).toEqual({ status: 200, current: true })
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] })
    expect(await miscounted(attached())).toEqual([])
    const now = await held(attached())
    console.log(`at first ${JSON.stringify(atFirst)}, at last ${JSON.stringify(now)}`)
    expect(now.connections).toBeLessThanOrEqual(POOL)
    expect(now.memory).toBeLessThan(atFirst.memory + MEMORY_GROWTH_MB)
    const log = errorsIn(attached().server).filter((line) => !/"status":50[23]/.test(line))
    expect(log.filter((line) => !/does not confirm|database does not answer/.test(line))).toEqual([])
  })
})
