import { once } from 'node:events'
import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newStore, spawnOn } from '../kill/servers.ts'
import { type HostBeside, makeHostBeside } from '../support/attached.ts'
import { callmanager, ending, startCommand } from '../support/command.ts'
import { type MariaDb, startMariaDb } from '../support/mariadb.ts'

const { dataDir } = newStore('start-faults')

describe.skipIf(inject('mariadbSocket') === '')('a start beside a host', { timeout: 60_000 }, () => {
  let mariadb: MariaDb | undefined
  let beside: HostBeside
  let root: Connection
  /** All that the account may have. */
  let holding: Connection | undefined

  beforeAll(async () => {
    mariadb = await startMariaDb()
    if (mariadb === undefined) throw new Error('MariaDB is not installed')
    beside = await makeHostBeside(mariadb.socket)
    root = await createConnection({ user: 'root', socketPath: mariadb.socket })
  })
  afterAll(async () => {
    await root.end().catch(() => undefined)
    await beside.host.stop()
    await beside.db.close()
    await mariadb?.stop()
  })

  const settings = () => ({
    DATABASE_URL: beside.account.url,
    HELPDESK_URL: beside.host.url,
    HELPDESK_TIMEOUT_SECONDS: '2',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
  })

  /** What `callmanager serve` says of a start that fails. */
  async function fails(): Promise<{ code: number | null; said: string }> {
    const { code, stderr } = await callmanager(['serve'], settings())
    return { code, said: stderr.trim() }
  }

  test('goes on while only the REST API of the host is away, and says so at /readyz', async () => {
    const token = await beside.host.logIn('bob')
    await beside.host.fault('down')
    const server = await spawnOn(dataDir, settings())
    const address = await server.start()
    const answer = await fetch(`${address}/plugins/callmanager/api/v1/session`, {
      headers: { 'session-token': token },
    })
    expect(answer.status).toBe(503)
    expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({
      status: 'ok',
      helpdesk: 'ill',
      reason: 'The helpdesk cannot be reached',
    })
    await beside.host.fault(null)
    await server.end('SIGTERM')
  })

  test('tells at once why its REST API cannot be reached', async () => {
    await beside.host.fault('down')
    const server = startCommand(['serve'], settings())
    const ended = ending(server)
    await once(server.stderr, 'data')
    server.kill('SIGTERM')
    expect(await ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^The helpdesk cannot be reached at http.*Start the web server of ITSM-NG/,
      ),
    })
    await beside.host.fault(null)
  })

  test.each<[what: string, sentence: RegExp, strike: () => Promise<unknown>, heal: () => Promise<unknown>]>([
    [
      'takes no writes',
      /^The database of DATABASE_URL cannot be used: it is read-only\. .*callmanager doctor$/,
      () => root.query('set global read_only = 1'),
      () => root.query('set global read_only = 0'),
    ],
    [
      'has no connection left for the account',
      /^The database of DATABASE_URL cannot be used: it has no connection left for this account\. /,
      async () => {
        await root.query(`alter user ${beside.account.name} with max_user_connections 1`)
        holding = await createConnection(beside.account.url)
      },
      async () => {
        await holding?.end()
        await root.query(`alter user ${beside.account.name} with max_user_connections 0`)
      },
    ],
    [
      'refuses the account',
      /^The database server refuses the account or the password of DATABASE_URL/,
      () => root.query(`alter user ${beside.account.name} identified by 'another'`),
      () => root.query(`alter user ${beside.account.name} identified by 'secret'`),
    ],
    [
      'is frozen',
      /^The database server of DATABASE_URL cannot be reached \(ETIMEDOUT\)\. Start it/,
      async () => mariadb?.signal('SIGSTOP'),
      async () => mariadb?.signal('SIGCONT'),
    ],
    [
      'is stopped',
      /^The database server of DATABASE_URL cannot be reached \(E\w+\)\. Start it/,
      async () => {
        await root.query('shutdown')
      },
      async () => mariadb?.start(),
    ],
  ])('ends with a sentence where the database %s', async (_what, sentence, strike, heal) => {
    await strike()
    try {
      const { code, said } = await fails()
      expect(said).toMatch(sentence)
      expect(said.split('\n')).toHaveLength(1)
      expect(code).toBe(1)
    } finally {
      await heal()
    }
  })
})
