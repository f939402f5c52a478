import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from './ask.ts'
import type { Fault } from './faults.ts'
import { useHost } from './fresh-host.ts'
import { startHost } from './host.ts'
import { HOST_PROFILES } from './people.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

describe.skipIf(inject('mariadbSocket') === '')('a host that is ill', () => {
  const fresh = useHost({ subDirectory: '/itsm' })
  let [id, token] = [0, '']

  beforeAll(async () => {
    const { addPerson, host } = fresh()
    id = await addPerson({
      login: 'alice',
      memberships: [{ profile: HOST_PROFILES.superAdmin, recursive: 1 }],
    })
    token = await host.logIn('alice')
  })
  afterEach(() => fresh().host.fault(null))

  const look = () => ask(fresh().host, token, 'getActiveEntities')
  const write = (registration_number: string) =>
    ask(fresh().host, token, `User/${id}`, { method: 'PUT', input: { registration_number } })
  const numberNow = async () =>
    (await fresh().db.row('select registration_number from glpi_users where id = ?', [id]))
      ?.registration_number

  test.each<[Fault, number, string, RegExp]>([
    ['maintenance', 200, 'text/html; charset=UTF-8', /maintenance/],
    ['garbled', 200, 'application/json; charset=UTF-8', /^\{"session".*[^}]$/],
    ['empty', 200, 'text/html; charset=UTF-8', /^$/],
    ['error500', 500, 'text/html; charset=UTF-8', /^$/],
    ['redirect', 302, 'text/html; charset=UTF-8', /^$/],
    ['sqlError', 500, 'application/json; charset=UTF-8', /^\["ERROR_SQL",/],
  ])('%s', async (fault, status, type, words) => {
    await fresh().host.fault(fault)
    const got = await fetch(`${fresh().host.url}/apirest.php/getActiveEntities`, {
      headers: { 'Session-Token': token },
      redirect: 'manual',
    })
    expect([got.status, got.headers.get('content-type')]).toEqual([status, type])
    expect(await got.text()).toMatch(words)
    await fresh().host.fault(null)
    expect((await look()).status).toBe(200)
  })

  test.each<[Fault, string]>([
    ['down', 'ECONNREFUSED'],
    ['reset', 'UND_ERR_SOCKET'],
  ])('%s', async (fault, code) => {
    await fresh().host.fault(fault)
    // The first may find the connection that was kept, and see it closed.
    await expect(look()).rejects.toThrow()
    await expect(look()).rejects.toMatchObject({ cause: { code } })
    await fresh().host.fault(null)
    expect((await look()).status).toBe(200)
  })

  test('hang', async () => {
    await fresh().host.fault('hang')
    const signal = AbortSignal.timeout(100)
    const url = `${fresh().host.url}/apirest.php/getActiveEntities`
    await expect(fetch(url, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('slow', async () => {
    await fresh().host.fault({ slow: 150 })
    const start = performance.now()
    expect((await look()).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(140)
  })

  test('a lost answer leaves the work done, and a rule changes what is written', async () => {
    await fresh().host.fault('answerLost')
    expect((await look()).status).toBe(200)
    await expect(write('777')).rejects.toThrow()
    expect(await numberNow()).toBe('777')
    await fresh().host.fault('changesValues')
    expect((await write('888')).status).toBe(200)
    expect(await numberNow()).toBe('REG-888')
  })

  test('every call is kept, with the status that it got', async () => {
    const { host } = fresh()
    host.calls.length = 0
    await look()
    await host.fault('reset')
    await look().catch(() => undefined)
    expect(host.calls).toEqual([
      { method: 'GET', path: 'getActiveEntities', status: 200 },
      { method: 'GET', path: 'getActiveEntities', status: 0 },
    ])
  })

  test('stop throws after what no host is known to answer', async () => {
    const other = await startHost({ databaseUrl: fresh().databaseUrl })
    await ask(other, token, 'search/User')
    await fetch(`${other.url}/index.php`)
    await expect(other.stop()).rejects.toThrow(/search\/User: nobody plays this\nGET \/index\.php: outside/)
  })

  test('runs as a process of its own', async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, DATABASE_URL: fresh().databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const answer = await fetch(`${String(line).trim()}/apirest.php/initSession`)
    expect(await answer.json()).toMatchObject(['ERROR_LOGIN_PARAMETERS_MISSING', expect.any(String)])
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
