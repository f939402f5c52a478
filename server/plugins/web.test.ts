import { describe, expect, test } from 'vitest'
import { startApp } from '../../test/support/app.ts'

const BASE = '/itsm/plugins/callmanager'
const it = await startApp({ BASE_PATH: '/itsm' })
const shell = (await it.ask(`${BASE}/app/`)).body
const scripts = [...shell.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')

describe('the shell of our pages', () => {
  test.each(['/app', '/app/', '/app/users/7', '/app/setup', '/front/callmanager.php?rio=1'])(
    'is the same at %s',
    async (path) => {
      const answer = await it.ask(`${BASE}${path}`)
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.body).toBe(shell)
    },
  )

  test('comes under a policy that allows nothing inline and nothing from elsewhere', async () => {
    const { headers } = await it.ask(`${BASE}/app/`)
    const policy = String(headers['content-security-policy'])
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule)
    }
    expect(policy).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  test('holds nothing inline, and tells the app where it lies', () => {
    expect(shell).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=/)
    expect(shell).toContain(`<callmanager-app page base="${BASE}" root="/itsm" login="here">`)
  })

  test.each([
    ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
    ['de', 'en'],
    [undefined, 'en'],
  ])('for a browser that speaks %s begins in %s', async (spoken, language) => {
    const headers = spoken === undefined ? {} : { 'accept-language': spoken }
    expect((await it.ask(`${BASE}/app/`, { headers })).body).toContain(`<html lang="${language}">`)
  })
})

describe('the scripts', () => {
  test('are kept by the browser for good, and come compressed', async () => {
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) {
      const answer = await it.ask(script, { headers: { 'accept-encoding': 'gzip' } })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': 'gzip',
        'content-type': 'application/javascript; charset=utf-8',
      })
    }
  })

  test('for pages of a host stand at an address that stays', async () => {
    const answer = await it.ask(`${BASE}/app/elements.js`)
    expect(answer.headers['cache-control']).toBe('no-store')
    const [, file = ''] = /^import "([^"]+)"\n$/.exec(answer.body) ?? []
    expect((await it.ask(file)).statusCode).toBe(200)
  })

  test.each([
    '/app/assets/none.js',
    '/app/assets/..%2fapp.json',
    '/app/assets/%2e%2e/app.json',
    '/app/assets/',
  ])('are all that %s could lead to', async (path) => {
    const { status, body } = await it.askRaw({ path: `${BASE}${path}` })
    expect([status, body.includes('manifest')]).toEqual([404, false])
  })
})
