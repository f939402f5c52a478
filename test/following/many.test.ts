import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { Agent } from '../../server/helpdesk/helpdesk.ts'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { EVERYTHING, peopleIn } from '../support/people.ts'
import { type Asked, type Attached, attach, type Process, processOn } from './attached.ts'
import { hostDate } from './host.ts'

const PEOPLE = 100_000
/** Of whom so many are there before. */
const KNOWN = 1000

const numbered = (id: number) => String(id).padStart(6, '0')

/** Everybody by what the first statement gives them, and the second. */
const FIRST = (id: number): Asked => ({
  custom_table: `${2_000_000 + id}`,
  name: `login-${id}`,
  registration_number: `${1_000_000 + id}`,
  phone: `+33123${numbered(id)}`,
})
const SECOND = (id: number): Asked => ({
  custom_table: `${4_000_000 + id}`,
  name: `new-${id}`,
  registration_number: `${3_000_000 + id}`,
  phone: `+33623${numbered(id)}`,
  extension: `${10_000 + id}`,
})

const described = 'beside a host that changes 100,000 users at once'
describe.skipIf(inject('mariadbSocket') === '')(described, { timeout: 600_000 }, () => {
  let attached: Attached
  let one: Process
  let alice: Agent

  beforeAll(async () => {
    attached = await attach()
    one = processOn(attached.storage)
    alice = await peopleIn(attached.storage).agent('all', EVERYTHING)
    await add(1, KNOWN, hostDate(-7200))
    await bringUpToDate(one.dependencies)
  })

  async function add(from: number, to: number, date: string): Promise<void> {
    await attached.host.query(
      `insert into glpi_users (id, name, phone, registration_number, authtype, date_mod)
       select seq, concat('login-', seq), concat('01 23 ', lpad(seq, 6, '0')), 1000000 + seq, 3, ?
       from seq_${from}_to_${to}`,
      [date],
    )
    await attached.host.query(
      `insert into glpi_plugin_callmanager_users (users_id, rio_number, date_mod)
       select seq, 2000000 + seq, ? from seq_${from}_to_${to}`,
      [date],
    )
  }

  async function expectAll(asked: (id: number) => Asked, found: boolean): Promise<void> {
    for (const id of [1, KNOWN, 31_415, PEOPLE]) {
      const expected = Object.fromEntries(Object.keys(asked(id)).map((kind) => [kind, found ? [id] : []]))
      expect(await one.who(alice, asked(id))).toEqual(expected)
    }
  }

  it('finds at once who came with an import', async () => {
    await add(KNOWN + 1, PEOPLE, hostDate(-3600))
    await expectAll(FIRST, true)
    expect(await one.follow()).toMatchObject({ current: false })
    // A search says by itself that it does not know all yet.
    expect(await one.search(alice, `login-${PEOPLE}`)).toMatchObject({ incomplete: true })
  })

  it('finds them at once by what another statement gave them all, and by nothing else', async () => {
    await attached.host.query(
      `update glpi_users set name = concat('new-', id), registration_number = 3000000 + id,
         phone = concat('06 23 ', lpad(id, 6, '0'), ' poste ', 10000 + id), date_mod = ?`,
      [hostDate(0)],
    )
    await attached.host.query(
      'update glpi_plugin_callmanager_users set rio_number = 4000000 + users_id, date_mod = ?',
      [hostDate(0)],
    )
    await expectAll(SECOND, true)
    await expectAll(FIRST, false)
  })

  it('answers many who ask at once by a few readings', async () => {
    const started = performance.now()
    const ids = Array.from({ length: 50 }, (_, number) => 1 + number * 1999)
    const found = await Promise.all(ids.map((id) => one.who(alice, { phone: SECOND(id).phone ?? '' })))
    expect(found).toEqual(ids.map((id) => ({ phone: [id] })))
    console.log(`50 look-ups at once, 100,000 changes behind: ${Math.round(performance.now() - started)} ms`)
  })

  it('goes on so until the index has caught up', async () => {
    let running = true
    const caughtUp = bringUpToDate(processOn(attached.storage).dependencies).finally(() => {
      running = false
    })
    while (running) {
      await expectAll(SECOND, true)
      await expectAll(FIRST, false)
      // Each look-up reads who waits, up to 100,000 people: asked without a pause they would hold the catching up for minutes.
      await sleep(1000)
    }
    expect(await caughtUp).toBe(true)
    expect(await one.follow()).toMatchObject({ current: true })
    await expectAll(SECOND, true)
    for (const id of [1, KNOWN, 31_415, PEOPLE]) {
      // The login begins others' too, who may come after.
      const { items } = await one.search(alice, `new-${id}`)
      expect(items[0]).toMatchObject({ user: { id }, matched: [{ field: 'login', exact: true }] })
      expect(await one.search(alice, `login-${id}`)).toMatchObject({ items: [], incomplete: false })
    }
  })
})
