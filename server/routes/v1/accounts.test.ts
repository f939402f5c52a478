import { beforeEach, describe, expect, test } from 'vitest'
import type { User } from '../../../contract/users.ts'
import { ALICE, API, BOB, basic, secret, startApp, type TestApp, V1 } from '../../../test/support/app.ts'

const THIERRY = 11
const ISABELLE = 10
const ITSM = 2
const PASSWORD = 'a-new-one-for-testing'

let it: TestApp
let alice: string
let bob: string

beforeEach(async () => {
  it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
  alice = await it.logIn('alice')
  bob = await it.logIn('bob')
})

const setPassword = (token: string, id: number, password = secret(PASSWORD), headers = {}) =>
  it.askAs(token, `${V1}/users/${id}/password`, { method: 'PUT', payload: { password }, headers })
const setProfiles = (
  token: string,
  id: number,
  payload: object,
  headers: Record<string, string> = { 'if-match': '*' },
) => it.askAs(token, `${V1}/users/${id}/profiles`, { method: 'PUT', payload, headers })
const remove = (token: string, id: number, query = '') =>
  it.askAs(token, `${V1}/users/${id}${query}`, { method: 'DELETE' })
const logInAs = (login: string, password: string) =>
  it.ask('/apirest.php/initSession', { headers: { authorization: basic(login, password) } })

async function letBobWrite(): Promise<void> {
  await it.services.storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_profilerights')
      .set({ rights: 3 })
      .where('profiles_id', '=', 6)
      .where('name', '=', 'plugin_callmanager_access')
      .execute(),
  )
}

describe('a password', () => {
  test('that is set lets its owner in, and ends what sessions they had', async () => {
    expect((await setPassword(alice, BOB.id)).statusCode).toBe(204)
    expect((await it.askAs(bob, `${V1}/session`)).statusCode).toBe(401)
    expect((await logInAs('bob', BOB.password)).statusCode).toBe(401)
    expect((await logInAs('bob', PASSWORD)).statusCode).toBe(200)
  })

  test('of one’s own keeps the session that sets it, and ends the others', async () => {
    const other = await it.logIn('alice')
    expect((await setPassword(alice, ALICE.id)).statusCode).toBe(204)
    expect((await it.askAs(alice, `${V1}/session`)).statusCode).toBe(200)
    expect((await it.askAs(other, `${V1}/session`)).statusCode).toBe(401)
  })

  test.each([
    [{ password: 'short' }, 422, 'password'],
    [{ password: 'x'.repeat(256) }, 400, 'password'],
    [{ password: 12345678 }, 400, 'password'],
    [{}, 400, 'password'],
    [{ password: 'long enough', old: 'x' }, 400, 'old'],
  ])('is refused as %j', async (payload, status, field) => {
    const answer = await it.askAs(alice, `${V1}/users/${BOB.id}/password`, { method: 'PUT', payload })
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
  })

  test('of a demo account opens nothing from elsewhere', async () => {
    const remote = { 'x-forwarded-for': '192.0.2.1' }
    expect((await setPassword(alice, ITSM, secret(PASSWORD), remote)).statusCode).toBe(403)
    expect((await setPassword(alice, ITSM)).statusCode).toBe(204)
    expect((await logInAs('itsm', PASSWORD)).statusCode).toBe(200)
    const answer = await it.ask('/apirest.php/initSession', {
      headers: { authorization: basic('itsm', PASSWORD), ...remote },
    })
    expect(answer.statusCode).toBe(401)
  })

  test('is never told', async () => {
    await setPassword(alice, THIERRY)
    for (const path of ['', '/history']) {
      const { body } = await it.askAs(alice, `${V1}/users/${THIERRY}${path}`)
      expect(body).not.toContain(PASSWORD)
      expect(body).not.toContain('argon2')
    }
  })
})

