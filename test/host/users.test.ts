import { beforeEach, describe, expect, inject, test } from 'vitest'
import { ask } from './ask.ts'
import { hostTime, type Row } from './database.ts'
import { useHost } from './fresh-host.ts'
import { HOST_PROFILES } from './people.ts'

const { superAdmin, technician, selfService } = HOST_PROFILES
const LONG_AGO = '2020-01-01 00:00:00'

describe.skipIf(inject('mariadbSocket') === '')('users, written by REST', () => {
  const fresh = useHost()
  let [alice, bob, caller, paris] = [0, 0, 0, 0]
  let [alicesToken, bobsToken] = ['', '']

  beforeEach(async () => {
    const { db, addEntity, addPerson, host } = fresh()
    for (const table of ['users', 'useremails', 'profiles_users', 'logs'])
      await db.run(`delete from glpi_${table}`)
    await db.run('delete from glpi_entities where id > 0')
    paris = await addEntity('Paris')
    alice = await addPerson({ login: 'alice', memberships: [{ profile: superAdmin, recursive: 1 }] })
    bob = await addPerson({
      login: 'bob',
      lastname: 'Durand',
      firstname: 'Bob',
      defaultEntity: paris,
      memberships: [{ profile: technician, entity: paris }],
    })
    caller = await addPerson({
      login: 'caller',
      registrationNumber: '1234567',
      emails: ['first@example.org', 'second@example.org'],
      memberships: [{ profile: selfService, entity: paris }],
    })
    alicesToken = await host.logIn('alice')
    bobsToken = await host.logIn('bob')
    await db.run('update glpi_users set date_mod = ?', [LONG_AGO])
  })

  const put = (token: string, id: number, input: unknown) =>
    ask(fresh().host, token, `User/${id}`, { method: 'PUT', input })
  const userOf = async (id: number): Promise<Row> =>
    (await fresh().db.row('select * from glpi_users where id = ?', [id])) ?? {}
  const linesOf = (id: number) =>
    fresh().db.rows("select * from glpi_logs where itemtype = 'User' and items_id = ? order by id", [id])
  const emailsOf = (id: number) =>
    fresh().db.rows('select id, email, is_default from glpi_useremails where users_id = ? order by id', [id])

  test('a change is written, dated by the second it began in, and told field by field', async () => {
    const before = hostTime(new Date())
    const answer = await put(bobsToken, caller, {
      registration_number: '0123456',
      locations_id: 0,
      realname: 'Leroy',
    })
    expect([answer.status, answer.text]).toEqual([200, `[{"${caller}":true,"message":""}]`])
    const user = await userOf(caller)
    expect(user).toMatchObject({ registration_number: '0123456', realname: 'Leroy' })
    expect(String(user.date_mod) >= before).toBe(true)
    expect(await linesOf(caller)).toMatchObject([
      {
        linked_action: 0,
        id_search_option: 22,
        old_value: '1234567',
        new_value: '0123456',
        user_name: `Durand Bob (${bob})`,
        date_mod: user.date_mod,
      },
      { linked_action: 0, id_search_option: 34, old_value: '', new_value: 'Leroy' },
    ])
  })

  test('what is the same already leaves no trace', async () => {
    await put(bobsToken, caller, { registration_number: '1234567', realname: '' })
    expect(await linesOf(caller)).toEqual([])
    expect((await userOf(caller)).date_mod).toBe(LONG_AGO)
  })

  test.each([
    ['angle brackets alone are encoded', `Pat <b>"&'\\`, `Pat &lt;b&gt;"&'\\`],
    ['an emoji becomes question marks', 'Zoé 😀', 'Zoé ????'],
    ['what is too long is cut', 'x'.repeat(300), 'x'.repeat(255)],
    ['a text that reads NULL is none', 'NULL', null],
  ])('%s', async (_, sent, stored) => {
    expect((await put(bobsToken, caller, { registration_number: sent })).status).toBe(200)
    expect((await userOf(caller)).registration_number).toBe(stored)
  })

  test('history keeps 180 characters, and the null of JSON changes nothing', async () => {
    await put(bobsToken, caller, { comment: 'y'.repeat(200), registration_number: null })
    expect((await linesOf(caller)).map((row) => row.new_value)).toEqual(['y'.repeat(180)])
    expect((await userOf(caller)).registration_number).toBe('1234567')
  })

  test('whoever acts as somebody else is named beside them', async () => {
    fresh().host.impersonate(bobsToken, alice)
    await put(bobsToken, caller, { phone: '01' })
    const [line] = await linesOf(caller)
    expect(line?.user_name).toBe(`Durand Bob (${bob}) impersonated by alice (${alice})`)
  })

  test('rights are those of the login, and the reach goes by where the user is a member', async () => {
    await fresh().setRight(technician, 'user', 0)
    expect((await put(bobsToken, caller, { phone: '02' })).status).toBe(200)
    await fresh().setRight(technician, 'user', 1055)
    const refused = [400, ['ERROR_GLPI_UPDATE', "You don't have permission to perform this action."]]
    const outside = await put(bobsToken, alice, { phone: '02' })
    expect([outside.status, outside.body]).toEqual(refused)
    const unknown = await put(bobsToken, 9999, { phone: '02' })
    expect([unknown.status, unknown.body]).toEqual([400, ['ERROR_GLPI_UPDATE', null]])
    // A recursive member of the root is one of Paris too, to see but not to change.
    expect((await ask(fresh().host, bobsToken, `User/${alice}`)).status).toBe(200)
    const atRoot = await fresh().addPerson({ login: 'dora' })
    const hidden = await ask(fresh().host, bobsToken, `User/${atRoot}`)
    expect([hidden.status, hidden.body[0]]).toEqual([403, 'ERROR_RIGHT_MISSING'])
    expect((await ask(fresh().host, bobsToken, 'User/9999')).body[0]).toBe('ERROR_ITEM_NOT_FOUND')
  })

  test('what is not theirs to change of somebody with more rights is dropped without a word', async () => {
    const boss = await fresh().addPerson({
      login: 'boss',
      memberships: [{ profile: superAdmin, entity: paris }],
    })
    const answer = await put(bobsToken, boss, {
      is_active: 0,
      phone: '03',
      _useremails: { '-1': 'x@example.org' },
    })
    expect(answer.status).toBe(200)
    expect(await userOf(boss)).toMatchObject({ is_active: 1, phone: '03' })
    expect(await emailsOf(boss)).toEqual([])
    // A default entity that the user is no member of, likewise.
    await put(alicesToken, caller, { entities_id: 0 })
    expect((await linesOf(caller)).length).toBe(0)
  })

  test('a taken login is refused, or as the host is told to', async () => {
    expect((await put(bobsToken, caller, { name: 'BOB' })).body[0]).toBe('ERROR_GLPI_UPDATE')
    expect((await userOf(caller)).date_mod).toBe(LONG_AGO)
  })

  test('addresses go by their ids; which is the default one must be said', async () => {
    const [first, second] = await emailsOf(caller)
    const answer = await put(bobsToken, caller, {
      _useremails: {
        [String(first?.id)]: '',
        [String(second?.id)]: 'changed@example.org',
        '-1': 'new@example.org',
      },
      _default_email: '-1',
    })
    expect(answer.status).toBe(200)
    expect(await emailsOf(caller)).toMatchObject([
      { id: second?.id, email: 'changed@example.org', is_default: 0 },
      { email: 'new@example.org', is_default: 1 },
    ])
    const lines = (await linesOf(caller)).map((row) => [
      row.linked_action,
      row.itemtype_link,
      row.old_value,
      row.new_value,
    ])
    expect(lines).toEqual([
      [19, 'UserEmail', `first@example.org (${first?.id})`, ''],
      [18, 'UserEmail', 'second@example.org', 'changed@example.org'],
      [17, 'UserEmail', '', expect.stringMatching(/^new@example\.org \(\d+\)$/)],
    ])
    expect((await userOf(caller)).date_mod).not.toBe(LONG_AGO)
  })

  test('addresses are items as well, whose changes leave the date of the user alone', async () => {
    const input = { users_id: caller, email: 'third@example.org', is_default: 1 }
    const made = await ask(fresh().host, bobsToken, 'UserEmail', { method: 'POST', input })
    expect([made.status, made.body.message]).toEqual([201, 'Item successfully added: third@example.org'])
    const place = `UserEmail/${made.body.id}`
    expect(
      (await ask(fresh().host, bobsToken, place, { method: 'PUT', input: { email: 'x@example.org' } }))
        .status,
    ).toBe(200)
    expect((await emailsOf(caller)).map((row) => [row.email, row.is_default])).toEqual([
      ['first@example.org', 0],
      ['second@example.org', 0],
      ['x@example.org', 1],
    ])
    expect((await ask(fresh().host, bobsToken, place, { method: 'DELETE' })).status).toBe(200)
    expect(await emailsOf(caller)).toHaveLength(2)
    expect((await userOf(caller)).date_mod).toBe(LONG_AGO)
  })

  test.each([
    ['a profile that is theirs to give', { _profiles_id: technician }, technician, 0],
    [
      'the default profile instead of one that is more than theirs',
      { _profiles_id: superAdmin },
      selfService,
      1,
    ],
    ['the default profile where none is chosen', {}, selfService, 1],
  ])('a new user holds %s', async (_, profile, held, isDynamic) => {
    const input = { name: 'new one', realname: 'New', _entities_id: paris, ...profile }
    const answer = await ask(fresh().host, bobsToken, 'User', { method: 'POST', input })
    const id = answer.body.id
    expect([answer.status, answer.body.message]).toEqual([201, 'Item successfully added: New'])
    expect(answer.headers.get('location')).toMatch(new RegExp(`/apirest\\.php/User/${id}$`))
    const rows = await fresh().db.rows('select * from glpi_profiles_users where users_id = ?', [id])
    expect(rows).toMatchObject([
      { profiles_id: held, entities_id: paris, is_recursive: 0, is_dynamic: isDynamic },
    ])
    expect((await linesOf(id)).map((row) => row.linked_action)).toEqual([15, 20])
  })

  test.each([
    ['bob', 'Unable to add. The user already exists.'],
    ['no;login', 'The login is not valid. Unable to add the user.'],
  ])('a new user is not called %s', async (name, words) => {
    const answer = await ask(fresh().host, bobsToken, 'User', { method: 'POST', input: { name } })
    expect([answer.status, answer.body]).toEqual([400, ['ERROR_GLPI_ADD', words]])
  })

  test('a field that nobody plays fails the test', async () => {
    const { host } = fresh()
    await put(bobsToken, caller, { nickname: 'Pat' })
    expect(host.unexpected.splice(0)).toEqual([
      `PUT /apirest.php/User/${caller}: fields that nobody plays: nickname`,
    ])
  })
})

