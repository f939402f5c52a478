import { hash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LightMyRequestResponse } from 'fastify'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { ALICE, API, BOB, DOCUMENTED_RIO, startApp, type TestApp } from '../../test/support/app.ts'
import { asHost } from '../../test/support/as-host.ts'
import { ATTACHED, asStored, embeddedOnly } from '../../test/support/helpdesk.ts'
import { hostTimeIn, PROFILES } from '../../test/support/people.ts'
import { type DemoPerson, PEOPLE } from '../helpdesk/embedded/demo-people.ts'

const DOCUMENTED = `${API}/users/${DOCUMENTED_RIO}`
const DOCUMENTED_BODY =
  '{"users":[{"id":1,"phone":"+1234567890","lastname":"Doe","firstname":"John","rio":"1234567890",' +
  '"email":"john.doe@example.com","entity":"Préfecture du Rhône","location":"Bâtiment A"}]}'
const VILLEFRANCHE_RIO = PEOPLE.bareExtension.rio ?? ''

/** Like a session's token, and nobody's. */
const UNKNOWN_TOKEN = 'nobodynobodynobodynobody00'
const COOKIE = `glpi_${'0123456789abcdef'.repeat(2)}`

const ids = (answer: { body: string }): number[] =>
  JSON.parse(answer.body).users.map(({ id }: { id: number }) => id)

function expectError(answer: LightMyRequestResponse, status: number, text: string | RegExp): void {
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(Object.keys(answer.json())).toEqual(['error'])
  expect(answer.json().error).toMatch(text)
}

function journal({ services }: TestApp) {
  return services.storage.db.selectFrom('glpi_plugin_callmanager_lookups').selectAll().orderBy('id').execute()
}

