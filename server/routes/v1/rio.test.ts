import { describe, expect, test } from 'vitest'
import { API, secret, startApp, V1 } from '../../../test/support/app.ts'

/** Of Villefranche, with the RIO 1228904. */
const THIERRY = 11
const OF_ALICE = 101

const it = await startApp()
const alice = await it.logIn('alice')
const url = (id: number) => `${V1}/users/${id}/rio`

const read = (id: number, token = alice) => it.askAs(token, url(id))
const put = (id: number, payload: object, headers: Record<string, string> = { 'if-match': '*' }) =>
  it.askAs(alice, url(id), { method: 'PUT', payload, headers })
const clear = (id: number, headers: Record<string, string> = { 'if-match': '*' }) =>
  it.askAs(alice, url(id), { method: 'DELETE', headers })
const found = async (rio: string): Promise<number[]> => {
  const { users } = (await it.askAs(alice, `${API}/users/${encodeURIComponent(rio)}`)).json()
  return users.map(({ id }: { id: number }) => id)
}

test('a RIO is read with what there is to say of it', async () => {
  const answer = await read(THIERRY)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/)
  expect(answer.json()).toEqual({
    rio: '1228904',
    method: 'custom_table',
    place: "Call Manager's own table",
    kind: 'ministry',
    controlKey: null,
    sharedWith: [],
    writable: true,
    reason: '',
  })
})

test('whoever may not write is told why', async () => {
  const answer = await read(THIERRY, await it.logIn('bob'))
  expect(answer.json()).toMatchObject({
    writable: false,
    reason: 'the profile lacks READ and UPDATE on plugin_callmanager_access',
  })
})

test('a portability code is checked with the numbers of its person', async () => {
  const rio = secret('01P12345636Q')
  const id = await it.people.addUser({ login: 'line', mobile: '+33 6 12 34 56 78', rio })
  expect((await read(id)).json()).toMatchObject({
    kind: 'portability',
    controlKey: { fits: 'mobile', checked: ['mobile'] },
  })
})

describe('writing', () => {
  test('answers with what is there now, and its ETag carries the next change', async () => {
    const first = await put(
      OF_ALICE,
      { rio: secret(' 0099001 ') },
      { 'if-match': String((await read(OF_ALICE)).headers.etag) },
    )
    expect(first.statusCode).toBe(200)
    expect(first.json()).toMatchObject({ rio: '0099001', kind: 'ministry', writable: true })
    expect(await found('0099001')).toEqual([OF_ALICE])
    const second = await put(OF_ALICE, { rio: secret('0099002') }, { 'if-match': String(first.headers.etag) })
    expect(second.statusCode).toBe(200)
    expect([await found('0099001'), await found('0099002')]).toEqual([[], [OF_ALICE]])
    const late = await put(OF_ALICE, { rio: secret('0099003') }, { 'if-match': String(first.headers.etag) })
    expect(late.statusCode).toBe(412)
    expect(late.json()).toMatchObject({ type: '/problems/changed-meanwhile', remedy: expect.any(String) })
    const cleared = await clear(OF_ALICE, { 'if-match': String(second.headers.etag) })
    expect(cleared.json()).toMatchObject({ rio: '', kind: 'none' })
    expect(await found('0099002')).toEqual([])
    expect((await clear(OF_ALICE, { 'if-match': String(second.headers.etag) })).statusCode).toBe(412)
  })

  test('needs If-Match', async () => {
    expect((await put(OF_ALICE, { rio: '1' }, {})).statusCode).toBe(428)
    expect((await clear(OF_ALICE, {})).statusCode).toBe(428)
  })

  test.each([
    [{ rio: '' }, 422, 'rio'],
    [{ rio: '  ' }, 422, 'rio'],
    [{ rio: 'x'.repeat(256) }, 422, 'rio'],
    [{ rio: '12\u000034' }, 422, 'rio'],
    [{}, 400, 'rio'],
    [{ rio: 1234567 }, 400, 'rio'],
    [{ rio: null }, 400, 'rio'],
    [{ rio: '1', changesLogin: 'yes' }, 400, 'changesLogin'],
    [{ rio: '1', users_id: 5 }, 400, 'users_id'],
  ])('refuses %j', async (payload, status, field) => {
    const before = (await read(THIERRY)).json()
    const answer = await put(THIERRY, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ field, remedy: expect.any(String) })
    expect((await read(THIERRY)).json()).toEqual(before)
  })

  test.each(["O'Brien", '<script>alert(1)</script>', '👩‍💻👩‍💻', 'é'.repeat(255), '50 % _ \\ "'])(
    'keeps %s as it is typed',
    async (rio) => {
      expect((await put(OF_ALICE, { rio: secret(rio) })).json().rio).toBe(rio)
      expect(await found(rio)).toEqual([OF_ALICE])
    },
  )

  test('tells of nobody as of somebody out of scope', async () => {
    expect((await put(4711, { rio: '1' })).statusCode).toBe(404)
    expect((await read(4711)).statusCode).toBe(404)
    expect((await it.askAs(alice, `${V1}/users/x/rio`)).statusCode).toBe(400)
  })

  test('by cookie needs a page of our own', async () => {
    const headers = { cookie: `glpi_${'0'.repeat(32)}=${alice}`, 'if-match': '*' }
    const write = (more: Record<string, string>) =>
      it.ask(url(OF_ALICE), { method: 'PUT', payload: { rio: '5' }, headers: { ...headers, ...more } })
    expect((await write({})).statusCode).toBe(403)
    expect((await write({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
  })
})

describe('where the RIO is the login', async () => {
  const app = await startApp()
  const token = await app.logIn('alice')
  await app.services.settings.set('rio_storage_method', 'name')
  const write = (payload: object) =>
    app.askAs(token, url(THIERRY), { method: 'PUT', payload, headers: { 'if-match': '*' } })

  test('it changes only when that is said, and is never taken away', async () => {
    const silent = await write({ rio: secret('7654321') })
    expect(silent.statusCode).toBe(422)
    expect(silent.json()).toMatchObject({ field: 'changesLogin' })
    const said = await write({ rio: '7654321', changesLogin: true })
    expect(said.json()).toMatchObject({ rio: '7654321', method: 'name', place: 'the login' })
    const taken = await write({ rio: 'alice', changesLogin: true })
    expect(taken.statusCode).toBe(409)
    expect(taken.json()).toMatchObject({ type: '/problems/conflict', field: 'rio' })
    const none = await app.askAs(token, url(THIERRY), { method: 'DELETE', headers: { 'if-match': '*' } })
    expect(none.statusCode).toBe(422)
  })
})

describe('where shared RIOs are refused', async () => {
  const app = await startApp()
  const token = await app.logIn('alice')
  await app.services.settings.set('shared_rios', 'refused')

  test('nobody gets one that somebody has, nor learns who that is', async () => {
    const answer = await app.askAs(token, url(OF_ALICE), {
      method: 'PUT',
      payload: { rio: '12-28-904' },
      headers: { 'if-match': '*' },
    })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({ type: '/problems/rio-shared', field: 'rio' })
    expect(answer.body).not.toMatch(/1228904|thierry|roux/i)
  })

  test('whoever is created gets none that somebody has either', async () => {
    const create = (login: string, rio: string) =>
      app.askAs(token, `${V1}/users`, { method: 'POST', payload: { login, rio, entityId: 5 } })
    expect((await create('first', secret('0707070'))).statusCode).toBe(201)
    const second = await create('second', '07 07 07 0')
    expect(second.statusCode).toBe(409)
    expect(second.json().type).toBe('/problems/rio-shared')
  })
})
