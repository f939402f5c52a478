import { describe, expect, test } from 'vitest'
import { API, DOCUMENTED_RIO, startApp } from '../../test/support/app.ts'
import { either } from '../../test/support/helpdesk.ts'

/** How the host's REST API last answered: nobody has asked it. */
const OF_HOST = either({ embedded: {}, attached: { helpdesk: 'unknown' } })
const URLS = ['/healthz', '/readyz', '/metrics']

describe('for operators', () => {
  test('/healthz says that the process runs', async () => {
    const it = await startApp()
    const answer = await it.ask('/healthz')
    expect([answer.statusCode, answer.body]).toEqual([200, '{"status":"ok"}'])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('/readyz says that look-ups can be answered, and how whole the index is', async () => {
    const it = await startApp()
    const answer = await it.ask('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { status: 'ok', database: 'ok', index: 'whole', ...OF_HOST },
    ])

    await it.services.storage.write('normal', (tx) =>
      tx.updateTable('glpi_plugin_callmanager_index').set({ rebuild_after: 0 }).execute(),
    )
    const building = await it.ask('/readyz')
    expect([building.statusCode, building.json().index]).toEqual([200, 'building'])
  })

  test('/readyz is a 503 when the database is gone, and /healthz is not', async () => {
    const it = await startApp()
    await it.services.storage.close()
    const answer = await it.ask('/readyz')
    // MariaDB's driver says what ails it.
    const reason = either({ embedded: {}, attached: { reason: 'The database does not answer' } })
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'unavailable', database: 'unavailable', index: 'unknown', ...OF_HOST, ...reason },
    ])
    expect((await it.ask('/healthz')).statusCode).toBe(200)
  })

  test('/metrics tells of look-ups and requests, and of no identifier', async () => {
    const it = await startApp()
    const token = await it.logIn('alice')
    for (const rio of [DOCUMENTED_RIO, '1395538', 'nobody-at-all', '%FF'])
      await it.askAs(token, `${API}/users/${rio}`)
    await it.askAs(token, '/nosuch/1234567890')
    const answer = await it.ask('/metrics')

    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=/)
    for (const line of [
      'callmanager_lookups_total{kind="rio",outcome="one"} 1',
      'callmanager_lookups_total{kind="rio",outcome="several"} 1',
      'callmanager_lookups_total{kind="rio",outcome="none"} 1',
      `callmanager_http_request_duration_seconds_count{method="GET",route="${API}/users/:rio",status="200"} 3`,
      'process_resident_memory_bytes ',
    ]) {
      expect(answer.body).toContain(line)
    }
    for (const text of [DOCUMENTED_RIO, '1395538', 'nobody-at-all', token, '+1234567890', 'john.doe']) {
      expect(answer.body).not.toContain(text)
    }
  })

  describe.each(URLS)('%s', (url) => {
    test.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Via'])(
      'is not found through a proxy that says %s',
      async (name) => {
        const it = await startApp({ TRUSTED_PROXIES: '127.0.0.1' })
        const answer = await it.ask(url, { headers: { [name]: '127.0.0.1' } })
        expect([answer.statusCode, answer.json().type]).toEqual([404, '/problems/route-unknown'])
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      },
    )

    test('answers other methods with 405 and Allow, and those of a proxy with 404', async () => {
      const it = await startApp()
      const answer = await it.ask(url, { method: 'POST' })
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
      const options = await it.ask(url, { method: 'OPTIONS', headers: { 'x-forwarded-for': '192.0.2.1' } })
      expect([options.statusCode, options.headers.allow]).toEqual([404, undefined])
    })
  })
})

test('the front doors lead to the pages, and the manual has its own', async () => {
  const it = await startApp({ BASE_PATH: '/itsm-ng' })
  for (const url of ['/', '/itsm-ng/plugins/callmanager', '/itsm-ng/plugins/callmanager/']) {
    const answer = await it.ask(url)
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/itsm-ng/plugins/callmanager/app/'])
  }
  const front = await it.ask('/itsm-ng/plugins/callmanager/api/docs')
  expect(front.headers.location).toBe('/itsm-ng/plugins/callmanager/api/docs/')
  const manual = await it.ask('/itsm-ng/plugins/callmanager/api/docs/')
  expect([manual.statusCode, manual.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const { paths } = (await it.ask('/itsm-ng/plugins/callmanager/api/docs/json')).json()
  expect(Object.keys(paths)).toContain('/itsm-ng/plugins/callmanager/api.php/users/{rio}')
})

test('the manual is shown under a policy that allows nothing from elsewhere and nothing inline', async () => {
  const it = await startApp()
  const docs = '/plugins/callmanager/api/docs'
  const page = await it.ask(`${docs}/`)
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
  // What the page names is there, and under the page's own address.
  const assets = [...page.body.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(
    ([, path = '']) => new URL(path, `http://host${docs}/`).pathname,
  )
  expect(assets.length).toBeGreaterThan(4)
  for (const asset of assets)
    expect({ asset, status: (await it.ask(asset)).statusCode }).toEqual({ asset, status: 200 })
})
