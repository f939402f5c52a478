import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import type { Agent } from '../../server/helpdesk/helpdesk.ts'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { EVERYTHING, peopleIn } from '../support/people.ts'
import { type Asked, type Attached, attach, besideHost, type Process, processOn } from './attached.ts'
import { hostDate } from './host.ts'

const PEOPLE = 100_000

besideHost('beside a host with many people', () => {
  let attached: Attached
  let process: Process
  let alice: Agent

  beforeAll(async () => {
    attached = await attach()
    const { host, storage } = attached
    process = processOn(storage)
    alice = await peopleIn(storage).agent('all', EVERYTHING)
    await host.query(
      `insert into glpi_users (id, name, realname, firstname, phone, registration_number, authtype, date_mod)
       select seq, concat('login-', seq), concat('Martin', seq), 'Alice', concat('01 23 ', lpad(seq, 6, '0')), 1000000 + seq, 3, ?
       from seq_1_to_${PEOPLE}`,
      [hostDate(-7200)],
    )
    await host.query(
      `insert into glpi_plugin_callmanager_users (users_id, rio_number, date_mod)
       select id, 2000000 + id, date_mod from glpi_users`,
    )
    const started = performance.now()
    await bringUpToDate(process.dependencies)
    console.log(`${PEOPLE} people indexed in ${Math.round(performance.now() - started)} ms`)
  })

  it('finds people at once whom one statement has changed with everybody else', {
    timeout: 120_000,
  }, async () => {
    await attached.host.query(
      `update glpi_users set name = concat('new-', id), registration_number = 3000000 + id,
         phone = concat('06 23 ', lpad(id, 6, '0'), ' poste ', 10000 + id), date_mod = ?`,
      [hostDate(0)],
    )
    await attached.host.query(
      'update glpi_plugin_callmanager_users set rio_number = 4000000 + users_id, date_mod = ?',
      [hostDate(0)],
    )
    const by = (id: number): Asked => ({
      custom_table: `${4_000_000 + id}`,
      name: `new-${id}`,
      registration_number: `${3_000_000 + id}`,
      phone: `+33623${String(id).padStart(6, '0')}`,
      extension: `${10_000 + id}`,
    })
    const then = (id: number): Asked => ({
      custom_table: `${2_000_000 + id}`,
      name: `login-${id}`,
      registration_number: `${1_000_000 + id}`,
      phone: `+33123${String(id).padStart(6, '0')}`,
    })
    let running = true
    const byAll = (id: number): Asked => ({ ...by(id), search: `new-${id}` })
    const started = performance.now()
    expect(await process.who(alice, by(PEOPLE))).toEqual(all(by(PEOPLE), [PEOPLE]))
    // A search says by itself that it does not know all yet.
    expect(await process.search(alice, `new-${PEOPLE}`)).toMatchObject({ incomplete: true })
    console.log(`five look-ups right after: ${Math.round(performance.now() - started)} ms`)
    expect(await process.follow()).toMatchObject({ current: false })

    const caughtUp = bringUpToDate(processOn(attached.storage).dependencies).finally(() => {
      running = false
    })
    let longest = 0
    for (let number = 1; running; number++) {
      const id = 1 + ((number * 7919) % PEOPLE)
      const began = performance.now()
      expect(await process.who(alice, by(id))).toEqual(all(by(id), [id]))
      longest = Math.max(longest, performance.now() - began)
      expect(await process.who(alice, then(id))).toEqual(all(then(id), []))
      await sleep(50)
    }
    console.log(
      `caught up in ${Math.round(performance.now() - started)} ms, longest five ${Math.round(longest)} ms`,
    )
    expect(await caughtUp).toBe(true)
    expect(await process.follow()).toMatchObject({ current: true })
    expect(await process.who(alice, byAll(PEOPLE))).toEqual(all(byAll(PEOPLE), [PEOPLE]))
    expect(await process.who(alice, by(PEOPLE + 1))).toEqual(all(by(PEOPLE + 1), []))
  })
})

const all = (asked: Asked, ids: number[]) => Object.fromEntries(Object.keys(asked).map((kind) => [kind, ids]))