describe.skipIf(inject('mariadbSocket') === '')('a login that somebody else has', () => {
  const silent = useHost({ takenLogins: 'ignored', nestedInput: 'crashed' })

  test('is left to the database, whose refusal nobody tells of', async () => {
    const { db, host, addPerson } = silent()
    const id = await addPerson({ login: 'alice', memberships: [{ profile: superAdmin }] })
    await addPerson({ login: 'bob' })
    await db.run('update glpi_users set date_mod = ?', [LONG_AGO])
    const token = await host.logIn('alice')
    const answer = await ask(host, token, `User/${id}`, { method: 'PUT', input: { name: 'bob' } })
    expect([answer.status, answer.body]).toEqual([
      200,
      [{ [id]: true, message: "Duplicate entry 'bob-1-0' for key 'unicityloginauth'" }],
    ])
    expect((await db.row('select name from glpi_users where id = ?', [id]))?.name).toBe('alice')
    expect(await db.rows('select old_value, new_value from glpi_logs')).toEqual([
      { old_value: 'alice', new_value: 'bob' },
    ])
  })

  test('and PHP 8 dies of an object inside the input', async () => {
    const { host } = silent()
    const token = await host.logIn('alice')
    const ids = await silent().db.rows('select id from glpi_users where name = ?', ['bob'])
    const put = (sent: unknown) =>
      ask(host, token, `User/${ids[0]?.id}`, { method: 'PUT', input: { _useremails: sent } })
    expect(await put({ '-1': 'x@example.org' })).toMatchObject({ status: 500, text: '' })
    expect((await put(['x@example.org'])).status).toBe(200)
    expect(await silent().db.rows('select email, is_default from glpi_useremails')).toEqual([
      { email: 'x@example.org', is_default: 1 },
    ])
  })
})