describe('looking up by RIO', () => {
  describe('answers the documented example, byte for byte,', () => {
    test.each([
      ['custom_table', {}],
      ['name', { name: DOCUMENTED_RIO }],
      ['registration_number', { registration_number: DOCUMENTED_RIO }],
    ])('when RIOs are kept in %s', async (method, columns) => {
      const it = await startApp()
      await it.services.settings.set('rio_storage_method', method)
      await it.people.changeUser(1, columns)
      const answer = await it.askAs(await it.logIn('tech'), DOCUMENTED)

      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(answer.body).toBe(DOCUMENTED_BODY)
    })
  })

  test('reads the RIO only where the storage method says', async () => {
    const it = await startApp()
    const token = await it.logIn('tech')
    const { login, registrationNumber, rio } = PEOPLE.johnDoe
    const everywhere = async () => {
      const asked = [rio, login, registrationNumber].map((one) => it.askAs(token, `${API}/users/${one}`))
      return (await Promise.all(asked)).map(ids)
    }

    expect(await everywhere()).toEqual([[1], [], []])
    await it.services.settings.set('rio_storage_method', 'name')
    expect(await everywhere()).toEqual([[], [1], []])
    await it.services.settings.set('rio_storage_method', 'registration_number')
    expect(await everywhere()).toEqual([[], [], [1]])
  })

  test('carries headers that keep the answer to the one who asked', async () => {
    const it = await startApp()
    const { headers } = await it.askAs(await it.logIn('tech'), DOCUMENTED)

    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  describe('shows', () => {
    let it: TestApp
    let alice: string
    beforeAll(async () => {
      it = await startApp()
      alice = await it.logIn('alice')
    })
    const look = async (person: DemoPerson) => {
      const answer = await it.askAs(alice, `${API}/users/${encodeURIComponent(person.rio ?? '')}`)
      return answer.json().users
    }

    test('two users of one RIO, by id', async () => {
      expect((await look(PEOPLE.sameRioTwo)).map(({ id }: { id: number }) => id)).toEqual([28, 29])
    })

    test.each([
      ['an apostrophe', PEOPLE.apostrophe, { lastname: "O'Brien", email: "siobhan.o'brien@example.org" }],
      ['markup', PEOPLE.markup, { firstname: '<b>Bold</b>' }],
      ['joined emoji', PEOPLE.emoji, { firstname: asStored('Léa 👩‍💻'), lastname: 'Noël' }],
      ['accents', PEOPLE.accents, { firstname: 'Éléonore', entity: 'Secrétariat général' }],
      ['a phone number', PEOPLE.twoNumbers, { phone: '04 65 71 12 09 / 06 00 00 12 09' }],
      ['a RIO', PEOPLE.separatedRio, { rio: '12 34-567' }],
    ])('%s as it was typed', async (_, person, fields) => {
      expect(await look(person)).toMatchObject([{ id: person.id, ...fields }])
    })

    test.each([
      ['what is missing as empty text', PEOPLE.noPhone, { phone: '', email: '', location: '' }],
      ['the default address', PEOPLE.defaultEmailLast, { email: 'sandrine.picard@example.org' }],
      [
        'the oldest address where none is the default',
        PEOPLE.emailsWithoutDefault,
        { email: 'd.marchand@example.org' },
      ],
    ])('%s', async (_, person, fields) => {
      expect(await look(person)).toMatchObject([fields])
    })
  })
})

describe('a session', () => {
  let it: TestApp
  let token: string
  beforeAll(async () => {
    it = await startApp()
    token = await it.logIn('alice')
  })
  const status = async (headers: Record<string, string>, url = DOCUMENTED) =>
    (await it.ask(url, { headers })).statusCode

  test.each(['Session-Token', 'session-token', 'SESSION-TOKEN', 'sEsSiOn-tOkEn'])(
    'is shown by the header %s',
    async (name) => {
      expect((await it.askRaw({ path: DOCUMENTED, headers: { [name]: token } })).status).toBe(200)
    },
  )

  test('is shown by the cookie of the helpdesk', async () => {
    expect(await status({ cookie: `${COOKIE}=${token}` })).toBe(200)
    expect(await status({ cookie: `a=b; ${COOKIE}=${token}; c=d` })).toBe(200)
  })

  test.each([
    ['not at all', {}, /No session/],
    ['by an empty header', { 'session-token': '' }, /No session/],
    ['by an unknown token', { 'session-token': UNKNOWN_TOKEN }, /Session invalid/],
    ['by a token of another form', { 'session-token': '../../etc/passwd' }, /Session invalid/],
    ['by an unknown cookie', { cookie: `${COOKIE}=${UNKNOWN_TOKEN}` }, /Session invalid/],
  ])('that is shown %s is a 401', async (_, headers, text) => {
    expectError(await it.ask(DOCUMENTED, { headers }), 401, text)
  })

  test.each(['session_token', 'Session-Token', COOKIE])(
    'is never read from the query string (%s)',
    async (name) => {
      expect(await status({}, `${DOCUMENTED}?${name}=${token}`)).toBe(401)
    },
  )

  test('by header wins: a good header ignores a bad cookie, a bad header is not rescued by a good one', async () => {
    const good = `${COOKIE}=${token}`
    const bad = `${COOKIE}=${UNKNOWN_TOKEN}`
    expect(await status({ 'session-token': token, cookie: bad })).toBe(200)
    expect(await status({ 'session-token': UNKNOWN_TOKEN, cookie: good })).toBe(401)
    // A header that says nothing is no header.
    expect(await status({ 'session-token': '', cookie: good })).toBe(200)
  })

  test.each([
    ['too short', `glpi_${'a'.repeat(31)}`],
    ['too long', `glpi_${'a'.repeat(129)}`],
    ['not hexadecimal', `glpi_${'g'.repeat(32)}`],
    ['in capitals', `glpi_${'A'.repeat(32)}`],
    ['of another beginning', `xglpi_${'a'.repeat(32)}`],
    ['the one of ITSM-NG 0', 'glpi_abc'],
  ])('in a cookie whose name is %s is none', async (_, name) => {
    expect(await status({ cookie: `${name}=${token}` })).toBe(401)
  })

  test('is found in the third cookie, and no longer looked for in the fourth', async () => {
    const cookies = (start: number, dead: number) => {
      const others = Array.from(
        { length: dead },
        (_, index) => `dead${String(start + index).padStart(22, '0')}`,
      )
      const all = [...others, token].map((value, index) => `glpi_${String(index).repeat(32)}=${value}`)
      return { cookie: all.join('; ') }
    }
    expect(await status(cookies(0, 2))).toBe(200)
    expect(await status(cookies(10, 3))).toBe(401)
  })

  embeddedOnly('sessions are the host’s, which ends them', () => {
    test('that a cookie failed to show is not looked for again for 30 seconds', async () => {
      const late = 'latelatelatelatelatelate00'
      const cookie = { cookie: `${COOKIE}=${late}` }
      expect(await status(cookie)).toBe(401)
      // The very same token comes to life; only a header asks for it anew.
      const now = Date.now()
      await it.services.storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_plugin_callmanager_sessions')
          .values({
            token_hash: hash('sha256', late),
            users_id: ALICE.id,
            profiles_id: PROFILES.superAdmin,
            entities_id: 0,
            is_recursive: 1,
            created_at: now,
            seen_at: now,
          })
          .execute(),
      )
      expect(await status({ 'session-token': late })).toBe(200)
      expect(await status(cookie)).toBe(401)

      vi.useFakeTimers({ toFake: ['Date'], now: now + 31_000 })
      expect(await status(cookie)).toBe(200)
    })
    afterEach(() => void vi.useRealTimers())

    test('ends after 24 minutes without use, and lives on with it', async () => {
      const session = await it.logIn('alice')
      const start = Date.now()
      for (const [minutes, expected] of [
        [23, 200],
        [46, 200],
        [69, 200],
        [94, 401],
      ] as const) {
        vi.useFakeTimers({ toFake: ['Date'], now: start + minutes * 60_000 })
        expect({ minutes, status: await status({ 'session-token': session }) }).toEqual({
          minutes,
          status: expected,
        })
      }
    })
  })

  test('is kept by its hash alone', async () => {
    const rows = await it.services.storage.db
      .selectFrom('glpi_plugin_callmanager_sessions')
      .selectAll()
      .execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    if (ATTACHED) expect(rows).toEqual([])
    else expect(rows.map((row) => row.token_hash)).toContain(hash('sha256', token))
  })
})

describe('a withdrawal takes effect at the next request:', () => {
  const change = (columns: object) => (it: TestApp) => it.people.changeUser(ALICE.id, columns)
  const access = 'plugin_callmanager_access'
  test.each<[string, (it: TestApp) => Promise<unknown>, number, RegExp]>([
    ['the plugin right', (it) => it.people.setRight(4, access, 0), 403, /READ on plugin_callmanager_access$/],
    [
      'READ, where UPDATE stays',
      (it) => it.people.setRight(4, access, 2),
      403,
      /READ on plugin_callmanager_access$/,
    ],
    ["the host's right to see users", (it) => it.people.setRight(4, 'user', 7326), 403, /READ on user$/],
    [
      'the profile',
      (it) =>
        asHost(it.services.storage).write('normal', (tx) =>
          tx.deleteFrom('glpi_profiles_users').where('users_id', '=', ALICE.id).execute(),
        ),
      403,
      /Right missing/,
    ],
    ['the account, deactivated', change({ is_active: 0 }), 401, /no longer usable/],
    ['the account, deleted', change({ is_deleted: 1 }), 401, /no longer usable/],
    ['the account, ended', change({ end_date: hostTimeIn(-1) }), 401, /no longer usable/],
    ['the account, not begun', change({ begin_date: hostTimeIn(3600) }), 401, /no longer usable/],
    ['the account, purged', (it) => it.people.purgeUser(ALICE.id), 401, /no longer usable/],
  ])('%s', async (_, withdraw, status, text) => {
    const it = await startApp()
    const token = await it.logIn('alice')
    expect((await it.askAs(token, DOCUMENTED)).body).toBe(DOCUMENTED_BODY)

    await withdraw(it)
    expectError(await it.askAs(token, DOCUMENTED), status, text)
    expectError(await it.askAs(token, `${API}/users/999999999`), status, text)
  })

  test('an entity', async () => {
    const it = await startApp()
    const token = await it.logIn('bob')
    expect(ids(await it.askAs(token, `${API}/users/${VILLEFRANCHE_RIO}`))).toEqual([11])
    await asHost(it.services.storage).write('normal', (tx) =>
      tx.updateTable('glpi_profiles_users').set({ entities_id: 7 }).where('users_id', '=', BOB.id).execute(),
    )
    expect(ids(await it.askAs(token, `${API}/users/${VILLEFRANCHE_RIO}`))).toEqual([])
  })
})

describe('who lacks the right', () => {
  test('is told which one', async () => {
    const it = await startApp()
    const answer = await it.askAs(await it.logIn('charlie'), DOCUMENTED)
    expectError(answer, 403, /^Right missing: the profile lacks READ on plugin_callmanager_access$/)
  })

  test('gets the same for a user who is there and for one who is not', async () => {
    const it = await startApp()
    const token = await it.logIn('charlie')
    const [known, unknown] = [
      await it.askAs(token, DOCUMENTED),
      await it.askAs(token, `${API}/users/999999999`),
    ]
    expect(known.body).toBe(unknown.body)
  })

  test('cannot be given it on a helpdesk profile', async () => {
    const it = await startApp()
    await it.people.setRight(PROFILES.selfService, 'plugin_callmanager_access', 3)
    await it.people.setRight(PROFILES.selfService, 'user', 1)
    expectError(await it.askAs(await it.logIn('post-only'), DOCUMENTED), 403, /Right missing/)
  })
})

describe('scope', () => {
  /** Usable, and within Villefranche by one of their memberships. */
  const seenByBob = [
    PEOPLE.bareExtension,
    PEOPLE.recursive,
    PEOPLE.severalProfiles,
    PEOPLE.sameRioOne,
    PEOPLE.noPhone,
  ]
  const hidden = [PEOPLE.deleted, PEOPLE.inactive, PEOPLE.notYetBegun, PEOPLE.ended]
  const withRio = Object.values(PEOPLE).filter(({ rio }) => rio !== null && rio !== '')
  const having = (rio: string | null, people: DemoPerson[]) =>
    people.filter((person) => person.rio === rio).map(({ id }) => id)

  let it: TestApp
  let alice: string
  let bob: string
  beforeAll(async () => {
    it = await startApp()
    alice = await it.logIn('alice')
    bob = await it.logIn('bob')
  })

  test.each(withRio.map((person) => [person.why, person] as const))(
    'of Alice and of Bob: %s',
    async (_, person) => {
      const url = `${API}/users/${encodeURIComponent(person.rio ?? '')}`
      const usable = withRio.filter((one) => !hidden.includes(one))
      expect(ids(await it.askAs(alice, url))).toEqual(having(person.rio, usable))
      expect(ids(await it.askAs(bob, url))).toEqual(having(person.rio, seenByBob))
    },
  )

  test('answers for somebody out of it as for nobody', async () => {
    const outside = await it.askAs(bob, DOCUMENTED)
    const nobody = await it.askAs(bob, `${API}/users/999999999`)
    expect([outside.statusCode, outside.body]).toEqual([200, '{"users":[]}'])
    expect([nobody.statusCode, nobody.body]).toEqual([200, '{"users":[]}'])
  })
})

describe('an identifier', () => {
  const ZWJ = '👩‍💻'
  const LONG = '😀'.repeat(255)
  const rios = [
    "x' or '1'='1",
    '%',
    '%25',
    'a\\b',
    'null',
    'éàü',
    ZWJ,
    'a/b',
    '..',
    '.',
    '+33600000042',
    'a;b',
    'a?b',
    'AbC',
    '"quoted"',
    LONG,
  ]
  let it: TestApp
  let token: string
  let idOf: Map<string, number>
  beforeAll(async () => {
    it = await startApp()
    token = await it.logIn('alice')
    idOf = new Map()
    for (const [index, rio] of rios.entries()) {
      idOf.set(rio, await it.people.addUser({ login: `spelling-${index}`, rio }))
    }
  })
  const askFor = (path: string) =>
    it.askRaw({ path: `${API}/users/${path}`, headers: { 'Session-Token': token } })
  const enc = encodeURIComponent

  test.each<[string, string, string | null]>([
    ['with a quote', enc("x' or '1'='1"), "x' or '1'='1"],
    ['with a raw quote', "x'%20or%20'1'='1", "x' or '1'='1"],
    ['that is half a quoted text', enc("' or '1'='1"), null],
    ['that ends a statement', enc("'; drop table glpi_users; --"), null],
    ['in double quotes', enc('"quoted"'), '"quoted"'],
    ['of a percent sign', '%25', '%'],
    ['of a percent sign encoded twice', '%2525', '%25'],
    ['that would be a wildcard', enc('_'), null],
    ['with a backslash', enc('a\\b'), 'a\\b'],
    ['null', 'null', 'null'],
    ['NULL', 'NULL', 'null'],
    ['undefined', 'undefined', null],
    ['with accents', enc('éàü'), 'éàü'],
    ['with accents taken apart', enc('éàü'.normalize('NFD')), 'éàü'],
    ['with accents in capitals', enc('ÉÀÜ'), 'éàü'],
    ['without the accents', 'eau', null],
    ['of joined emoji', enc(ZWJ), ZWJ],
    ['of a part of joined emoji', enc('👩'), null],
    ['with an encoded slash', 'a%2Fb', 'a/b'],
    ['of two dots', '..', '..'],
    ['of two encoded dots', '%2e%2E', '..'],
    ['of a dot', '.', '.'],
    ['with a plus', '+33600000042', '+33600000042'],
    ['with an encoded plus', '%2B33600000042', '+33600000042'],
    ['with a semicolon', 'a;b', 'a;b'],
    ['with an encoded semicolon', 'a%3Bb', 'a;b'],
    ['with an encoded question mark', 'a%3Fb', 'a?b'],
    ['before a query', 'a?b', null],
    ['in other letter case', 'aBc', 'AbC'],
    ['with space around it', '%20AbC%20', 'AbC'],
    ['of space alone', '%20', null],
    ['of no-break space alone', '%C2%A0', null],
    ['of markup', enc('<script>alert(1)</script>'), null],
    ['of 255 code points', enc(LONG), LONG],
    ['of 255 letters', 'z'.repeat(255), null],
  ])('%s is taken as it is', async (_, path, rio) => {
    const answer = await askFor(path)
    expect({ status: answer.status, ids: ids(answer) }).toEqual({
      status: 200,
      ids: rio === null ? [] : [idOf.get(rio)],
    })
  })

  test.each([
    ['of 256 letters', 'z'.repeat(256)],
    ['of 256 emoji', enc('😀'.repeat(256))],
    ['of 10,000 letters', 'z'.repeat(10_000)],
    ['with a NUL', '12%0034'],
    ['of a NUL', '%00'],
    ['with a line feed', '12%0A34'],
    ['of a line feed', '%0A'],
    ['that ends in a line feed', '1234567890%0A'],
    ['of a tab', '%09'],
    ['with DEL', '12%7F'],
    ['with a C1 control character', '12%C2%85'],
    ['that is not UTF-8', '%FF'],
    ['with half an encoded character', '12%C3'],
    ['with a lone surrogate', '%ED%A0%80'],
    ['with an overlong slash', '%C0%AF'],
    ['with half an escape', '12%'],
    ['with an escape of other letters', '%zz'],
  ])('%s is a 400', async (_, path) => {
    const answer = await askFor(path)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(JSON.parse(answer.body).error).toMatch(/^Malformed identifier/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['20,000 letters', 'z'.repeat(20_000)],
    ['a raw line of spaces', 'a b c'],
    ['bytes that are no ASCII', 'éàü'],
  ])('of %s is refused, never a fault of ours', async (_, path) => {
    const { status } = await askFor(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  test.each([
    ['users', 404],
    ['users/', 404],
    ['users/a/b', 404],
    ['users/1234567890/tickets', 404],
    ['', 404],
    ['nosuch', 404],
  ])('is missing in %s', async (path, status) => {
    const answer = await it.askAs(token, `${API}/${path}`)
    expectError(answer, status, /^Not found$/)
  })
})

describe('other methods', () => {
  let it: TestApp
  let token: string
  beforeAll(async () => {
    it = await startApp()
    token = await it.logIn('alice')
  })
  const headers = () => ({ 'session-token': token })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is a 405 with Allow', async (method) => {
    for (const url of [DOCUMENTED, `${API}/config/rio_storage_method`]) {
      const answer = await it.ask(url, { method, headers: headers() })
      expectError(answer, 405, /^Method not allowed/)
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
    }
  })

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'a=b'],
    ['broken JSON', 'application/json', '{'],
    ['an empty JSON body', 'application/json', ''],
    ['a type of its own', 'application/x-nothing', 'x'],
  ])('POST with %s is a 405 all the same', async (_, type, payload) => {
    const sent = { ...headers(), 'content-type': type }
    expectError(
      await it.ask(DOCUMENTED, { method: 'POST', headers: sent, payload }),
      405,
      /^Method not allowed/,
    )
  })

  test('OPTIONS tells the methods, without a session', async () => {
    const answer = await it.ask(DOCUMENTED, { method: 'OPTIONS' })
    expect([answer.statusCode, answer.headers.allow, answer.body]).toEqual([204, 'GET, HEAD, OPTIONS', ''])
  })

  test('HEAD answers what GET does, without the body', async () => {
    const answer = await it.askRaw({ method: 'HEAD', path: DOCUMENTED, headers: { 'Session-Token': token } })
    expect([answer.status, answer.headers.get('content-length'), answer.body]).toEqual([
      200,
      String(Buffer.byteLength(DOCUMENTED_BODY)),
      '',
    ])
    expect((await it.askRaw({ method: 'HEAD', path: DOCUMENTED })).status).toBe(401)
  })
})