describe('profiles', () => {
  test('are set as a whole, and their rights count at once', async () => {
    expect((await it.askAs(bob, `${V1}/users`)).statusCode).toBe(200)
    const answer = await setProfiles(alice, BOB.id, [
      { profileId: 2, entityId: 5, recursive: false },
      { profileId: 1, entityId: 0, recursive: true },
    ])
    expect(answer.statusCode).toBe(200)
    const user: User = answer.json()
    expect(user.profiles.map(({ name, entity, recursive }) => [name, entity.id, recursive])).toEqual([
      ['Self-Service', 0, true],
      ['Observer', 5, false],
    ])
    expect(answer.headers.etag).toBe((await it.askAs(alice, `${V1}/users/${BOB.id}`)).headers.etag)
    expect((await it.askAs(bob, `${V1}/users`)).statusCode).toBe(403)
  })

  test('ask for the tag, and refuse an old one', async () => {
    const { etag } = (await it.askAs(alice, `${V1}/users/${BOB.id}`)).headers
    const wanted = [{ profileId: 2, entityId: 5, recursive: false }]
    expect((await setProfiles(alice, BOB.id, wanted, {})).statusCode).toBe(428)
    expect((await setProfiles(alice, BOB.id, wanted, { 'if-match': String(etag) })).statusCode).toBe(200)
    expect((await setProfiles(alice, BOB.id, [], { 'if-match': String(etag) })).statusCode).toBe(412)
  })

  test.each<[object, number, string]>([
    [{}, 400, ''],
    [[{ profileId: 1 }], 400, '0'],
    [[{ profileId: 0, entityId: 5, recursive: false }], 400, '0.profileId'],
    [[{ profileId: 4711, entityId: 5, recursive: false }], 422, 'profiles'],
    [[{ profileId: 1, entityId: 4711, recursive: false }], 422, 'profiles'],
  ])('are refused as %j', async (payload, status, field) => {
    const answer = await setProfiles(alice, BOB.id, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field ?? '').toContain(field)
  })

  test('that are higher are not Bob’s to give, to anybody', async () => {
    await letBobWrite()
    const higher = [{ profileId: 4, entityId: 5, recursive: false }]
    for (const id of [BOB.id, THIERRY]) {
      const answer = await setProfiles(bob, id, higher)
      expect(answer.statusCode).toBe(403)
      expect(answer.json().type).toBe('/problems/right-missing')
    }
    const lower = [{ profileId: 6, entityId: 5, recursive: false }]
    expect((await setProfiles(bob, THIERRY, lower)).statusCode).toBe(200)
  })

  test('that are held above Bob’s entity stay, whether he names them or not', async () => {
    await letBobWrite()
    const above = { profileId: 1, entityId: 1, recursive: true }
    const own = { profileId: 1, entityId: 5, recursive: false }
    await setProfiles(alice, THIERRY, [above, own])
    for (const wanted of [[above, own], [own], [above, own, { ...own, profileId: 6 }]]) {
      const answer = await setProfiles(bob, THIERRY, wanted)
      expect(answer.statusCode).toBe(200)
      expect(answer.json<User>().profiles.map(({ entity }) => entity.id)).toContain(1)
    }
  })
})

describe('a Super-Admin of Bob’s own entity', () => {
  test('stays who she is, whatever Bob tries', async () => {
    await letBobWrite()
    const id = await it.people.addUser({
      login: 'director',
      emails: ['director@example.org'],
      memberships: [{ entity: 5, profile: 4 }],
    })
    const before = (await it.askAs(alice, `${V1}/users/${id}`)).body
    const patch = (payload: object) =>
      it.askAs(bob, `${V1}/users/${id}`, { method: 'PATCH', payload, headers: { 'if-match': '*' } })
    const attempts = [
      await setPassword(bob, id),
      await setProfiles(bob, id, []),
      await remove(bob, id),
      await remove(bob, id, '?purge=true'),
      await patch({ login: 'nobody' }),
      await patch({ emails: ['bob@example.org'] }),
      await patch({ enabled: false }),
      await patch({ endDate: '2020-01-01T00:00:00Z' }),
    ]
    expect(attempts.map(({ statusCode }) => statusCode)).toEqual(attempts.map(() => 403))
    for (const attempt of attempts) expect(attempt.json().detail).toMatch(/rights? that your active profile/)
    expect((await it.askAs(alice, `${V1}/users/${id}`)).body).toBe(before)
  })
})

