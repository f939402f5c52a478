import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, inject, it } from 'vitest'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import { continueRebuild, startRebuild } from '../../server/identifiers/rebuild.ts'
import { createSettings } from '../../server/storage/settings.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { drawn } from '../kill/random.ts'
import type { ServerProcess } from '../kill/server-process.ts'
import { errorsIn } from '../kill/servers.ts'
import { fillDatabase } from '../kill/store.ts'
import { newDatabase, spawnServers } from './together.ts'

/** 100,000 and ten kills take minutes. */
const PEOPLE = Number(process.env.REBUILD_PEOPLE ?? 40_000)
const KILLS = Number(process.env.REBUILD_KILLS ?? 2)
const FIRST = 10_001
/** More than a chunk has. */
const MOST_LOST = 2000

const { random, seed } = drawn('REBUILD_SEED')

describe.skipIf(inject('mariadbSocket') === '')('a rebuild', () => {
  it(`of ${PEOPLE} people that is killed ${KILLS} times ends whole and right (${seed})`, {
    timeout: 120_000 + KILLS * 60_000,
  }, async () => {
    const { url, storage } = await newDatabase()
    await fillDatabase(url)
    await sql`insert into glpi_users (id, name, realname, firstname, phone, registration_number, authtype, date_mod)
      select seq, concat('login-', seq), concat('Nom', seq % 977), 'Alice', concat('01 ', lpad(seq, 8, '0')), 1000000 + seq, 1,
        '2026-01-01 10:00:00'
      from ${sql.raw(`seq_${FIRST}_to_${FIRST + PEOPLE - 1}`)}`.execute(storage.db)
    const state = () =>
      storage.db.selectFrom('glpi_plugin_callmanager_index').select('rebuild_after').executeTakeFirstOrThrow()
    let highest = 0
    /** Where it stands; never less than before by more than a chunk. */
    async function progress(): Promise<number> {
      const { rebuild_after: after } = await state()
      if (after === null) return Number.POSITIVE_INFINITY
      expect(after).toBeGreaterThanOrEqual(highest - MOST_LOST)
      highest = Math.max(highest, after)
      return after
    }

    let servers: ServerProcess[] = await spawnServers(url, 2)
    for (const server of servers) await server.start()
    let kills = 0
    for (; kills < KILLS; kills++) {
      // By how far it is rather than by the clock, which tells nothing of a machine that is quick or slow.
      const target = FIRST + (PEOPLE * (kills + random())) / (KILLS + 1)
      while ((await progress()) < target) await sleep(5)
      await sleep(random() * 50)
      if ((await progress()) === Number.POSITIVE_INFINITY) break
      // Both, since nobody outside knows which of them is at it; two others come.
      await Promise.all(servers.map((server) => server.end('SIGKILL')))
      expect(servers.flatMap(errorsIn)).toEqual([])
      await endLease(storage)
      servers = await spawnServers(url, 2)
      await Promise.all(servers.map((server) => server.start()))
    }
    expect(kills, 'the rebuild ended before all kills; it needs more people').toBe(KILLS)
    while ((await progress()) < Number.POSITIVE_INFINITY) await sleep(50)
    for (const server of servers) expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })

    const { keys } = await storage.db
      .selectFrom('glpi_plugin_callmanager_identifiers')
      .select(({ fn }) => fn.countAll<number>().as('keys'))
      .where('users_id', '>=', FIRST)
      .executeTakeFirstOrThrow()
    expect(keys).toBeGreaterThan(PEOPLE * 5)
    const settings = createSettings(storage)
    const entityTree = createEntityTree(storage)
    let corrected = -1
    await startRebuild(storage)
    await continueRebuild({ storage, settings, entityTree, decodeText: (text) => text }, (told) => {
      corrected = told.corrected
    })
    expect(corrected).toBe(0)
  })
})

/** Rather than wait for its end, which another test does. */
async function endLease(storage: Storage): Promise<void> {
  await storage.db.updateTable('glpi_plugin_callmanager_index').set({ lease_until: 0 }).execute()
}