describe("the host's API clients", () => {
  const ipv4 = (address: string) =>
    address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0)
  const APP_TOKEN = 'app-token-of-the-switchboard'

  const OURSELVES = {
    name: 'Call Manager',
    ipv4_range_start: ipv4('127.0.0.1'),
    ipv4_range_end: ipv4('127.0.0.1'),
  }

  /** The rows are remembered for a second, so they are set before anybody asks. */
  async function startWith(client: object, settings = {}): Promise<{ it: TestApp; token: string }> {
    const it = await startApp(settings)
    await asHost(it.services.storage).write('normal', async (tx) => {
      await tx.updateTable('glpi_apiclients').set(client).execute()
      // A host has to admit us too, who ask it for the session.
      if (ATTACHED)
        await tx
          .insertInto('glpi_apiclients')
          .values({ ...OURSELVES, is_active: 1 })
          .execute()
    })
    return { it, token: await it.logIn('alice') }
  }

  const NETWORK = {
    ipv4_range_start: ipv4('10.1.0.0'),
    ipv4_range_end: ipv4('10.1.255.255'),
    ipv6: null,
    app_token: null,
    is_active: 1,
  }
  const LOCKED = {
    ipv4_range_start: null,
    ipv4_range_end: null,
    ipv6: null,
    app_token: APP_TOKEN,
    is_active: 1,
  }
  test.each<[string, object, string, Record<string, string>, number]>([
    ['lets an address of the range in', NETWORK, '10.1.2.3', {}, 200],
    ['lets it in as IPv6 tells it', NETWORK, '::ffff:10.1.2.3', {}, 200],
    ['refuses an address outside', NETWORK, '10.2.0.0', {}, 403],
    ['refuses IPv6 where only IPv4 is given', NETWORK, '2001:db8::1', {}, 403],
    ['refuses everybody when it is not active', { ...NETWORK, is_active: 0 }, '10.1.2.3', {}, 403],
    ['refuses a missing App-Token', LOCKED, '10.1.2.3', {}, 403],
    ['refuses a wrong App-Token', LOCKED, '10.1.2.3', { 'app-token': 'wrong-app-token' }, 403],
    ['lets the right App-Token in', LOCKED, '10.1.2.3', { 'App-Token': APP_TOKEN }, 200],
    [
      'refuses an App-Token where none is kept',
      { ...LOCKED, app_token: null },
      '10.1.2.3',
      { 'app-token': APP_TOKEN },
      403,
    ],
  ])('a client %s', async (_, client, remoteAddress, headers, status) => {
    const { it, token } = await startWith(client)
    const byHeader = await it.askAs(token, DOCUMENTED, { remoteAddress, headers })
    expect(byHeader.statusCode).toBe(status)
    if (status === 403) expectError(byHeader, 403, /^No API client allows this address and App-Token/)
    expect(byHeader.body).not.toContain(remoteAddress)

    // Our own pages are no API client.
    const byCookie = await it.ask(DOCUMENTED, { remoteAddress, headers: { cookie: `${COOKIE}=${token}` } })
    expect(byCookie.statusCode).toBe(200)
  })

  test('does not take the word of a proxy that is not trusted', async () => {
    const { it, token } = await startWith(NETWORK)
    const headers = { 'x-forwarded-for': '10.1.2.3' }
    expect((await it.askAs(token, DOCUMENTED, { remoteAddress: '192.0.2.1', headers })).statusCode).toBe(403)
  })

  test('is seen to change within a second', async () => {
    const { it, token } = await startWith({ is_active: 1 })
    const status = async () => (await it.askAs(token, DOCUMENTED, { remoteAddress: '10.1.2.3' })).statusCode
    expect(await status()).toBe(200)
    await asHost(it.services.storage).write('normal', (tx) =>
      tx.updateTable('glpi_apiclients').set({ is_active: 0 }).execute(),
    )
    await sleep(1050)
    expect(await status()).toBe(403)
  })

  test('takes the word of a trusted one', async () => {
    const { it, token } = await startWith(NETWORK, { TRUSTED_PROXIES: '192.0.2.0/24' })
    const ask = (forwarded: string) =>
      it.askAs(token, DOCUMENTED, {
        remoteAddress: '192.0.2.1',
        headers: { 'x-forwarded-for': forwarded },
      })
    expect((await ask('10.1.2.3')).statusCode).toBe(200)
    // What stands before the proxy's own word is the caller's invention.
    expect((await ask('10.1.2.3, 203.0.113.9')).statusCode).toBe(403)
  })
})

