import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { ALICE, BOB, basic, secret, startApp, type TestApp } from '../../test/support/app.ts'
import { LOCAL } from '../../test/support/people.ts'

const INIT = '/apirest.php/initSession'
const USER_TOKEN = 'the-api-token-of-alice-in-her-form'
const JSON_TYPE = { 'content-type': 'application/json' }

interface Recording {
  title: string
  request: { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body: string | null }
  answer: { status: number; headers: string[]; body: string }
}
/** What a real ITSM-NG 1.4.0 answered. */
const recordings: Recording[] = JSON.parse(
  readFileSync(new URL('../../test/recorded/host-rest.json', import.meta.url), 'utf8'),
)

function recorded(title: string): Recording {
  const found = recordings.find((recording) => recording.title === title)
  if (found === undefined) throw new Error(`nothing is recorded as ${title}`)
  return found
}

const setUserToken = (it: TestApp) => it.people.changeUser(ALICE.id, { api_token: secret(USER_TOKEN) })
const setClient = ({ services }: TestApp, client: object) =>
  services.storage.write('normal', (tx) => tx.updateTable('glpi_apiclients').set(client).execute())
async function openSession({ services }: TestApp): Promise<string> {
  return secret((await services.helpdesk.logins?.byPassword('itsm', 'itsm', LOCAL)) ?? '')
}

describe("an answer has ITSM-NG's own status, form and code:", () => {
  const APP_TOKEN = 'apptok0123456789012345678901234567890123'
  const locked = (it: TestApp) => setClient(it, { app_token: APP_TOKEN })
  const closed = (it: TestApp) => setClient(it, { is_active: 0 })
  const withPassword = (login: string, columns: object) => async (it: TestApp) => {
    await it.people.addUser({ login, password: (await passwordOf(it)) ?? null, ...columns })
  }
  /** The host's testers gave bob and carol the password `pw`; ours know Alice's hash, so they are asked with hers. */
  const passwordOf = async ({ services }: TestApp) =>
    (
      await services.storage.db
        .selectFrom('glpi_users')
        .select('password')
        .where('id', '=', ALICE.id)
        .executeTakeFirstOrThrow()
    ).password
  const asAlice = (login: string) => ({ Authorization: basic(login, ALICE.password) })

  test.each<[string, ((it: TestApp) => Promise<unknown>)?, Record<string, string>?]>([
    ['initSession Basic'],
    ['initSession get_full_session'],
    ['initSession JSON body POST'],
    ['initSession bad password'],
    ['initSession unknown user'],
    [
      'initSession inactive user',
      (it) => it.people.changeUser(BOB.id, { is_active: 0 }),
      { Authorization: basic('bob', BOB.password) },
    ],
    ['initSession deleted user', withPassword('carol', { is_deleted: 1 }), asAlice('carol')],
    ['initSession no auth'],
    ['initSession user_token', setUserToken, { Authorization: `user_token ${USER_TOKEN}` }],
    ['initSession user_token bad'],
    ['getFullSession'],
    ['getFullSession bad token'],
    ['getFullSession no token'],
    ['getFullSession POST'],
    ['getActiveProfile bad token'],
    ['getActiveProfile no token'],
    ['killSession'],
    ['killSession bad token'],
    ['killSession no token'],
    ['unknown resource'],
    ['web cookie as Cookie on getFullSession'],
    ['no API client: initSession', closed],
    ['no API client: getFullSession', closed],
    ['App-Token required: initSession without', locked],
    ['App-Token required: initSession wrong', locked],
    ['App-Token required: initSession right', locked],
    ['App-Token required: getFullSession without', locked],
    ['getFullSession session_write'],
  ])('%s', async (title, prepare = async () => {}, headers = {}) => {
    const { request, answer } = recorded(title)
    const it = await startApp()
    const token = await openSession(it)
    await prepare(it)
    const sent = { ...request.headers, ...headers }
    const named = sent['Session-Token']
    if (named?.startsWith('example')) sent['Session-Token'] = token
    const ours = await it.ask(request.path, {
      method: request.method,
      headers: sent,
      ...(request.body !== null && { payload: request.body }),
    })

    expect(ours.statusCode).toBe(answer.status)
    const type = answer.headers
      .find((line) => line.startsWith('Content-Type: '))
      ?.slice('Content-Type: '.length)
    expect(String(ours.headers['content-type']).toLowerCase()).toBe(type?.toLowerCase())
    if (answer.body === '') return expect(ours.body).toBe('')
    const theirs = JSON.parse(answer.body)
    if (Array.isArray(theirs)) {
      expect(ours.json()).toEqual([theirs[0], expect.stringMatching(/^[A-Z].{5,}/)])
    } else expect(Object.keys(ours.json())).toEqual(Object.keys(theirs))
  })

  test.each([
    ['initSession login/password in query', 400, 'ERROR_LOGIN_PARAMETERS_MISSING'],
    ['getFullSession token in query', 400, 'ERROR_SESSION_TOKEN_MISSING'],
  ])('but not to %s, since no secret belongs in an address', async (title, status, code) => {
    const { request, answer } = recorded(title)
    expect(answer.status).toBe(200)
    const it = await startApp()
    const path = request.path.replace(/example\d+/, await openSession(it))
    const ours = await it.ask(path)
    expect([ours.statusCode, ours.json()[0]]).toEqual([status, code])
  })
})

