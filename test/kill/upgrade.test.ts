import { copyFileSync, mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { keepOutOfLogs } from '../support/log-check.ts'
import { damage, reading } from './checks.ts'
import { expectIndexInStep } from './index-check.ts'
import { drawn } from './random.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { fillStore, outdateIndex, secretsOf } from './store.ts'

const STORES = 5
/** Kills of each store's start by the new release. */
const KILLS = 5
/** At the latest so long after it was told to start. */
const LATEST_MS = 200

const { random, seed } = drawn('UPGRADE_SEED')

test(`an upgrade that is killed ${KILLS} times over comes to its end and loses nothing (${seed})`, {
  timeout: 240_000,
}, async () => {
  const { path: whole } = newStore('upgrade-from')
  const filling = await fillStore(whole)
  const expected = reading(whole, contents)
  becomeFirstRelease(whole)
  expect(reading(whole, contents).schema).not.toEqual(expected.schema)

  for (let number = 0; number < STORES; number++) {
    const { dataDir, path } = newStore(`upgrade-${number}`)
    mkdirSync(dataDir)
    copyFileSync(whole, path)
    let coming = spawnOn(dataDir)
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await coming
      server.start().catch(() => undefined)
      await sleep(random() * LATEST_MS)
      await server.end('SIGKILL')
      coming = spawnOn(dataDir)
    }
    const server = await coming
    const address = await server.start()
    await expectIndexInStep(path, address, filling, `store ${number}`)
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(reading(path, (db) => damage(db, true))).toEqual([])
    expect(reading(path, contents)).toEqual(expected)
    expect(errorsIn(server)).toEqual([])
  }
  keepOutOfLogs(inject('runFolder'), secretsOf(filling))
})

/** Takes away what the releases after the first have added. */
function becomeFirstRelease(path: string): void {
  outdateIndex(path)
  const db = new DatabaseSync(path)
  const later = [
    ...['jobs', 'job_parts', 'job_lines', 'idempotency', 'statistics', 'statistics_position'].map(
      (name) => `glpi_plugin_callmanager_${name}`,
    ),
    'glpi_groups',
    'glpi_groups_users',
    'glpi_groups_tickets',
    'glpi_ticketvalidations',
    'glpi_itilcategories',
  ]
  for (const table of later) db.exec(`drop table ${table}`)
  db.exec(`
    drop index glpi_users_realname;
    delete from glpi_profilerights where name in ('location', 'ticketvalidation');
    delete from glpi_plugin_callmanager_migrations where name > '001-tables';
    delete from glpi_plugin_callmanager_helpdesk_migrations where name > '002-seeds'`)
  db.close()
}

/** The tables and what people and the installation have put into them. */
function contents(db: DatabaseSync) {
  const kept = ['glpi_users', 'glpi_plugin_callmanager_users', 'glpi_profiles_users', 'glpi_logs']
  return {
    schema: db
      .prepare("select sql from sqlite_master where name not like 'sqlite_stat%' order by name")
      .all(),
    rights: db.prepare('select profiles_id, name, rights from glpi_profilerights order by 1, 2').all(),
    rows: kept.map((table) => db.prepare(`select * from ${table} order by id`).all()),
  }
}
