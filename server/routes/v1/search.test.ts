import { beforeAll, describe, expect, test } from 'vitest'
import { secret, startApp, V1 } from '../../../test/support/app.ts'

const it = await startApp()

describe('GET search', () => {
  let alice: string
  beforeAll(async () => {
    alice = await it.logIn('alice')
  })
  const search = (query: string, token = alice) => it.askAs(token, `${V1}/search${query}`)

  test('finds people as one types, and says why', async () => {
    await it.people.addUser({
      login: 'odile.roux',
      realname: 'Roux',
      firstname: 'Odile',
      phone: secret('04 99 77 66 55'),
      emails: [secret('odile.roux@example.org')],
    })
    for (const q of ['odile roux', 'ROUX ODI', 'odi rou', '0499776', 'odile.roux@ex']) {
      const answer = await search(`?q=${encodeURIComponent(secret(q))}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject({
        items: [
          { user: { login: 'odile.roux', lastname: 'Roux', entity: expect.any(String), active: true } },
        ],
        incomplete: false,
      })
      expect(answer.json().items[0].matched.length).toBeGreaterThan(0)
    }
  })

  test('reads text that is no ASCII, and a + that became a space', async () => {
    await it.people.addUser({ login: 'x1', realname: 'Œuvrard', mobile: secret('+33 6 99 88 77 66') })
    for (const q of ['%C5%93uvr', '%20336998877', '%2B336998877']) {
      const answer = await search(`?q=${q}`)
      expect(answer.json().items).toMatchObject([{ user: { login: 'x1' } }])
    }
  })

  test('holds as many as were asked for, 25 when that is missing', async () => {
    await it.people.addUsers(30, (number) => ({ login: `many${number}`, realname: 'Beaucoup' }))
    const number = async (query: string) => (await search(query)).json().items.length
    expect(await number('?q=beaucoup')).toBe(25)
    expect(await number('?q=beaucoup&limit=3')).toBe(3)
    expect(await number('?q=beaucoup&limit=100')).toBe(30)
  })

  test.each(['', '%20', '%C2%A0'])('finds nobody for blank text: %j', async (q) => {
    const answer = await search(`?q=${q}`)
    expect([answer.statusCode, answer.json()]).toEqual([200, { items: [], incomplete: false }])
  })

  test.each([
    ['', 'q'],
    ['?limit=5', 'q'],
    ['?q=martin&limit=0', 'limit'],
    ['?q=martin&limit=101', 'limit'],
    ['?q=martin&limit=1.5', 'limit'],
    ['?q=martin&limit=ten', 'limit'],
    ['?q=martin&page=2', 'page'],
    ['?q=martin&accounts=some', 'accounts'],
    [`?q=${'x'.repeat(256)}`, 'q'],
    ['?q=a%0Ab', 'q'],
    ['?q=%00', 'q'],
    ['?q=%7F', 'q'],
  ])('refuses %s', async (query, field) => {
    const answer = await search(query)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({ field, remedy: expect.any(String) })
  })

  test('takes 255 characters of any kind', async () => {
    for (const character of ['x', 'é', '👩', '1'])
      expect((await search(`?q=${encodeURIComponent(character.repeat(255))}`)).statusCode).toBe(200)
  })

  test('asks for the right, and keeps to the scope', async () => {
    const charlie = await search('?q=roux', await it.logIn('charlie'))
    expect([charlie.statusCode, charlie.json().type]).toEqual([403, '/problems/right-missing'])
    const logins = async (token: string) =>
      (await search('?q=x1', token)).json().items.map(({ user }: { user: { login: string } }) => user.login)
    expect(await logins(alice)).toEqual(['x1'])
    expect(await logins(await it.logIn('bob'))).toEqual([])
  })

  test('shows accounts that are not usable to who may change them', async () => {
    await it.people.addUser({ login: 'gone', realname: 'Disparu', is_active: 0 })
    const query = '?q=disparu&accounts=all'
    expect((await search('?q=disparu')).json().items).toEqual([])
    expect((await search(query)).json().items).toMatchObject([{ user: { login: 'gone', active: false } }])
    const bob = await search(query, await it.logIn('bob'))
    expect([bob.statusCode, bob.json().type]).toEqual([403, '/problems/right-missing'])
  })

  test('counts with the look-ups of the session', async () => {
    const limited = await startApp({ LOOKUPS_PER_MINUTE: '2' })
    const token = await limited.logIn('alice')
    const ask = () => limited.askAs(token, `${V1}/search?q=roux`)
    expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200])
    const answer = await ask()
    expect(answer.statusCode).toBe(429)
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    const lookup = await limited.askAs(token, '/plugins/callmanager/api.php/users/1234567890')
    expect(lookup.statusCode).toBe(429)
  })

  test('is counted apart from look-ups', async () => {
    await search('?q=roux')
    expect((await it.ask('/metrics')).body).toMatch(
      /callmanager_lookups_total\{kind="search",outcome="\w+"\} \d+/,
    )
  })
})
