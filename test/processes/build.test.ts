import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, inject, it } from 'vitest'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import { continueRebuild, startRebuild } from '../../server/identifiers/rebuild.ts'
import { createSettings } from '../../server/storage/settings.ts'
import { errorsIn } from '../kill/servers.ts'
import { fillDatabase } from '../kill/store.ts'
import { ask, newDatabase, spawnServers } from './together.ts'

/** So many that the first has not done them all when the others have started. */
const PEOPLE = 60_000
const FIRST = 10_001
/** The lease of who is killed, and how often others look. */
const TAKEN_OVER_MS = 20_000

describe.skipIf(inject('mariadbSocket') === '')('servers that find an index to be built', () => {
  it('leave it to one, serve meanwhile, and take it over from where it was killed', {
    timeout: 180_000,
  }, async () => {
    const { url, storage } = await newDatabase()
    const { writer } = await fillDatabase(url)
    await sql`insert into glpi_users (id, name, phone, registration_number, authtype, date_mod)
      select seq, concat('login-', seq), concat('01 ', lpad(seq, 8, '0')), 1000000 + seq, 1, '2026-01-01 10:00:00'
      from ${sql.raw(`seq_${FIRST}_to_${FIRST + PEOPLE - 1}`)}`.execute(storage.db)
    await sql`insert into glpi_plugin_callmanager_users (users_id, rio_number, date_mod)
      select id, 5000000 + id, date_mod from glpi_users where id >= ${FIRST}`.execute(storage.db)
    const state = () =>
      storage.db
        .selectFrom('glpi_plugin_callmanager_index')
        .select(['rebuild_after', 'lease_owner'])
        .executeTakeFirstOrThrow()
    const done = async () => (await state()).rebuild_after ?? Number.POSITIVE_INFINITY

    const [builder, second, third] = await spawnServers(url, 3)
    if (builder === undefined || second === undefined || third === undefined)
      throw new Error('three were spawned')
    await builder.start()
    while ((await done()) < FIRST + 500) await sleep(5)
    const { lease_owner: owner } = await state()
    expect(owner).not.toBeNull()
    const addresses = await Promise.all([second.start(), third.start()])
    for (const address of addresses) {
      const last = FIRST + PEOPLE - 1
      const answer = await ask(address, writer.token, `api.php/users/${5_000_000 + last}`)
      expect(answer).toMatchObject({ status: 200, body: { users: [{ id: last }] } })
      expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({ index: 'building' })
    }
    expect((await state()).lease_owner).toBe(owner)
    expect(await builder.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    const killedAt = await done()
    expect(killedAt).toBeLessThan(FIRST + PEOPLE - 1)

    // Nobody asks anything meanwhile.
    const killed = performance.now()
    while ((await done()) === killedAt && performance.now() - killed < TAKEN_OVER_MS) await sleep(50)
    const tookOver = performance.now() - killed
    expect(await done(), 'somebody goes on').toBeGreaterThan(killedAt)
    let seen = killedAt
    while ((await state()).rebuild_after !== null) {
      const now = await done()
      expect(now).toBeGreaterThanOrEqual(seen)
      seen = now
      await sleep(20)
    }
    console.log(`taken over after ${Math.round(tookOver)} ms`)

    const settings = createSettings(storage)
    const entityTree = createEntityTree(storage)
    const dependencies = { storage, settings, entityTree, decodeText: (text: string) => text }
    let corrected = -1
    await startRebuild(storage)
    await continueRebuild(dependencies, (progress) => {
      corrected = progress.corrected
    })
    expect(corrected).toBe(0)
    for (const server of [second, third]) {
      expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
      expect(errorsIn(server)).toEqual([])
    }
  })
})
