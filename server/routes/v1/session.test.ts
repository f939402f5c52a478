import { describe, expect, test } from 'vitest'
import { ALICE, BOB, secret, startApp, V1 } from '../../../test/support/app.ts'
import { ATTACHED, either, embeddedOnly } from '../../../test/support/helpdesk.ts'
import { VERSION } from '../../version.ts'

const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '3' })

const logIn = (who: { login: string; password: string }, headers: Record<string, string> = {}) =>
  it.ask(`${V1}/session`, {
    method: 'POST',
    payload: { login: who.login, password: secret(who.password) },
    headers,
  })
/** What a host has its own pages for. */
const OURS_TO_DO = { deleteUsers: !ATTACHED, createEntities: !ATTACHED, editEntities: !ATTACHED }
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' }

embeddedOnly('one logs in at the host', () => {
  describe('logging in', () => {
    test('opens a session as a cookie that scripts cannot read, and says who one is', async () => {
      const answer = await logIn(BOB)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['set-cookie']).toMatch(
        /^glpi_[0-9a-f]{32}=[a-v0-9]{26}; Path=\/; HttpOnly; SameSite=Lax$/,
      )
      expect(answer.json()).toMatchObject({
        user: { id: BOB.id, login: 'bob', name: 'bob' },
        profile: { id: 6, name: 'Technician' },
        entity: { id: 5, name: 'Sous-préfecture de Villefranche', recursive: false },
        showsAllEntities: false,
        can: { lookUp: true, writeRio: false, configure: false, readTickets: true, createTickets: true },
        managesAccounts: true,
      })
    })

    test('marks the cookie Secure where the proxy in front speaks TLS, and keeps it to the sub-directory', async () => {
      const proxied = await startApp({ TRUSTED_PROXIES: '127.0.0.1', BASE_PATH: '/itsm-ng' })
      const answer = await proxied.ask(`/itsm-ng${V1}/session`, {
        method: 'POST',
        payload: { login: 'alice', password: ALICE.password },
        headers: { 'x-forwarded-proto': 'https' },
      })
      expect(answer.headers['set-cookie']).toMatch(/; Path=\/itsm-ng; HttpOnly; Secure; SameSite=Lax$/)
    })

    test('refuses a wrong password, and after some of them everybody from there for a while', async () => {
      const guess = () => logIn({ login: 'bob', password: 'not-the-password-of-bob' })
      for (let attempt = 0; attempt < 3; attempt++) expect((await guess()).statusCode).toBe(401)
      const answer = await guess()
      expect(answer.statusCode).toBe(429)
      expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    })

    test.each([
      [{ 'sec-fetch-site': 'cross-site' }],
      [{ origin: 'https://elsewhere.example' }],
      [{ origin: 'null' }],
    ])('refuses a page of another site: %j', async (headers) => {
      const other = await startApp()
      const answer = await other.ask(`${V1}/session`, {
        method: 'POST',
        payload: { login: 'alice', password: ALICE.password },
        headers,
      })
      expect(answer.statusCode).toBe(403)
      expect(answer.json().type).toBe('/problems/origin-refused')
    })

    test.each([
      [{ login: 'bob' }, 'password'],
      [{ login: 'bob', password: 7 }, 'password'],
      [{ login: 'bob', password: 'some words', remember: true }, 'remember'],
    ])('names the field at fault: %j', async (payload, field) => {
      const answer = await it.ask(`${V1}/session`, { method: 'POST', payload })
      expect(answer.statusCode).toBe(400)
      expect(answer.json()).toMatchObject({ field, remedy: expect.any(String) })
    })
  })
})

describe('a session', () => {
  // A store of its own: the one above has turned this address away.
  test('is read by cookie and by token alike', async () => {
    const app = await startApp()
    const token = await app.logIn('bob')
    const byToken = await app.askAs(token, `${V1}/session`)
    const byCookie = await app.ask(`${V1}/session`, {
      headers: { cookie: `glpi_${'0'.repeat(32)}=${token}` },
    })
    expect(byToken.statusCode).toBe(200)
    expect(byCookie.json()).toEqual(byToken.json())
  })

  test('says what is to be offered, and how a ticket is opened', async () => {
    const app = await startApp()
    const session = async (login: string) => (await app.askAs(await app.logIn(login), `${V1}/session`)).json()
    await app.services.settings.set('ticket_target', '12')
    expect(await session('alice')).toMatchObject({
      profile: { name: 'Super-Admin', interface: 'central' },
      can: {
        editUsers: true,
        ...OURS_TO_DO,
        addFollowups: true,
        addPrivateFollowups: true,
      },
      missing: [],
      ticketForm: { target: 12, requestSource: 3 },
      helpdesk: either({
        embedded: { name: 'Call Manager', version: VERSION },
        attached: { name: 'ITSM-NG', version: '1.4.0' },
      }),
    })
    expect(await session('bob')).toMatchObject({
      can: { lookUp: true, editUsers: false, deleteUsers: false, editEntities: false, addFollowups: true },
      missing: [],
      ticketForm: { target: 12, requestSource: 3 },
    })
  })

  test('of somebody without a right tells which are missing', async () => {
    const app = await startApp()
    const answer = await app.askAs(await app.logIn('charlie'), `${V1}/session`)
    expect(answer.statusCode).toBe(200)
    const { can, missing } = answer.json()
    expect(can.lookUp).toBe(false)
    expect(missing).toContainEqual({
      right: 'plugin_callmanager_access',
      name: 'Access to CallManager API/UI',
      level: 'read',
    })
  })

  test('offers entities to whom their route lets', async () => {
    const app = await startApp()
    for (const login of ['alice', 'bob', 'charlie']) {
      const token = await app.logIn(login)
      const { can } = (await app.askAs(token, `${V1}/session`)).json()
      const payload = { name: `Annexe of ${login}`, parentId: 0 }
      const made = await app.askAs(token, `${V1}/entities`, { method: 'POST', payload })
      expect(made.statusCode, login).toBe(can.createEntities ? 201 : either({ embedded: 403, attached: 404 }))
    }
  })

  test('says who one is, and whether accounts are managed here', async () => {
    const app = await startApp()
    expect((await app.askAs(await app.logIn('bob'), `${V1}/session`)).json()).toMatchObject({
      user: { id: BOB.id, login: 'bob', name: 'bob' },
      profile: { id: 6, name: 'Technician' },
      entity: { id: 5, name: 'Sous-préfecture de Villefranche', recursive: false },
      showsAllEntities: false,
      can: { lookUp: true, writeRio: false, configure: false, readTickets: true, createTickets: true },
      version: VERSION,
      managesAccounts: !ATTACHED,
    })
  })

  test('is nobody’s without one', async () => {
    const answer = await it.ask(`${V1}/session`)
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })
})

