import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from './ask.ts'
import { useHost } from './fresh-host.ts'
import { HOST_PROFILES } from './people.ts'

describe.skipIf(inject('mariadbSocket') === '')('the gate of the API', () => {
  const fresh = useHost()
  let token = ''

  beforeAll(async () => {
    await fresh().addPerson({ login: 'alice', memberships: [{ profile: HOST_PROFILES.superAdmin }] })
    token = await fresh().host.logIn('alice')
  })

  afterEach(async () => {
    await fresh().setConfig('enable_api', '1')
    await fresh().db.run(
      'update glpi_apiclients set is_active = 1, app_token = null, ipv4_range_start = 2130706433',
    )
  })

  const off = () => fresh().setConfig('enable_api', '0')
  const noClient = () => fresh().db.run('update glpi_apiclients set is_active = 0')
  const otherAddress = () => fresh().db.run('update glpi_apiclients set ipv4_range_start = 2130706434')
  const anyAddress = () => fresh().db.run('update glpi_apiclients set ipv4_range_start = null')
  const appToken = () => fresh().db.run("update glpi_apiclients set app_token = 'right'")

  test.each([
    ['the API is off before anything else', [off, noClient, appToken], {}, 400, 'ERROR'],
    ['the address comes before the App-Token', [noClient, appToken], {}, 400, 'ERROR_NOT_ALLOWED_IP'],
    ['an address beside the range', [otherAddress], {}, 400, 'ERROR_NOT_ALLOWED_IP'],
    [
      'a forwarded address does not count',
      [otherAddress],
      { 'X-Forwarded-For': '127.0.0.2' },
      400,
      'ERROR_NOT_ALLOWED_IP',
    ],
    ['no App-Token before the session', [appToken], {}, 400, 'ERROR_APP_TOKEN_PARAMETERS_MISSING'],
    ['a wrong App-Token', [appToken], { 'App-Token': 'wrong' }, 400, 'ERROR_WRONG_APP_TOKEN_PARAMETER'],
    [
      'a wrong App-Token where none is asked',
      [],
      { 'App-Token': 'x' },
      400,
      'ERROR_WRONG_APP_TOKEN_PARAMETER',
    ],
    ['no session', [appToken], { 'App-Token': 'right' }, 400, 'ERROR_SESSION_TOKEN_MISSING'],
    ['a wrong session', [anyAddress], { 'Session-Token': 'x' }, 401, 'ERROR_SESSION_TOKEN_INVALID'],
  ] as const)('%s', async (_, circumstances, headers, status, code) => {
    for (const arrange of circumstances) await arrange()
    const answer = await fetch(`${fresh().host.url}/apirest.php/getActiveProfile`, {
      headers: { ...headers },
    })
    expect([answer.status, JSON.parse(await answer.text())[0]]).toEqual([status, code])
  })

  test('a body that is not JSON is refused before the gate', async () => {
    await off()
    const answer = await fetch(`${fresh().host.url}/apirest.php/User/2`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      ['ERROR_JSON_PAYLOAD_INVALID', 'JSON payload seems not valid'],
    ])
  })

  test('a session is a copy: a right that is taken away and a disabled account leave it as it is', async () => {
    await fresh().setRight(HOST_PROFILES.superAdmin, 'user', 0)
    await fresh().db.run("update glpi_users set is_active = 0 where name = 'alice'")
    const { status, body } = await ask(fresh().host, token, 'getActiveProfile')
    expect([status, body.active_profile.user]).toEqual([200, 7327])
  })

  test('an expired session is none, and one of a browser is not ours to end', async () => {
    const { host } = fresh()
    const statusOf = async (path: string) => (await ask(host, token, path)).status
    expect(await statusOf('getMyEntities')).toBe(200)
    host.expire(token)
    expect(await statusOf('getMyEntities')).toBe(401)
    token = await host.logIn('alice')
    expect(token).toMatch(/^[0-9a-v]{26}$/)
    expect(await statusOf('killSession')).toBe(200)
    expect(await statusOf('killSession')).toBe(401)
    expect(() => host.demandNothingUnexpected()).toThrow('it ended a browser session that it had borrowed')
    host.unexpected.length = 0
  })
})