describe('getFullSession', () => {
  const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
  const session = (title: string) => JSON.parse(recorded(title).answer.body).session

  /** Every path within ours, with its JSON type; the host's PHP tells some empty or sparse lists otherwise. */
  function compare(ours: unknown, theirs: unknown, path: string, wrong: string[]): void {
    if (typeOf(ours) !== typeOf(theirs)) wrong.push(`${path}: ${typeOf(ours)}, not ${typeOf(theirs)}`)
    else if (Array.isArray(ours) && Array.isArray(theirs)) {
      if (theirs.length > 0)
        for (const [index, item] of ours.entries()) compare(item, theirs[0], `${path}[${index}]`, wrong)
    } else if (typeof ours === 'object' && ours !== null && typeof theirs === 'object' && theirs !== null) {
      const known: Record<string, unknown> = { ...theirs }
      for (const [key, value] of Object.entries(ours)) {
        // Our own rights stand among the host's.
        if (key.startsWith('plugin_callmanager_')) compare(value, 0, `${path}.${key}`, wrong)
        else if (key in known) compare(value, known[key], `${path}.${key}`, wrong)
        else wrong.push(`${path}.${key}: unknown to the host`)
      }
    }
  }

  test("tells a part of the host's, by the same names and in the same JSON types", async () => {
    const it = await startApp()
    // As the host seeds it: the account has no name of its own.
    await it.people.changeUser(2, { realname: null, firstname: null })
    const answer = await it.askAs(await it.logIn('itsm'), '/apirest.php/getFullSession')
    const wrong: string[] = []
    compare(answer.json().session, session('getFullSession'), 'session', wrong)
    expect(wrong).toEqual([])
  })

  test('says of Super-Admin what the host says', async () => {
    const it = await startApp({ BASE_PATH: '' })
    const token = await it.logIn('itsm')
    const ours = (await it.askAs(token, '/apirest.php/getFullSession')).json().session
    const theirs = session('getFullSession')
    expect(ours.valid_id).toBe(token)
    const same = [
      'glpiID',
      'glpiname',
      'glpifriendlyname',
      'glpidefault_entity',
      'glpiauthtype',
      'glpiroot',
      'glpilanguage',
      'glpiprofiles',
      'glpiparententities',
      'glpiactive_entity',
      'glpiactive_entity_recursive',
      'glpiactive_entity_name',
      'glpiactive_entity_shortname',
      'glpishowallentities',
      'glpigroups',
    ]
    for (const key of same) expect({ [key]: ours[key] }).toEqual({ [key]: theirs[key] })
    expect(ours.glpi_currenttime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(ours.glpiactiveentities).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    for (const right of ['user', 'ticket', 'followup', 'config', 'profile', 'entity']) {
      expect({ [right]: ours.glpiactiveprofile[right] }).toEqual({ [right]: theirs.glpiactiveprofile[right] })
    }
  })

  test('says of a technician of one entity what the host says', async () => {
    const it = await startApp()
    const ours = (await it.askAs(await it.logIn('bob'), '/apirest.php/getFullSession')).json().session
    const theirs = session('Site A technician getFullSession')
    expect(ours).toMatchObject({
      glpiID: BOB.id,
      glpifriendlyname: 'bob',
      glpiactiveentities: [5],
      glpiactive_entity: 5,
      glpiactive_entity_recursive: theirs.glpiactive_entity_recursive,
      glpishowallentities: theirs.glpishowallentities,
      glpiactiveprofile: { id: 6, name: 'Technician', interface: 'central', is_default: 0 },
    })
    expect(new Set(ours.glpiparententities)).toEqual(new Set([0, 1]))
    expect(ours.glpiprofiles).toEqual({
      6: {
        name: 'Technician',
        entities: [{ id: 5, name: 'Sous-préfecture de Villefranche', is_recursive: 0 }],
      },
    })
  })
})

describe('a session whose owner', () => {
  test.each<[string, (it: TestApp) => Promise<unknown>, number]>([
    ['was deactivated is no longer told', (it) => change(it, { is_active: 0 }), 401],
    ['was deleted is no longer told', (it) => change(it, { is_deleted: 1 }), 401],
    ['was purged is no longer told', (it) => purge(it), 401],
  ])('%s', async (_, withdraw, status) => {
    const it = await startApp()
    const token = await it.logIn('bob')
    await withdraw(it)
    const answer = await it.askAs(token, '/apirest.php/getFullSession')
    expect(answer.statusCode).toBe(status)
    expect(answer.json()[0]).toBe('ERROR_SESSION_TOKEN_INVALID')
  })

  test('lost the profile has none of its rights', async () => {
    const it = await startApp()
    const token = await it.logIn('bob')
    const { storage } = it.services
    await storage.write('full', (tx) =>
      tx.deleteFrom('glpi_profiles_users').where('users_id', '=', BOB.id).execute(),
    )
    const { session } = (await it.askAs(token, '/apirest.php/getFullSession')).json()
    expect(session.glpiactiveprofile).not.toHaveProperty('plugin_callmanager_access')
    expect(session.glpiactiveentities).toEqual([])
  })

  const change = (it: TestApp, to: { is_active?: number; is_deleted?: number }) =>
    it.services.storage.write('full', (tx) =>
      tx.updateTable('glpi_users').set(to).where('id', '=', BOB.id).execute(),
    )
  const purge = (it: TestApp) =>
    it.services.storage.write('full', (tx) => tx.deleteFrom('glpi_users').where('id', '=', BOB.id).execute())
})

describe('logging in', () => {
  let it: TestApp
  beforeAll(async () => {
    it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
    await setUserToken(it)
  })
  const alice = { authorization: basic(ALICE.login, ALICE.password) }

  test.each<[string, Record<string, string>, string | undefined]>([
    ['with Basic and no body', alice, undefined],
    ['with Basic and an empty body that is announced as JSON', { ...alice, ...JSON_TYPE }, ''],
    ['with Basic and an empty object', { ...alice, ...JSON_TYPE }, '{}'],
    [
      'with Basic, whatever the body says',
      { ...alice, ...JSON_TYPE },
      '{"login":"bob","password":"wrong password"}',
    ],
    [
      'with the password in the body',
      JSON_TYPE,
      JSON.stringify({ login: ALICE.login, password: ALICE.password }),
    ],
    ['with a user token', { authorization: `user_token ${USER_TOKEN}` }, undefined],
    ['with a user token in the body', JSON_TYPE, JSON.stringify({ user_token: USER_TOKEN })],
    [
      'with any letter case of the scheme',
      { authorization: alice.authorization.replace('Basic', 'bAsIc') },
      undefined,
    ],
  ])('by POST %s opens a session', async (_, headers, payload) => {
    const answer = await it.ask(INIT, { method: 'POST', headers, ...(payload !== undefined && { payload }) })
    expect(answer.statusCode).toBe(200)
    expect(answer.json().session_token).toMatch(/^[a-v0-9]{26}$/)
    const { session } = (await it.askAs(answer.json().session_token, '/apirest.php/getFullSession')).json()
    expect(session.glpiID).toBe(ALICE.id)
  })

  test.each<[string, Record<string, string>, string, number, string]>([
    ['broken JSON', JSON_TYPE, '{', 400, 'ERROR'],
    ['JSON of another form', JSON_TYPE, '{"login":{"a":1},"password":[]}', 400, 'ERROR'],
    ['a login without password', JSON_TYPE, '{"login":"alice"}', 400, 'ERROR_LOGIN_PARAMETERS_MISSING'],
    ['a body that is not JSON', { 'content-type': 'text/plain' }, 'login=alice', 400, 'ERROR'],
    ['a body without end', JSON_TYPE, `"${'x'.repeat(70_000)}"`, 413, 'ERROR'],
  ])('by POST with %s does not', async (_, headers, payload, status, code) => {
    const answer = await it.ask(INIT, { method: 'POST', headers, payload })
    expect([answer.statusCode, answer.json()[0]]).toEqual([status, code])
  })

  test.each([
    ['a password with colons', 'colons', 'a:b::c:long enough'],
    ['a password of other letters', 'letters', 'mötörhead 🤘 пароль'],
  ])('takes %s', async (_, login, password) => {
    await it.services.helpdesk.logins?.addAccount({ login, password: secret(password) }, 'Technician')
    expect((await it.ask(INIT, { headers: { authorization: basic(login, password) } })).statusCode).toBe(200)
  })

  test.each([
    ['an unknown login', basic('nobody', 'whatever it is')],
    ['a wrong password', basic(ALICE.login, 'alice-has-every-righ')],
    ['no password', basic(ALICE.login, '')],
    ['the login of somebody who has no password', basic('john.doe', '')],
    ['an injected login', basic("alice' -- ", ALICE.password)],
  ])('is refused in the same words for %s', async (_, authorization) => {
    const answer = await it.ask(INIT, { headers: { authorization } })
    expect([answer.statusCode, answer.body]).toEqual([
      401,
      '["ERROR_GLPI_LOGIN","Incorrect username or password"]',
    ])
  })

  test.each([
    ['nothing', ''],
    ['an unknown scheme', 'Bearer something-secret'],
    ['no login', basic('', 'something')],
    ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['broken base64', 'Basic ***'],
  ])('by %s lacks its parameters', async (_, authorization) => {
    const answer = await it.ask(INIT, { headers: { authorization } })
    expect([answer.statusCode, answer.json()[0]]).toEqual([400, 'ERROR_LOGIN_PARAMETERS_MISSING'])
  })

  test('compares a user token letter by letter', async () => {
    const upper = { authorization: `user_token ${USER_TOKEN.toUpperCase()}` }
    expect((await it.ask(INIT, { headers: upper })).json()[0]).toBe('ERROR_GLPI_LOGIN_USER_TOKEN')
  })

  test('ends with killSession, once', async () => {
    const token = await it.logIn('alice')
    const other = await it.logIn('alice')
    const kill = () => it.askAs(token, '/apirest.php/killSession', { method: 'POST', headers: JSON_TYPE })
    const [first, second] = [await kill(), await kill()]
    expect([first.statusCode, first.body]).toEqual([200, ''])
    expect([second.statusCode, second.json()[0]]).toEqual([401, 'ERROR_SESSION_TOKEN_INVALID'])
    expect((await it.askAs(token, '/apirest.php/getFullSession')).statusCode).toBe(401)
    expect((await it.askAs(other, '/apirest.php/getFullSession')).statusCode).toBe(200)
  })

  test('ends once even when killSession is sent twice at once', async () => {
    const token = await it.logIn('alice')
    const kills = await Promise.all([1, 2].map(() => it.askAs(token, '/apirest.php/killSession')))
    expect(kills.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401])
  })
})

