import { describe, expect, inject, test } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { API, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

/** The host trusts a session for its lifetime; we look at the account and its rights ourselves. */
describe.skipIf(inject('mariadbSocket') === '')('attached, while a session lives', () => {
  const attached = useAttached()
  const URL = `${API}/users/1234567`

  test.each([
    [
      'deactivated',
      'update glpi_users set is_active = 0 where id = ?',
      'update glpi_users set is_active = 1 where id = ?',
    ],
    [
      'put into the bin',
      'update glpi_users set is_deleted = 1 where id = ?',
      'update glpi_users set is_deleted = 0 where id = ?',
    ],
    [
      'out of its dates',
      "update glpi_users set end_date = '2001-01-01 00:00:00' where id = ?",
      'update glpi_users set end_date = null where id = ?',
    ],
  ])('an account that is %s is answered 401 at once', async (_what, change, back) => {
    const { db, ids } = attached()
    const { ask } = await attached().as('bob')
    expect((await ask(URL)).statusCode).toBe(200)
    await db.run(change, [ids.bob])
    expect((await ask(URL)).statusCode).toBe(401)
    await db.run(back, [ids.bob])
    expect((await ask(URL)).statusCode).toBe(200)
  })

  test('a right that is taken away, or a profile, is missed at once', async () => {
    const { db, ids, setRight, addMembership } = attached()
    const { ask } = await attached().as('bob')
    await setRight(HOST_PROFILES.technician, 'plugin_callmanager_access', 0)
    expect((await ask(URL)).json()).toEqual({ error: expect.stringContaining('plugin_callmanager_access') })
    await setRight(HOST_PROFILES.technician, 'plugin_callmanager_access', 3)
    expect((await ask(URL)).statusCode).toBe(200)
    await db.run('delete from glpi_profiles_users where users_id = ?', [ids.bob])
    expect((await ask(URL)).statusCode).toBe(403)
    await addMembership(ids.bob, { profile: HOST_PROFILES.technician, entity: 1 })
    expect((await ask(URL)).statusCode).toBe(200)
  })

  test("an impersonated session tells the journal who is behind it, and what it may is the impersonated one's", async () => {
    const { host, app, db, ids } = attached()
    const token = await host.logIn('bob')
    host.impersonate(token, ids.alice)
    expect((await app.askAs(token, URL)).statusCode).toBe(200)
    const row = await db.row(
      'select users_id, impersonator_id from glpi_plugin_callmanager_lookups order by id desc limit 1',
    )
    expect(row).toEqual({ users_id: ids.bob, impersonator_id: ids.alice })
  })

  test('logging in, out and switching is left to the host', async () => {
    const { host, app } = attached()
    const { token, ask } = await attached().as('bob')
    host.calls.length = 0
    expect((await ask(`${V1}/session`, { method: 'DELETE' })).json()).toMatchObject({
      type: '/problems/done-by-host',
    })
    const change = { method: 'PATCH', payload: { entityId: 0 } } as const
    expect((await ask(`${V1}/session`, change)).json()).toMatchObject({ type: '/problems/done-by-host' })
    expect(
      (await app.ask(`${V1}/session`, { method: 'POST', payload: { login: 'bob', password: 'x' } }))
        .statusCode,
    ).toBe(405)
    expect((await app.ask('/apirest.php/initSession')).statusCode).toBe(404)
    expect((await app.askAs(token, URL)).statusCode).toBe(200)
    expect(host.calls.every(({ path }) => path === 'getFullSession')).toBe(true)
  })
})
