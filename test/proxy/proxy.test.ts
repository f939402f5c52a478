import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ALICE, basic, secret, startApp, type TestApp } from '../support/app.ts'
import { skipsWithout } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'
import { KINDS, PROGRAMS, startPhp, startProxy } from './proxies.ts'

const BASE = '/itsm-ng/plugins/callmanager'

/** RIOs of letters that mean something in an address, and whose they are. */
const ODD: Record<string, string> = {
  'a/b': 'slash',
  '%': 'percent',
  '%2F': 'escape',
  'a?b#c': 'query',
  '+33 6&7=8': 'plus',
  'é👩‍💻': 'beyond ASCII',
  '../x': 'way up',
}

/** Who is to answer: Node, or the host's PHP. */
const WAYS: [path: string, who: 'node' | 'php'][] = [
  [`${BASE}/api.php/users/1234567890`, 'node'],
  [`${BASE}/api.php/config/rio_storage_method`, 'node'],
  [`${BASE}/api/v1/session`, 'node'],
  [`${BASE}/api/docs`, 'node'],
  [`${BASE}/app/`, 'node'],
  [`${BASE}/app/elements.js`, 'node'],
  [`${BASE}/pbx/any`, 'node'],
  ['/plugins/callmanager/api/v1/session', 'node'],
  [`${BASE}/front/callmanager.php?rio=1`, 'php'],
  [`${BASE}/front/config.form.php`, 'php'],
  [`${BASE}/apix`, 'php'],
  [`${BASE}/api.phpx/users/1`, 'php'],
  ['/itsm-ng/plugins/callmanagers/api/v1/session', 'php'],
  ['/itsm-ng/front/user.form.php?id=1', 'php'],
  ['/itsm-ng/apirest.php/initSession', 'php'],
  ['/healthz', 'php'],
  ['/readyz', 'php'],
  ['/metrics', 'php'],
]