describe('the limit of failed logins', () => {
  const wrong = { authorization: basic('nobody', 'guess') }
  const alice = { authorization: basic(ALICE.login, ALICE.password) }
  const statuses = async (answers: Promise<{ statusCode: number }>[]) =>
    (await Promise.all(answers)).map(({ statusCode }) => statusCode)
  const times = <Value>(count: number, make: (index: number) => Value) =>
    Array.from({ length: count }, (_, index) => make(index))

  test('refuses the eleventh guess a minute from one address, and its right one', async () => {
    const it = await startApp()
    for (let guess = 0; guess < 10; guess++)
      expect((await it.ask(INIT, { headers: wrong })).statusCode).toBe(401)
    const refused = await it.ask(INIT, { headers: wrong })
    expect([refused.statusCode, refused.json()[0]]).toEqual([429, 'ERROR_TOO_MANY_REQUESTS'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect((await it.ask(INIT, { headers: alice })).statusCode).toBe(429)
    // Another address has its own count; one that invents a forwarding header does not.
    expect((await it.ask(INIT, { headers: alice, remoteAddress: '192.0.2.7' })).statusCode).toBe(200)
    const invented = { ...alice, 'x-forwarded-for': '192.0.2.8' }
    expect((await it.ask(INIT, { headers: invented })).statusCode).toBe(429)
  })

  test('holds for guesses that are sent at once', async () => {
    const it = await startApp()
    const guesses = await statuses(times(25, () => it.ask(INIT, { headers: wrong })))
    expect(guesses.filter((status) => status === 401)).toHaveLength(10)
    expect(guesses.filter((status) => status === 429)).toHaveLength(15)
  })

  test('counts user tokens and passwords together', async () => {
    const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '2' })
    const token = { authorization: 'user_token guessed-user-token' }
    expect((await it.ask(INIT, { headers: token })).statusCode).toBe(401)
    expect((await it.ask(INIT, { headers: wrong })).statusCode).toBe(401)
    expect((await it.ask(INIT, { headers: token })).statusCode).toBe(429)
  })

  test('does not count good logins, one by one or at once', async () => {
    const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '3' })
    for (let login = 0; login < 5; login++)
      expect((await it.ask(INIT, { headers: alice })).statusCode).toBe(200)
    expect(await statuses(times(8, () => it.ask(INIT, { headers: alice })))).toEqual(times(8, () => 200))
    expect(await statuses(times(4, () => it.ask(INIT, { headers: wrong })))).toEqual([401, 401, 401, 429])
  })

  test('does not count what was no login at all', async () => {
    const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '1' })
    for (let count = 0; count < 5; count++) expect((await it.ask(INIT)).statusCode).toBe(400)
    expect((await it.ask(INIT, { headers: alice })).statusCode).toBe(200)
  })

  test('is lifted by 0', async () => {
    const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
    expect(new Set(await statuses(times(15, () => it.ask(INIT, { headers: wrong }))))).toEqual(new Set([401]))
  })
})

