import { beforeAll, describe, expect, inject, test } from 'vitest'
import { API, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, a look-up', () => {
  const attached = useAttached()
  let zoe = 0
  let yann = 0

  beforeAll(async () => {
    const { addPerson } = attached()
    zoe = await addPerson({
      login: 'zoe',
      lastname: "O'Brien <b>",
      firstname: 'Zoé',
      phone: '01 02 03 04 05',
      rio: '0012345',
      emails: ['zoe@example.org', 'second@example.org'],
      memberships: [{ entity: 1 }],
    })
    yann = await addPerson({ login: 'yann', rio: '7654321', memberships: [{ entity: 2 }] })
  })

  test('finds whom the host would show, as their names were typed', async () => {
    const { ask } = await attached().as('bob')
    const answer = await ask(`${API}/users/0012345`)
    expect(answer.json()).toEqual({
      users: [
        {
          id: zoe,
          phone: '01 02 03 04 05',
          lastname: "O'Brien <b>",
          firstname: 'Zoé',
          rio: '0012345',
          email: 'zoe@example.org',
          entity: 'Root entity',
          location: '',
        },
      ],
    })
  })

  test('finds nobody outside the entities of the session', async () => {
    const bob = await attached().as('bob')
    expect((await bob.ask(`${API}/users/7654321`)).json()).toEqual({ users: [] })
    const alice = await attached().as('alice')
    expect((await alice.ask(`${API}/users/7654321`)).json()).toMatchObject({ users: [{ id: yann }] })
  })

  test('is refused without the right, and without a session', async () => {
    const charlie = await attached().as('charlie')
    expect((await charlie.ask(`${API}/users/0012345`)).statusCode).toBe(403)
    expect((await attached().app.askAs('x'.repeat(26), `${API}/users/0012345`)).statusCode).toBe(401)
    expect((await attached().app.ask(`${API}/users/0012345`)).statusCode).toBe(401)
  })

  test('asks the host once for a session, and only what changes nothing', async () => {
    const { host } = attached()
    const { ask } = await attached().as('bob')
    host.calls.length = 0
    await Promise.all(Array.from({ length: 20 }, () => ask(`${API}/users/0012345`)))
    await ask(`${V1}/search?q=zoe`)
    await ask(`${V1}/session`)
    expect(host.calls).toEqual([{ method: 'GET', path: 'getFullSession', status: 200 }])
  })

  test('works with the cookie of the browser, whatever other cookies there are', async () => {
    const { host, app } = attached()
    const token = await host.logIn('bob')
    const cookie = `lang=fr; glpi_${'0'.repeat(32)}=${'a'.repeat(26)}; glpi_${'f'.repeat(64)}=${token}`
    const answer = await app.ask(`${API}/users/0012345`, { headers: { cookie } })
    expect(answer.json()).toMatchObject({ users: [{ id: zoe }] })
  })

  test.each([
    ['a session', async () => ({ 'session-token': await attached().host.logIn('bob') })],
    ['a cookie', async () => ({ cookie: `glpi_${'0'.repeat(32)}=${await attached().host.logIn('bob')}` })],
    ['an unknown session', async () => ({ 'session-token': 'b'.repeat(26) })],
    ['what is no session', async () => ({ 'session-token': '../../etc/passwd' })],
    ['nothing', async () => ({})],
  ])('asked with %s opens no session and sets no cookie', async (_what, headersOf) => {
    const { host, app } = attached()
    const headers = await headersOf()
    host.calls.length = 0
    const answer = await app.ask(`${API}/users/0012345`, { headers })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(JSON.stringify([answer.headers, answer.body])).not.toMatch(/b{26}|etc\/passwd|glpi_0/)
    expect(host.calls.filter(({ path }) => path !== 'getFullSession')).toEqual([])
  })

  test('tells of one person once, however many addresses they have', async () => {
    const { addPerson } = attached()
    const emails = ['one@example.org', 'two@example.org', 'three@example.org']
    const id = await addPerson({ login: 'many', rio: '5550001', emails, memberships: [{ entity: 1 }] })
    const { ask } = await attached().as('bob')
    expect((await ask(`${API}/users/5550001`)).json()).toMatchObject({ users: [{ id }] })
    const { items } = (await ask(`${V1}/search?q=5550001`)).json()
    expect(items).toMatchObject([{ user: { id } }])
  })
})
