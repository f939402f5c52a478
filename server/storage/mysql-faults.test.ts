import { once } from 'node:events'
import { createServer } from 'node:net'
import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newRestrictedAccount, type RestrictedAccount } from '../../test/support/restricted-account.ts'
import { openStorage, type Storage } from './storage.ts'

const socket = inject('mariadbSocket')

/** A lock is given up after five seconds. */
const PATIENCE = { timeout: 20_000 }

describe.skipIf(socket === '')('a database that is ill', () => {
  let account: RestrictedAccount
  let storage: Storage

  beforeAll(async () => {
    account = await newRestrictedAccount(socket)
    await account.asRoot('create table counters (id int primary key, value int) engine = InnoDB')
    await account.asRoot('insert into counters values (1, 0), (2, 0)')
    await account.asRoot(`grant select, update on ${account.database}.* to ${account.name}`)
    storage = await openStorage(account.url)
  })
  afterAll(async () => {
    await storage.close()
    await account.remove()
  })

  const id = async (db: Storage['db']): Promise<number> =>
    (await sql<{ id: number }>`select connection_id() as id`.execute(db)).rows[0]?.id ?? 0
  const value = async (): Promise<unknown> =>
    (await sql<{ value: number }>`select value from counters where id = 1`.execute(storage.db)).rows[0]?.value

  test.each<[what: string, strike: (connection: number) => string, detail?: RegExp]>([
    ['whose connection is killed', (connection) => `kill ${connection}`],
    ['that interrupts a statement', (connection) => `kill query ${connection}`],
  ])('%s in the middle of a transaction undoes it, says so, and goes on', async (_what, strike) => {
    const before = await value()
    const failing = storage.write('full', async (tx) => {
      await sql`update counters set value = value + 1 where id = 1`.execute(tx)
      const connection = await id(tx)
      const waiting = sql`select sleep(3)`.execute(tx)
      await Promise.all([waiting, account.asRoot(`do sleep(0.2); ${strike(connection)}`)])
      // A sleep that is interrupted ends as if it had been slept.
      if (strike(0).startsWith('kill query')) await interrupted(connection, tx)
    })
    await expect(failing).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(await value()).toBe(before)
  })

  /** A statement that tells of its interruption, unlike a sleep. */
  async function interrupted(connection: number, tx: Storage['db']): Promise<void> {
    const working = sql`select benchmark(2000000000, sha2('a', 512))`.execute(tx)
    await Promise.all([working, account.asRoot(`do sleep(0.2); kill query ${connection}`)])
  }

  test(
    'gives up a row that somebody else has locked, and the server keeps the connection',
    PATIENCE,
    async () => {
      const other = await createConnection({ user: 'root', socketPath: socket, database: account.database })
      await other.query('begin')
      await other.query('select * from counters where id = 1 for update')
      const began = performance.now()
      const refused = storage.write('normal', (tx) =>
        sql`update counters set value = 9 where id = 1`.execute(tx),
      )
      await expect(refused).rejects.toMatchObject({
        code: 'storage-unavailable',
        detail: 'somebody else holds a lock',
      })
      expect(performance.now() - began).toBeLessThan(8000)
      await other.end()
      await storage.write('normal', (tx) => sql`update counters set value = 9 where id = 1`.execute(tx))
      expect(await value()).toBe(9)
    },
  )

  test.each([
    ['has no connection left for the account', 'with max_user_connections 1', /no connection left/],
    ['refuses the account', "identified by 'another'", /refuses the account/],
    ['has locked the account', 'account lock', /refuses the account/],
  ])('that %s is said to be so', async (_what, change, detail) => {
    const late = await openStorage(account.url)
    await account.asRoot(`alter user ${account.name} ${change}`)
    // Connections are counted from then on; this one is all that the account may have.
    const holding = await createConnection(account.url).catch(() => undefined)
    try {
      await expect(sql`select 1`.execute(late.db)).rejects.toMatchObject({
        code: 'storage-unavailable',
        message: expect.stringMatching(detail),
      })
    } finally {
      await account.asRoot(`alter user ${account.name} identified by 'secret' with max_user_connections 0`)
      await account.asRoot(`alter user ${account.name} account unlock`)
      await holding?.end()
    }
    expect((await sql`select 1 as one`.execute(late.db)).rows).toEqual([{ one: 1 }])
    await late.close()
  })

  test('tells who waits for a connection in vain, and has them all again afterwards', PATIENCE, async () => {
    const busy = Array.from({ length: 10 }, () => sql`select sleep(6.5)`.execute(storage.db))
    const began = performance.now()
    const select = storage.prepare((db) => db.selectFrom('glpi_entities').select('id'))
    await expect(select({})).rejects.toMatchObject({
      code: 'storage-unavailable',
      detail: 'every connection to it is busy',
    })
    expect(performance.now() - began).toBeLessThan(6000)
    await Promise.all(busy)
    await Promise.all(Array.from({ length: 20 }, () => value()))
  })

  test(
    'gives up a statement that is not answered in ten seconds, and waits where nobody else does',
    PATIENCE,
    async () => {
      const patient = await openStorage(account.url, { patient: true })
      const slept = sql`select sleep(11) as woken`.execute(patient.db)
      const began = performance.now()
      const connection = Promise.withResolvers<number>()
      const waiting = storage.db.connection().execute(async (db) => {
        connection.resolve(await id(db))
        await sql`select sleep(15)`.execute(db)
      })
      await expect(waiting).rejects.toMatchObject({
        code: 'storage-unavailable',
        detail: 'it did not answer in time',
      })
      expect(performance.now() - began).toBeLessThan(12_000)
      const used = await Promise.all(Array.from({ length: 10 }, () => id(storage.db)))
      expect(used).not.toContain(await connection.promise)
      expect((await slept).rows).toEqual([{ woken: 0 }])
      await patient.close()
    },
  )
})

test('something that is no database, and says nothing, is told as such and closed', PATIENCE, async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const address = mute.address()
  if (address === null || typeof address === 'string') throw new Error('it has no port')
  const storage = await openStorage(`mysql://u:p@127.0.0.1:${address.port}/d`)
  await expect(sql`select 1`.execute(storage.db)).rejects.toMatchObject({
    code: 'storage-unavailable',
    cause: { code: 'ETIMEDOUT' },
  })
  await storage.close()
  mute.close()
})