describe("the demo's logins, which the world knows,", () => {
  const demo = { authorization: basic('tech', 'tech') }
  const REMOTE = ['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', '0.0.0.0']
  const LOOPBACK = ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']
  const FORWARDED = [
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Real-IP',
    'Via',
  ]
  let it: TestApp
  let token: string
  beforeAll(async () => {
    it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0', TRUSTED_PROXIES: '127.0.0.1' })
    token = await it.logIn('tech')
    await it.people.changeUser(4, { api_token: secret('api-token-of-the-demo-technician') })
  })

  test.each(LOOPBACK)('work from %s', async (remoteAddress) => {
    expect((await it.ask(INIT, { headers: demo, remoteAddress })).statusCode).toBe(200)
  })

  test.each([
    ...REMOTE.map((remoteAddress) => [`from ${remoteAddress}`, { remoteAddress }, {}] as const),
    ...FORWARDED.map((name) => [`with ${name}`, {}, { [name]: '127.0.0.1' }] as const),
  ])('do not work %s', async (_, from, headers) => {
    const refused = await it.ask(INIT, { headers: { ...demo, ...headers }, ...from })
    expect([refused.statusCode, refused.json()[0]]).toEqual([401, 'ERROR_GLPI_LOGIN'])
    expect(refused.json()[1]).toMatch(/^Demo logins work from this machine only/)
    const byToken = { authorization: 'user_token api-token-of-the-demo-technician', ...headers }
    expect((await it.ask(INIT, { headers: byToken, ...from })).statusCode).toBe(401)
    // A session that was opened here is of no use elsewhere.
    for (const url of ['/apirest.php/getFullSession', '/plugins/callmanager/api.php/users/1234567890']) {
      expect((await it.askAs(token, url, { headers, ...from })).statusCode).toBe(401)
    }
  })

  test('are the only ones that stay here: everybody else logs in from anywhere', async () => {
    const headers = { authorization: basic(ALICE.login, ALICE.password), 'x-forwarded-for': '203.0.113.1' }
    expect((await it.ask(INIT, { headers, remoteAddress: '192.0.2.1' })).statusCode).toBe(200)
  })
})