describe('the limit of look-ups', () => {
  test('is counted by session, and told in seconds to wait', async () => {
    const it = await startApp({ LOOKUPS_PER_MINUTE: '3' })
    const [alice, again] = [await it.logIn('alice'), await it.logIn('alice')]
    for (let count = 0; count < 3; count++) expect((await it.askAs(alice, DOCUMENTED)).statusCode).toBe(200)

    const refused = await it.askAs(alice, DOCUMENTED)
    expectError(refused, 429, /^Too many requests/)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect((await it.askAs(again, DOCUMENTED)).statusCode).toBe(200)
  })

  test('holds for what is sent at once', async () => {
    const it = await startApp({ LOOKUPS_PER_MINUTE: '3' })
    const token = await it.logIn('alice')
    const answers = await Promise.all(Array.from({ length: 10 }, () => it.askAs(token, DOCUMENTED)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
      ...Array(3).fill(200),
      ...Array(7).fill(429),
    ])
  })

  test('is lifted by 0', async () => {
    const it = await startApp({ LOOKUPS_PER_MINUTE: '0' })
    const token = await it.logIn('alice')
    // More than the limit allows by itself, but not all in one moment: a busy machine would say that it is overloaded.
    for (let round = 0; round < 35; round++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => it.askAs(token, DOCUMENTED)))
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    }
  })
})

