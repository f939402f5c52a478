import { afterEach, describe, expect, test, vi } from 'vitest'
import { basic, secret, startApp, type TestApp } from '../../test/support/app.ts'

const SETUP = '/plugins/callmanager/api/v1/setup'
const FIRST = { login: 'first', password: secret('the-first-password') }

afterEach(() => void vi.useRealTimers())

const start = () => startApp({}, false)
async function newCode({ services }: TestApp): Promise<string> {
  return secret((await services.helpdesk.logins?.newSetupCode()) ?? '')
}
const setUp = (it: TestApp, body: object) => it.ask(SETUP, { method: 'POST', payload: body })
const logIn = (it: TestApp) =>
  it.ask('/apirest.php/initSession?get_full_session=true', {
    headers: { authorization: basic(FIRST.login, FIRST.password) },
  })

describe('setting up an empty store', () => {
  test('makes a Super-Admin who can look up at once, from anywhere', async () => {
    const it = await start()
    const code = await newCode(it)
    const made = await setUp(it, { code, ...FIRST })
    expect([made.statusCode, made.body]).toEqual([204, ''])

    const { session_token: token, session } = (await logIn(it)).json()
    expect(session.glpiactiveprofile.name).toBe('Super-Admin')
    const found = await it.askAs(token, '/plugins/callmanager/api.php/users/1234567', {
      remoteAddress: '192.0.2.1',
    })
    expect([found.statusCode, found.body]).toEqual([200, '{"users":[]}'])
  })

  test('works once', async () => {
    const it = await start()
    const code = await newCode(it)
    await setUp(it, { code, ...FIRST })
    const again = await setUp(it, { code, login: 'second', password: 'long enough' })
    expect([again.statusCode, again.json().type]).toEqual([403, '/problems/setup-refused'])
    // Nor does a new code, once there is somebody.
    const late = await setUp(it, { code: await newCode(it), login: 'second', password: 'long enough' })
    expect(late.statusCode).toBe(403)
  })

  test('works once even when it is sent twice at once', async () => {
    const it = await start()
    const code = await newCode(it)
    const both = await Promise.all(
      ['one', 'two'].map((login) => setUp(it, { code, login, password: 'long enough' })),
    )
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([204, 403])
    const users = await it.services.storage.db.selectFrom('glpi_users').select('id').execute()
    expect(users).toHaveLength(1)
  })

  test.each([
    [29, 204],
    [31, 403],
  ])('after %i minutes is a %i', async (minutes, status) => {
    const it = await start()
    const code = await newCode(it)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
    expect((await setUp(it, { code, ...FIRST })).statusCode).toBe(status)
  })

  test('with a replaced code, a wrong one or none that was ever made is refused', async () => {
    const it = await start()
    expect((await setUp(it, { code: '', ...FIRST })).statusCode).toBe(403)
    expect((await setUp(it, { code: 'undefined', ...FIRST })).statusCode).toBe(403)
    const old = await newCode(it)
    const code = await newCode(it)
    expect((await setUp(it, { code: old, ...FIRST })).statusCode).toBe(403)
    expect((await setUp(it, { code: code.toUpperCase(), ...FIRST })).statusCode).toBe(403)
    expect((await setUp(it, { code, ...FIRST })).statusCode).toBe(204)
  })

  test('keeps the code by its hash alone, and the password too', async () => {
    const it = await start()
    const code = await newCode(it)
    const configs = await it.services.storage.db
      .selectFrom('glpi_plugin_callmanager_configs')
      .selectAll()
      .execute()
    expect(JSON.stringify(configs)).not.toContain(code)
    await setUp(it, { code, ...FIRST })
    const users = await it.services.storage.db.selectFrom('glpi_users').selectAll().execute()
    expect(users[0]?.password).toMatch(/^\$argon2id\$/)
  })

  test.each<[string, object, number, string]>([
    ['a short password', { password: 'seven77' }, 422, 'password'],
    ['a login of white space', { login: '  ' }, 422, 'login'],
    ['no login', { login: undefined }, 400, 'login'],
    ['a login that is no text', { login: ['first'] }, 400, 'login'],
    ['a password without end', { password: 'x'.repeat(256) }, 400, 'password'],
    ['a field of its own', { profile: 'Admin' }, 400, 'profile'],
  ])('with %s names the field, and leaves the code as it is', async (_, change, status, field) => {
    const it = await start()
    const code = await newCode(it)
    const refused = await setUp(it, { code, ...FIRST, ...change })
    expect([refused.statusCode, refused.json().field]).toEqual([status, field])
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(Object.keys(refused.json())).toEqual(
      expect.arrayContaining(['type', 'title', 'status', 'remedy', 'requestId']),
    )
    expect((await setUp(it, { code, ...FIRST })).statusCode).toBe(204)
  })

  test('cannot be guessed: ten wrong codes a minute, also sent at once', async () => {
    const it = await start()
    const code = await newCode(it)
    const guesses = await Promise.all(
      Array.from({ length: 15 }, (_, guess) => setUp(it, { code: `guess-${guess}`, ...FIRST })),
    )
    const statuses = guesses.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([...Array(10).fill(403), ...Array(5).fill(429)])
    expect((await setUp(it, { code, ...FIRST })).statusCode).toBe(429)
  })

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'code=a&login=b&password=c', 415],
    ['plain text', 'text/plain', '{}', 400],
    ['broken JSON', 'application/json', '{', 400],
    ['too much', 'application/json', JSON.stringify({ code: 'x'.repeat(70_000) }), 413],
  ])('does not take %s', async (_, type, payload, status) => {
    const it = await start()
    const answer = await it.ask(SETUP, { method: 'POST', headers: { 'content-type': type }, payload })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ])
  })

  test('is a POST', async () => {
    const it = await start()
    const answer = await it.ask(SETUP)
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'OPTIONS, POST'])
  })
})