describe.skipIf(skipsWithout(...PROGRAMS))('in front of both', () => {
  let app: TestApp
  let php: number
  beforeAll(async () => {
    app = await startApp({ BASE_PATH: '/itsm-ng', TRUSTED_PROXIES: '127.0.0.1' })
    for (const [rio, lastname] of Object.entries(ODD))
      await app.people.addUser({ login: lastname, realname: lastname, rio })
    php = await startPhp()
  })

  describe.each(KINDS)('%s', (kind) => {
    let ports: { http: number; https: number }
    let token: string
    beforeAll(async () => {
      ports = await startProxy(kind, Number(new URL(await app.listen()).port), php)
      token = await app.logIn('alice')
    })
    const at = (path: string) => `http://127.0.0.1:${ports.http}${path}`
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(at(`${BASE}${path}`), {
        redirect: 'manual',
        ...init,
        headers: { 'session-token': token, ...init.headers },
      })

    test.each(WAYS)('forwards %s to %s', async (path, who) => {
      const answer = await fetch(at(path), { redirect: 'manual' })
      expect((await answer.text()).startsWith('PHP ')).toBe(who === 'php')
      if (who === 'php') expect(answer.status).toBe(200)
    })

    test.each(Object.entries(ODD))('passes on what was asked for byte for byte: %s', async (rio, login) => {
      const found = await ask(`/api.php/users/${encodeURIComponent(rio)}`)
      expect(await found.json()).toMatchObject({ users: [{ rio, lastname: login }] })
    })

    test('says itself where a request comes from, whatever the client claims', async () => {
      await ask('/api.php/users/1234567890', { headers: { 'x-forwarded-for': '203.0.113.9' } })
      const [row] = await app.services.storage.db
        .selectFrom('glpi_plugin_callmanager_lookups')
        .select('address')
        .orderBy('id', 'desc')
        .limit(1)
        .execute()
      expect(row).toEqual({ address: '127.0.0.1' })
    })

    test('says itself which address was asked for, whatever the client claims', async () => {
      const cookie = `glpi_${'0'.repeat(32)}=${token}`
      const change = (origin: string, more = {}) =>
        fetch(at(`${BASE}/api/v1/session`), {
          method: 'PATCH',
          headers: { cookie, origin, 'content-type': 'application/json', ...more },
          body: '{"language":"fr_FR"}',
        })
      const evil = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
      expect((await change('http://evil.example', evil)).status).toBe(403)
      expect((await change(at(''), evil)).status).toBe(200)
    })

    test('has the cookie marked Secure where it speaks TLS, and keeps it to the sub-directory', async () => {
      const logIn = { login: 'alice', password: ALICE.password }
      const plain = await ask('/api/v1/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify(logIn),
      })
      expect(secret(plain.headers.get('set-cookie') ?? '')).toMatch(
        /; Path=\/itsm-ng; HttpOnly; SameSite=Lax$/,
      )
      const overTls = await postOverTls(ports.https, `${BASE}/api/v1/session`, logIn)
      expect(secret(String(overTls['set-cookie']))).toMatch(
        /; Path=\/itsm-ng; HttpOnly; Secure; SameSite=Lax$/,
      )
    })

    test('lets a host’s cookie through, and headers of six kilobytes', async () => {
      const headers = { cookie: `glpi_${'0'.repeat(32)}=${token}; other=${'x'.repeat(6000)}` }
      const answer = await fetch(at(`${BASE}/api/v1/session`), { headers })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ user: { login: 'alice' } })
    })

    test('takes an import of four megabytes, and passes its progress on as it comes', async () => {
      const line = (n: number) => `${kind.replaceAll(' ', '-')}-${n},${'x'.repeat(80)} ${n}\n`
      const body = `login,lastname\n${Array.from({ length: 40_000 }, (_, n) => line(n)).join('')}`
      expect(body.length).toBeGreaterThan(3_700_000)
      const begun = await ask('/api/v1/imports?dryRun=true', {
        method: 'POST',
        headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' },
        body,
      })
      expect(begun.status).toBe(202)
      const { id } = (await begun.json()) as { id: number }
      const events = await ask(`/api/v1/jobs/${id}/events`, { headers: { accept: 'text/event-stream' } })
      const reader = events.body?.getReader()
      const first = await reader?.read()
      expect(new TextDecoder().decode(first?.value)).toContain('data:')
      // It is heard of before it has ended.
      expect(await (await ask(`/api/v1/jobs/${id}`)).json()).toMatchObject({
        state: expect.stringMatching(/^(waiting|running)$/),
      })
      await reader?.cancel()
      await ask(`/api/v1/jobs/${id}`, { method: 'DELETE', headers: { 'sec-fetch-site': 'same-origin' } })
    })

    test('says in both languages when Call Manager does not answer', async () => {
      const alone = await startProxy(kind, await freePort(), php)
      const answer = await fetch(`http://127.0.0.1:${alone.http}${BASE}/app/`)
      expect([502, 503]).toContain(answer.status)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      expect(await answer.text()).toMatch(/Call Manager does not answer.*Call Manager ne répond pas/s)
      expect((await fetch(`http://127.0.0.1:${alone.http}/itsm-ng/front/ticket.php`)).status).toBe(200)
    })
  })

  test('asks for a login as it would without a proxy', async () => {
    const { http } = await startProxy('nginx', Number(new URL(await app.listen()).port), php)
    const answer = await fetch(`http://127.0.0.1:${http}${BASE}/api.php/users/1`, {
      headers: { authorization: basic('alice', 'not-the-password-of-alice') },
    })
    expect(answer.status).toBe(401)
  })
})

/** Without asking who signed the certificate: it was made for this test. */
function postOverTls(port: number, path: string, body: object): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        path,
        method: 'POST',
        rejectUnauthorized: false,
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      },
      (answer) => {
        text(answer).then(() => resolve(answer.headers), reject)
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}
