import { beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from './ask.ts'
import { numberOf } from './database.ts'
import { useHost } from './fresh-host.ts'
import { HOST_PROFILES } from './people.ts'

const { technician, selfService, hotliner } = HOST_PROFILES

describe.skipIf(inject('mariadbSocket') === '')('tickets, written by REST', () => {
  const fresh = useHost()
  let [bob, caller, paris] = [0, 0, 0]
  let [bobsToken, hotlinersToken, callersToken] = ['', '', '']

  beforeAll(async () => {
    const { addEntity, addPerson, host } = fresh()
    paris = await addEntity('Paris')
    const place = { defaultEntity: paris }
    bob = await addPerson({ login: 'bob', ...place, memberships: [{ profile: technician, entity: paris }] })
    await addPerson({ login: 'hot', ...place, memberships: [{ profile: hotliner, entity: paris }] })
    caller = await addPerson({
      login: 'caller',
      ...place,
      memberships: [{ profile: selfService, entity: paris }],
    })
    bobsToken = await host.logIn('bob')
    hotlinersToken = await host.logIn('hot')
    callersToken = await host.logIn('caller')
  })

  const post = (token: string, type: string, input: unknown) =>
    ask(fresh().host, token, type, { method: 'POST', input })
  const linesOf = (id: number) =>
    fresh().db.rows("select * from glpi_logs where itemtype = 'Ticket' and items_id = ? order by id", [id])

  test("the session's user is the author, the named one the requester, the rest the host's to fill", async () => {
    const answer = await post(bobsToken, 'Ticket', {
      name: 'Printer <3',
      content: '<p>Zoé</p>',
      urgency: 5,
      requesttypes_id: 3,
      entities_id: paris,
      _users_id_requester: [caller],
    })
    const id = answer.body.id
    expect([answer.status, answer.body.message]).toEqual([201, 'Item successfully added: Printer <3'])
    expect(answer.headers.get('location')).toMatch(new RegExp(`/apirest\\.php/Ticket/${id}$`))
    expect(await fresh().db.row('select * from glpi_tickets where id = ?', [id])).toMatchObject({
      name: 'Printer &lt;3',
      content: '&lt;p&gt;Zoé&lt;/p&gt;',
      users_id_recipient: bob,
      requesttypes_id: 3,
      urgency: 5,
      impact: 3,
      // The matrix, not the urgency.
      priority: 4,
      // Technicians take their own.
      status: 2,
    })
    expect(
      await fresh().db.rows(
        'select users_id, type from glpi_tickets_users where tickets_id = ? order by id',
        [id],
      ),
    ).toEqual([
      { users_id: caller, type: 1 },
      { users_id: bob, type: 2 },
    ])
    expect((await linesOf(id)).at(-1)).toMatchObject({ linked_action: 20, user_name: `bob (${bob})` })
  })

  test('who owns none takes none: the ticket is new, and whoever writes asks for it where nobody is named', async () => {
    const { body } = await post(hotlinersToken, 'Ticket', { name: 'Call', content: 'x' })
    const ticket = await fresh().db.row('select * from glpi_tickets where id = ?', [body.id])
    expect(ticket).toMatchObject({ status: 1, entities_id: paris, requesttypes_id: 1, priority: 3 })
    const actors = await fresh().db.rows(
      'select users_id, type from glpi_tickets_users where tickets_id = ?',
      [body.id],
    )
    expect(actors).toEqual([{ users_id: ticket?.users_id_recipient, type: 1 }])
  })

  test('an entity beyond the session is refused', async () => {
    const answer = await post(bobsToken, 'Ticket', { name: 'x', content: 'x', entities_id: 0 })
    expect([answer.status, answer.body]).toEqual([
      400,
      ['ERROR_GLPI_ADD', "You don't have permission to perform this action."],
    ])
  })

  test('a followup changes its ticket, and is told in its history', async () => {
    const { db } = fresh()
    const made = await post(hotlinersToken, 'Ticket', {
      name: 'Call',
      content: 'x',
      _users_id_requester: caller,
    })
    const ticketId = numberOf(made.body.id)
    await db.run("update glpi_tickets set date_mod = '2020-01-01 00:00:00' where id = ?", [ticketId])
    const input = {
      itemtype: 'Ticket',
      items_id: ticketId,
      content: 'a < b',
      is_private: 1,
      requesttypes_id: 3,
    }
    const answer = await post(bobsToken, 'ITILFollowup', input)
    expect(answer.status).toBe(201)
    expect(await db.row('select * from glpi_itilfollowups where id = ?', [answer.body.id])).toMatchObject({
      itemtype: 'Ticket',
      items_id: ticketId,
      users_id: bob,
      content: 'a &lt; b',
      is_private: 1,
      requesttypes_id: 3,
    })
    expect(await db.row('select * from glpi_tickets where id = ?', [ticketId])).toMatchObject({
      users_id_lastupdater: bob,
      date_mod: expect.not.stringMatching(/^2020-01-01/),
    })
    expect((await linesOf(ticketId)).at(-1)).toMatchObject({
      linked_action: 17,
      itemtype_link: 'ITILFollowup',
      new_value: String(answer.body.id),
    })
  })

  test.each([
    ['their own', () => callersToken, 1, 201],
    ["somebody else's", () => callersToken, 0, 400],
    ['a closed one, which who may reopen it writes to', () => bobsToken, 6, 201],
  ])('a followup to %s', async (_, token, status, expected) => {
    const { db } = fresh()
    const requester = status === 0 ? bob : caller
    const made = await post(hotlinersToken, 'Ticket', {
      name: 'x',
      content: 'x',
      _users_id_requester: requester,
    })
    await db.run('update glpi_tickets set status = ? where id = ?', [status || 1, made.body.id])
    const input = { itemtype: 'Ticket', items_id: made.body.id, content: 'more' }
    expect((await post(token(), 'ITILFollowup', input)).status).toBe(expected)
  })

  test('an empty followup is none', async () => {
    const made = await post(bobsToken, 'Ticket', { name: 'x', content: 'x' })
    const input = { itemtype: 'Ticket', items_id: made.body.id, content: '' }
    expect((await post(bobsToken, 'ITILFollowup', input)).body).toEqual([
      'ERROR_GLPI_ADD',
      "You can't add a followup without description",
    ])
  })
})

describe.skipIf(inject('mariadbSocket') === '')('rights of a profile, written by REST', () => {
  const fresh = useHost()

  test.each([
    ['boxes named by their bits', { '1_0': 1, '2_0': 1 }, 3],
    ['boxes that are not ticked', { '1_0': 1, '2_0': 0 }, 1],
    ['a list, whose places are the bits', [0, 1, 1], 3],
    ['a number, which is one box', 3, 1],
    ['none', 0, 0],
  ])('%s', async (_, sent, rights) => {
    const { db, host, addPerson, setRight } = fresh()
    await db.run('delete from glpi_users')
    await addPerson({ login: 'alice', memberships: [{ profile: HOST_PROFILES.superAdmin }] })
    await setRight(HOST_PROFILES.superAdmin, 'plugin_callmanager_access', 2)
    const token = await host.logIn('alice')
    const input = { _plugin_callmanager_access: sent }
    const answer = await ask(host, token, `Profile/${technician}`, { method: 'PUT', input })
    expect([answer.status, answer.text]).toEqual([200, `[{"${technician}":true,"message":""}]`])
    const row = await db.row(
      "select rights from glpi_profilerights where profiles_id = ? and name = 'plugin_callmanager_access'",
      [technician],
    )
    expect(row?.rights).toBe(rights)
  })

  test('need UPDATE on profile', async () => {
    const { host, addPerson } = fresh()
    await addPerson({ login: 'bob', memberships: [{ profile: technician }] })
    const token = await host.logIn('bob')
    const answer = await ask(host, token, `Profile/${technician}`, { method: 'PUT', input: { _user: 1 } })
    expect([answer.status, answer.body[0]]).toEqual([400, 'ERROR_GLPI_UPDATE'])
  })
})
