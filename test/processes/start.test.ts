import { sql } from 'kysely'
import { describe, expect, inject, it } from 'vitest'
import { errorsIn } from '../kill/servers.ts'
import { tableNames } from '../support/storages.ts'
import { newDatabase, spawnServers } from './together.ts'

const SERVERS = 3
const ROUNDS = Number(process.env.TOGETHER_ROUNDS ?? 1)

describe.skipIf(inject('mariadbSocket') === '')('servers that start together on an empty database', () => {
  it('bring it to this release once, and all serve', { timeout: 60_000 * ROUNDS }, async () => {
    const alone = await made(1)
    for (let round = 0; round < ROUNDS; round++) expect(await made(SERVERS)).toEqual(alone)
  })
})

/** What stands in a database after so many servers have started on it. */
async function made(count: number) {
  const { url, storage } = await newDatabase()
  const servers = await spawnServers(url, count)
  const addresses = await Promise.all(servers.map((server) => server.start()))
  for (const address of addresses) {
    const readiness = await (await fetch(`${address}/readyz`)).json()
    expect(readiness).toEqual({ status: 'ok', database: 'ok', index: 'whole' })
  }
  const rows: Record<string, number> = {}
  const tables = await tableNames(storage)
  for (const table of tables) {
    const { rows: counted } = await sql<{
      rows: number
    }>`select count(*) as \`rows\` from ${sql.table(table)}`.execute(storage.db)
    rows[table] = counted[0]?.rows ?? 0
  }
  for (const server of servers) {
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(errorsIn(server)).toEqual([])
  }
  return rows
}