describe('the journal', () => {
  test('has a row for each look-up, found or not, with the identifier masked', async () => {
    const it = await startApp()
    const bob = await it.logIn('bob')
    const before = Date.now()
    await it.askAs(bob, `${API}/users/${VILLEFRANCHE_RIO}`, { remoteAddress: '198.51.100.7' })
    await it.askAs(bob, DOCUMENTED)
    await it.askAs(bob, `${API}/users/%20`)
    await it.ask(DOCUMENTED, { headers: { cookie: `${COOKIE}=${bob}` } })
    const rows = await journal(it)

    const row = {
      users_id: BOB.id,
      impersonator_id: 0,
      entities_id: 5,
      kind: 'rio',
      address: '127.0.0.1',
      hits: 0,
    }
    expect(rows).toMatchObject([
      {
        ...row,
        address: '198.51.100.7',
        hits: 1,
        identifier_masked: `${VILLEFRANCHE_RIO.slice(0, 1)}******`,
      },
      { ...row, identifier_masked: '12********' },
      { ...row, identifier_masked: '*' },
      { ...row, identifier_masked: '12********' },
    ])
    for (const { looked_up_at: at } of rows) {
      expect(at).toBeGreaterThanOrEqual(before)
      expect(at).toBeLessThanOrEqual(Date.now())
    }
    expect(JSON.stringify(rows)).not.toContain(VILLEFRANCHE_RIO)
    expect(JSON.stringify(rows)).not.toContain(DOCUMENTED_RIO)
  })

  test('has the row before the answer leaves', async () => {
    const it = await startApp()
    const token = await it.logIn('alice')
    const counts = await Promise.all(
      Array.from({ length: 20 }, async () => {
        await it.askAs(token, DOCUMENTED)
        return (await journal(it)).length
      }),
    )
    counts.sort((one, other) => one - other)
    for (const [index, count] of counts.entries()) expect(count).toBeGreaterThanOrEqual(index + 1)
    expect(counts.at(-1)).toBe(20)
  })

  test('has none for what was refused', async () => {
    const it = await startApp({ LOOKUPS_PER_MINUTE: '1' })
    const [alice, charlie] = [await it.logIn('alice'), await it.logIn('charlie')]
    await it.ask(DOCUMENTED)
    await it.askAs(UNKNOWN_TOKEN, DOCUMENTED)
    await it.askAs(charlie, DOCUMENTED)
    await it.askAs(alice, `${API}/users/%0A`)
    await it.askAs(alice, DOCUMENTED)
    await it.askAs(alice, DOCUMENTED, { method: 'POST' })
    await it.askAs(alice, `${API}/config/rio_storage_method`)
    expect(await journal(it)).toEqual([])
  })
})