embeddedOnly('its own pages switch, and log out', () => {
  describe('switching', async () => {
    const app = await startApp()
    const read = async (token: string) => (await app.askAs(token, `${V1}/session`)).json()
    const change = (token: string, payload: object) =>
      app.askAs(token, `${V1}/session`, { method: 'PATCH', payload })

    test('to an entity of the profile narrows what is seen, and null widens it again', async () => {
      const token = await app.logIn('alice')
      expect((await change(token, { entityId: 5, recursive: false })).json()).toMatchObject({
        entity: { id: 5, recursive: false },
        showsAllEntities: false,
      })
      const narrow = await app.askAs(token, '/plugins/callmanager/api.php/users/1234567890')
      expect(narrow.json()).toEqual({ users: [] })
      expect((await change(token, { entityId: null })).json()).toMatchObject({ showsAllEntities: true })
    })

    test('to another profile takes that one’s rights at once', async () => {
      const id = await app.people.addUser({
        login: 'dora',
        memberships: [
          { entity: 5, profile: 6 },
          { entity: 0, recursive: 1, profile: 2 },
        ],
      })
      const token = await app.logIn('alice')
      await app.services.storage.write('normal', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_sessions')
          .set({ users_id: id, profiles_id: 6, entities_id: 5 })
          .where('users_id', '=', ALICE.id)
          .execute(),
      )
      expect(await read(token)).toMatchObject({ profile: { name: 'Technician' }, can: { lookUp: true } })
      expect((await change(token, { profileId: 2 })).json()).toMatchObject({
        profile: { name: 'Observer' },
        entity: { id: 0, recursive: true },
        can: { lookUp: false },
      })
    })

    test.each([
      [{ profileId: 3 }, 422, 'profileId'],
      [{ entityId: 4711 }, 422, 'entityId'],
      [{ language: 'French' }, 400, 'language'],
      [{}, 400, undefined],
    ])('refuses %j', async (payload, status, field) => {
      const answer = await change(await app.logIn('bob'), payload)
      expect(answer.statusCode).toBe(status)
      expect(answer.json().field).toBe(field)
    })

    test('keeps the language with the account', async () => {
      const token = await app.logIn('bob')
      expect((await change(token, { language: 'fr_FR' })).json().language).toBe('fr_FR')
      expect((await read(await app.logIn('bob'))).language).toBe('fr_FR')
    })
  })

  describe('logging out', async () => {
    test('ends the session and makes the browser forget the cookie', async () => {
      const app = await startApp()
      const token = await app.logIn('bob')
      const answer = await app.askAs(token, `${V1}/session`, { method: 'DELETE' })
      expect(answer.statusCode).toBe(204)
      expect(answer.headers['set-cookie']).toMatch(/^glpi_[0-9a-f]{32}=; Max-Age=0; Path=\/; HttpOnly/)
      expect((await app.askAs(token, `${V1}/session`)).statusCode).toBe(401)
    })
  })
})

describe('a change by cookie', async () => {
  const app = await startApp()
  const cookie = `glpi_${'0'.repeat(32)}=${await app.logIn('alice')}`
  const { url, payload } = either({
    embedded: { url: `${V1}/session`, payload: { language: 'fr_FR' } },
    attached: { url: `${V1}/settings`, payload: { journalRetentionDays: 90 } },
  })

  test.each<[string, Record<string, string>, number]>([
    ['from a page of our own', OWN_PAGE, 200],
    ['from a page of our own in a browser that only says Origin', { origin: 'http://localhost:80' }, 200],
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }, 403],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['from another origin', { origin: 'http://elsewhere.example' }, 403],
    ['without any proof', {}, 403],
  ])('%s', async (_from, headers, status) => {
    const answer = await app.ask(url, {
      method: 'PATCH',
      payload,
      headers: { cookie, host: 'localhost:80', 'if-match': '*', ...headers },
    })
    expect(answer.statusCode).toBe(status)
  })
})