describe('removing a user', () => {
  test('puts them into the bin: off the lists and look-ups, still there by id', async () => {
    expect((await remove(alice, THIERRY)).statusCode).toBe(204)
    const user: User = (await it.askAs(alice, `${V1}/users/${THIERRY}`)).json()
    expect(user).toMatchObject({ active: false, account: { deleted: true } })
    expect((await it.askAs(alice, `${V1}/users?limit=100`)).body).not.toContain('thierry.roux')
    expect((await it.askAs(alice, `${API}/users/1228904`)).json()).toEqual({ users: [] })
    expect((await remove(alice, THIERRY)).statusCode).toBe(204)
  })

  test('for good leaves nobody, and frees the RIO', async () => {
    expect((await it.askAs(alice, `${API}/users/1228904`)).json().users).toHaveLength(1)
    expect((await remove(alice, THIERRY, '?purge=true')).statusCode).toBe(204)
    expect((await it.askAs(alice, `${V1}/users/${THIERRY}`)).statusCode).toBe(404)
    expect((await it.askAs(alice, `${API}/users/1228904`)).json()).toEqual({ users: [] })
    expect((await remove(alice, THIERRY, '?purge=true')).statusCode).toBe(404)
    const left = await it.services.storage.db
      .selectFrom('glpi_plugin_callmanager_identifiers')
      .select('users_id')
      .where('users_id', '=', THIERRY)
      .execute()
    expect(left).toEqual([])
  })

  test('ends their sessions', async () => {
    await remove(alice, BOB.id)
    expect((await it.askAs(bob, `${V1}/session`)).statusCode).toBe(401)
  })

  test('is nothing that one does to oneself', async () => {
    for (const query of ['', '?purge=true']) {
      const answer = await remove(alice, ALICE.id, query)
      expect(answer.statusCode).toBe(422)
    }
    expect((await it.askAs(alice, `${V1}/session`)).statusCode).toBe(200)
  })

  test('is nothing that one does to whom one cannot see', async () => {
    await letBobWrite()
    expect((await remove(bob, ISABELLE)).statusCode).toBe(404)
    expect((await remove(bob, 4711)).statusCode).toBe(404)
    expect((await remove(bob, THIERRY)).statusCode).toBe(204)
  })

  test('of a demo account is done from this machine', async () => {
    const remote = await it.askAs(alice, `${V1}/users/${ITSM}`, {
      method: 'DELETE',
      headers: { via: '1.1 proxy' },
    })
    expect(remote.statusCode).toBe(403)
    expect((await remove(alice, ITSM)).statusCode).toBe(204)
  })

  test.each([
    ['?purge=yes', 400],
    ['?force=true', 400],
  ])('refuses %s', async (query, status) => {
    expect((await remove(alice, THIERRY, query)).statusCode).toBe(status)
  })
})

describe('beside a host', () => {
  test('accounts and places are edited there', async () => {
    const { accounts: _accounts, places: _places, ...helpdesk } = it.services.helpdesk
    const { buildApp } = await import('../../app.ts')
    const app = await buildApp(it.config, { ...it.services, helpdesk, log: it.app.log })
    const ask = (method: 'PUT' | 'DELETE' | 'POST' | 'PATCH', url: string, payload?: object) =>
      app.inject({
        method,
        url: `${V1}${url}`,
        headers: { 'session-token': alice, 'if-match': '*' },
        ...(payload !== undefined && { payload }),
      })
    const answers = [
      await ask('PUT', `/users/${BOB.id}/password`, { password: secret(PASSWORD) }),
      await ask('PUT', `/users/${BOB.id}/profiles`, []),
      await ask('DELETE', `/users/${BOB.id}`),
      await ask('POST', '/entities', { name: 'x', parentId: 0 }),
      await ask('PATCH', '/entities/5', { name: 'x' }),
      await ask('DELETE', '/entities/5'),
      await ask('POST', '/locations', { name: 'x' }),
      await ask('PATCH', '/locations/4', { name: 'x' }),
      await ask('DELETE', '/locations/4'),
    ]
    await app.close()
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404)
      expect(answer.json().type).toBe('/problems/done-by-host')
    }
  })
})