describe('reading where RIOs are kept', () => {
  test.each(['custom_table', 'name', 'registration_number'])('answers %s', async (method) => {
    const it = await startApp()
    await it.services.settings.set('rio_storage_method', method)
    const answer = await it.askAs(await it.logIn('bob'), `${API}/config/rio_storage_method`)
    expect([answer.statusCode, answer.body]).toEqual([
      200,
      `{"key":"rio_storage_method","value":"${method}"}`,
    ])
  })

  test.each([
    'journal_retention_days',
    'RIO_STORAGE_METHOD',
    'setup_code',
    'demo_accounts',
    '__proto__',
    '%00',
  ])('refuses every other key, such as %s', async (key) => {
    const it = await startApp()
    const answer = await it.askAs(await it.logIn('alice'), `${API}/config/${key}`)
    expect([answer.statusCode, answer.body]).toEqual([400, '{"error":"Invalid configuration key"}'])
  })

  test('needs a session and the right', async () => {
    const it = await startApp()
    expectError(await it.ask(`${API}/config/rio_storage_method`), 401, /No session/)
    const charlie = await it.logIn('charlie')
    expectError(await it.askAs(charlie, `${API}/config/rio_storage_method`), 403, /Right missing/)
    expectError(await it.askAs(charlie, `${API}/config/nosuch`), 403, /Right missing/)
  })

  test('needs no right to see users', async () => {
    const it = await startApp()
    await it.people.setRight(PROFILES.technician, 'user', 0)
    const token = await it.logIn('bob')
    expect((await it.askAs(token, `${API}/config/rio_storage_method`)).statusCode).toBe(200)
    expectError(await it.askAs(token, DOCUMENTED), 403, /READ on user$/)
  })
})

embeddedOnly('MariaDB locks rows; `test/faults` makes it ill', () => {
  test('a database that stays locked is a 503, and the next look-up is answered again', async () => {
    const it = await startApp()
    const token = await it.logIn('alice')
    const other = new DatabaseSync(it.config.DATABASE_URL.slice('file:'.length))
    other.exec('BEGIN IMMEDIATE')
    expectError(await it.askAs(token, DOCUMENTED), 503, /^The database does not answer/)
    other.exec('ROLLBACK')
    other.close()
    expect((await it.askAs(token, DOCUMENTED)).statusCode).toBe(200)
    expect(await journal(it)).toHaveLength(1)
  })
})

test('BASE_PATH stands before every address', async () => {
  const it = await startApp({ BASE_PATH: '/itsm-ng' })
  const token = await it.logIn('tech')
  expect((await it.askAs(token, `/itsm-ng${DOCUMENTED}`)).body).toBe(DOCUMENTED_BODY)
  expect((await it.askAs(token, DOCUMENTED)).statusCode).toBe(404)
  const undecodable = await it.askAs(token, `/itsm-ng${API}/users/%FF`)
  expectError(undecodable, 400, /^Malformed identifier/)
})
