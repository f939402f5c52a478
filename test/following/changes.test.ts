import { beforeAll, beforeEach, describe, expect, inject, it, onTestFinished, test } from 'vitest'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { startRebuild } from '../../server/identifiers/rebuild.ts'
import { EVERYTHING, peopleIn, TECHNICIAN } from '../support/people.ts'
import { type Asked, type Attached, attach, type Process, processOn } from './attached.ts'
import { type Host, openHost } from './host.ts'

const HOUR = 3600
const LYON = 1
const LAUSANNE = 2

/** Alice by everything that she can be found by. */
const ALICE = {
  name: 'alice',
  realname: 'Martin',
  firstname: 'Alice',
  registration_number: '3333333',
  phone: '01 23 45 67 89 poste 4521',
}
const ALICES: Asked = {
  custom_table: '1111111',
  name: 'alice',
  registration_number: '3333333',
  phone: '+33123456789',
  extension: '4521',
  search: 'martin alice',
}

describe.skipIf(inject('mariadbSocket') === '')('beside a host that changes', () => {
  let attached: Attached
  let host: Host
  /** One that has been there all the time. */
  let old: Process
  let alice: number
  let bob: number

  beforeAll(async () => {
    attached = await attach()
    host = attached.host
    old = processOn(attached.storage)
  })

  beforeEach(async () => {
    const filled = ['users', 'profiles_users', 'useremails', 'logs', 'plugin_callmanager_users']
    for (const table of filled) await host.query(`delete from glpi_${table}`)
    await host.query('delete from glpi_entities where id <> 0')
    await host.query('delete from glpi_plugin_callmanager_configs')
    for (const [id, name] of [
      [LYON, 'Lyon'],
      [LAUSANNE, 'Lausanne'],
    ] as const) {
      await host.query('insert into glpi_entities (id, entities_id, name, level) values (?, 0, ?, 2)', [
        id,
        name,
      ])
    }
    old.settings.forget()
    old.dependencies.entityTree.forget()
    const past = host.request(-2 * HOUR)
    alice = await past.add(ALICE, { email: 'alice@example.org' })
    bob = await past.add({ name: 'bob', realname: 'Durand', firstname: 'Bob' })
    await past.setRio(alice, '1111111')
    // Somebody's request of this minute, so that what is dated earlier does not show as the newest.
    const carol = await past.add({ name: 'carol', realname: 'Petit' })
    await host.request(-10).change(carol, { firstname: 'Carol' })
    await startRebuild(attached.storage)
    await bringUpToDate(old.dependencies)
    await old.follow()
  })

  async function agent(entities: 'all' | number[] = 'all') {
    const { storage } = attached
    return peopleIn(storage).agent(entities, entities === 'all' ? EVERYTHING : TECHNICIAN)
  }

  /** At once, by the process that has followed all along and by one that has just come. */
  async function expectFound(questions: Asked, ids: number[], entities?: number[]): Promise<void> {
    const expected = Object.fromEntries(Object.keys(questions).map((kind) => [kind, ids]))
    const asker = await agent(entities)
    expect(await old.who(asker, questions)).toEqual(expected)
    expect(await processOn(attached.storage).who(asker, questions)).toEqual(expected)
  }

  it('finds Alice by everything', () => expectFound(ALICES, [alice]))

  test.each([
    ['began an hour ago', -HOUR],
    ['began in the second of the last one', -10],
    ['begins now', 0],
  ])('follows changes of a request that %s', async (_when, seconds) => {
    const request = host.request(seconds)
    await request.change(alice, {
      name: 'alice.durand',
      realname: 'Durand',
      registration_number: '4444444',
      phone: '01 23 45 67 80 poste 4522',
    })
    await expectFound({ name: 'alice', registration_number: '3333333', extension: '4521' }, [])
    await expectFound({ phone: '+33123456789', search: 'martin alice' }, [])
    await expectFound({ name: 'ALICE.durand', registration_number: '44 444-44' }, [alice])
    await expectFound({ phone: '+33123456780', extension: '4522', search: 'durand alice' }, [alice])
  })

  it('follows two changes of one second of which the second is of the lower id', async () => {
    const request = host.request(-HOUR)
    await request.change(bob, { phone: '0611111111', registration_number: '5555555' })
    await expectFound({ phone: '+33611111111', registration_number: '5555555' }, [bob])
    await request.change(alice, { phone: '0622222222', registration_number: '6666666' })
    await expectFound({ phone: '+33622222222', registration_number: '6666666' }, [alice])
    await expectFound({ phone: '+33123456789', registration_number: '3333333' }, [])
    // And once more, all of it in the same second.
    await request.change(alice, { phone: '0633333333' })
    await expectFound({ phone: '+33633333333' }, [alice])
    await expectFound({ phone: '+33622222222' }, [])
  })

  it('follows a number that Alice gives up before Bob gets it', async () => {
    const request = host.request(-HOUR)
    await request.updateRow(alice, { phone: '' })
    await expectFound({ phone: '+33123456789', extension: '4521' }, [])
    await request.addHistory(alice, { phone: '' })
    await expectFound({ phone: '+33123456789', extension: '4521' }, [])
    await request.change(bob, { mobile: ALICE.phone })
    await expectFound({ phone: '+33123456789', extension: '4521' }, [bob])
  })

  it('follows a number that Bob gets before Alice gives it up', async () => {
    const request = host.request(-HOUR)
    await request.change(bob, { phone: ALICE.phone })
    await expectFound({ phone: '+33123456789', extension: '4521' }, [alice, bob])
    await request.change(alice, { phone: '' })
    await expectFound({ phone: '+33123456789', extension: '4521' }, [bob])
  })

  it('follows a number that moves from Alice to Bob in one statement', async () => {
    const request = host.request(-HOUR)
    await host.query(
      "update glpi_users set phone = if(id = ?, '', '01 23 45 67 89'), date_mod = ? where id in (?, ?)",
      [alice, request.date, alice, bob],
    )
    // Whose history is not yet written has changed already: Alice is not shown, and Bob not yet known.
    await expectFound({ phone: '+33123456789' }, [])
    await request.addHistory(alice, { phone: '' })
    await request.addHistory(bob, { phone: '01 23 45 67 89' })
    await expectFound({ phone: '+33123456789' }, [bob])
  })

  it('never shows the old owner between a change and its history', async () => {
    const request = host.request(-HOUR)
    const change = { name: 'alice.m', registration_number: '4444444', phone: '0612345678' }
    await request.updateRow(alice, change)
    await expectFound({ name: 'alice', registration_number: '3333333', phone: '+33123456789' }, [])
    await request.addHistory(alice, change)
    await expectFound({ name: 'alice.m', registration_number: '4444444', phone: '+33612345678' }, [alice])
  })

  it('follows an account through deactivation, the bin, its return and its end', async () => {
    const request = host.request(-HOUR)
    await request.change(alice, { is_active: 0 })
    const { search: _, ...identifiers } = ALICES
    await expectFound(identifiers, [])
    await request.change(alice, { is_active: 1 })
    await expectFound(ALICES, [alice])
    await request.bin(alice)
    await expectFound(ALICES, [])
    await request.restore(alice)
    await expectFound(ALICES, [alice])
    await request.purge(alice)
    await expectFound(ALICES, [])
    // Whoever comes after her has her number, and nobody takes them for her.
    const dora = await request.add({ name: 'dora', realname: 'Blanc', phone: ALICE.phone })
    await expectFound({ phone: '+33123456789', extension: '4521', search: 'blanc' }, [dora])
    await expectFound({ custom_table: '1111111', name: 'alice', registration_number: '3333333' }, [])
  })

  it('follows a purge of the newest lines of history, and who is changed after it', async () => {
    const request = host.request(-HOUR)
    for (let times = 0; times < 5; times++) await request.change(bob, { phone: `06111111${10 + times}` })
    await expectFound({ phone: '+33611111114' }, [bob])
    await request.purge(bob)
    await request.change(alice, { phone: '0622222222' })
    await expectFound({ phone: '+33611111114' }, [])
    await expectFound({ phone: '+33622222222' }, [alice])
  })

  it('follows who is given another entity, more of them, or none', async () => {
    const request = host.request(-HOUR)
    await expectFound(ALICES, [], [LYON])
    await request.addMembership(alice, LYON)
    await expectFound(ALICES, [alice], [LYON])
    await request.removeMembership(alice, LYON)
    await expectFound(ALICES, [], [LYON])
    await request.addMembership(alice, 0, 1)
    await expectFound(ALICES, [alice], [LYON])
    await request.removeMembership(alice, 0)
    await expectFound(ALICES, [], [LYON])
    await expectFound(ALICES, [alice])
  })

  it('follows an e-mail address that is added, and one that is removed', async () => {
    const request = host.request(-HOUR)
    await expectFound({ search: 'alice@example.org' }, [alice])
    await request.addEmail(alice, 'a.martin@example.net')
    await expectFound({ search: 'a.martin@example.net' }, [alice])
    await request.removeEmail(alice, 'alice@example.org')
    await expectFound({ search: 'alice@example.org' }, [])
    await expectFound({ search: 'a.martin@example.net' }, [alice])
  })

  it('reads numbers by the country of the entity that somebody is moved to', async () => {
    await old.settings.set(`default_country.${LAUSANNE}`, 'CH')
    await bringUpToDate(old.dependencies)
    const request = host.request(-HOUR)
    await request.change(alice, { phone: '021 345 67 89' })
    await request.change(alice, { entities_id: LAUSANNE })
    await expectFound({ phone: '+41213456789' }, [alice])
    await request.change(alice, { entities_id: LYON, phone: '01 23 45 67 89' })
    await expectFound({ phone: '+41213456789' }, [])
    await expectFound({ phone: '+33123456789' }, [alice])
  })

  it('follows a change that is committed after changes with later lines of history', async () => {
    const request = host.request(-HOUR)
    await host.query('start transaction')
    await request.change(alice, { phone: '0612345678', registration_number: '4444444' })
    const others = await attachedHost()
    await others.request().changeTicket(150)
    for (let times = 0; times < 20; times++)
      await others.request().change(bob, { phone: `06111111${10 + times}` })
    await expectFound({ phone: '+33611111129' }, [bob])
    await expectFound({ phone: '+33123456789', registration_number: '3333333' }, [alice])
    await host.query('commit')
    await expectFound({ phone: '+33612345678', registration_number: '4444444' }, [alice])
    await expectFound({ phone: '+33123456789', registration_number: '3333333' }, [])
  })

  it('follows a late line of history that comes as somebody else’s goes with a purge', async () => {
    const request = host.request(-HOUR)
    // One line of a user who is about to be purged, and behind it the newest.
    const dora = await host.request(-2 * HOUR).add({ name: 'dora' })
    await host.query("delete from glpi_logs where itemtype = 'User' and items_id = ?", [dora])
    await request.addHistory(dora, { phone: '1' })
    const others = await attachedHost()
    await host.query('start transaction')
    await request.change(alice, { phone: '0612345678' })
    await others.request(-HOUR).change(bob, { phone: '0611111111' })
    await expectFound({ phone: '+33611111111' }, [bob])
    await host.query('commit')
    await others.request(-HOUR).purge(dora)
    await expectFound({ phone: '+33612345678' }, [alice])
  })

  it('finds who changed without a line of history and without a new date by the daily sweep', async () => {
    await host.query(
      "update glpi_users set phone = '0612345678', registration_number = '4444444' where id = ?",
      [alice],
    )
    // Nobody is shown by what they have no longer; who has it now is found once everything is compared.
    await expectFound({ phone: '+33123456789', registration_number: '3333333' }, [])
    await expectFound({ phone: '+33612345678', registration_number: '4444444' }, [])
    await startRebuild(attached.storage)
    await bringUpToDate(old.dependencies)
    await expectFound({ phone: '+33612345678', registration_number: '4444444' }, [alice])
  })

  it('follows a directory sync that changes nothing that anybody is found by', async () => {
    await host.query('update glpi_users set date_sync = ?, date_mod = ?', [
      host.request().date,
      host.request().date,
    ])
    await expectFound(ALICES, [alice])
    expect(await old.follow()).toMatchObject({ current: true })
  })

  it('finds who has the RIO too that the predecessor writes in the same second to a lower id', async () => {
    const request = host.request()
    await request.setRio(bob, '7777777')
    await expectFound({ custom_table: '7777777' }, [bob])
    await request.setRio(alice, '7777777')
    await expectFound({ custom_table: '7777777' }, [alice, bob])
    await expectFound({ custom_table: '1111111' }, [])
  })

  it('decodes what the host has encoded, and keeps apart what its collation does not', async () => {
    const request = host.request(-HOUR)
    await request.change(alice, { registration_number: 'a&lt;é' })
    await request.change(bob, { registration_number: 'A&lt;e ' })
    await expectFound({ registration_number: 'A<É' }, [alice])
    await expectFound({ registration_number: 'a<e' }, [bob])
  })

  /** Another connection of the host's. */
  async function attachedHost(): Promise<Host> {
    const other = await openHost(attached.url)
    onTestFinished(other.close)
    return other
  }
})
