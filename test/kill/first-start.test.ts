import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openServices } from '../../server/services.ts'
import { EMBEDDED } from '../support/embedded.ts'
import { damage, reading } from './checks.ts'
import { drawn } from './random.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'

const STORES = 5
/** Kills of each store's first start. */
const KILLS = 4
/** At the latest so long after the file is there. */
const LATEST_MS = 80

const { random, seed } = drawn('FIRST_START_SEED')

test(`a first start that is killed ${KILLS} times over still makes the whole store (${seed})`, {
  timeout: 240_000,
}, async () => {
  const whole = await makeUndisturbed()
  for (let number = 0; number < STORES; number++) {
    const { dataDir, path } = newStore(`first-start-${number}`)
    let coming = spawnOn(dataDir)
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await coming
      server.start().catch(() => undefined)
      while (!existsSync(path)) await sleep(1)
      await sleep(random() * LATEST_MS)
      await server.end('SIGKILL')
      coming = spawnOn(dataDir)
    }
    const server = await coming
    const address = await server.start()
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({
      status: 'ok',
      database: 'ok',
      index: 'whole',
    })
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(reading(path, (db) => ({ ...contents(db), damage: damage(db, true) }))).toEqual({
      ...whole,
      damage: [],
    })
    expect(errorsIn(server)).toEqual([])
  }
})

/** What a start makes that nobody disturbs. */
async function makeUndisturbed() {
  const { path } = newStore('undisturbed')
  const quiet = { info: () => {}, error: () => {} }
  const services = await openServices({ ...EMBEDDED, DATABASE_URL: `file:${path}` }, quiet)
  await services.ensureIndexed()
  await services.close()
  return reading(path, contents)
}

/** The tables, and the rows of those that are filled from the start. */
function contents(db: DatabaseSync) {
  const filled = [
    'glpi_entities',
    'glpi_profiles',
    'glpi_profilerights',
    'glpi_requesttypes',
    'glpi_apiclients',
  ]
  return {
    schema: db
      .prepare("select sql from sqlite_master where name not like 'sqlite_stat%' order by name")
      .all(),
    rows: filled.map((table) => db.prepare(`select * from ${table} order by id`).all()),
  }
}
