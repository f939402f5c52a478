import { describe, expect, inject, test } from 'vitest'
import type { Fault } from '../host/faults.ts'
import { API, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

/** Each way a host can be ill, with how it is answered. */
const ILLNESSES: readonly [Fault, status: number, problem: string][] = [
  ['down', 503, 'helpdesk-down'],
  ['reset', 503, 'helpdesk-down'],
  ['hang', 503, 'helpdesk-slow'],
  ['maintenance', 503, 'helpdesk-maintenance'],
  ['garbled', 502, 'helpdesk-ill'],
  ['empty', 502, 'helpdesk-ill'],
  ['error500', 502, 'helpdesk-ill'],
  ['redirect', 502, 'helpdesk-ill'],
  ['sqlError', 502, 'helpdesk-ill'],
]

describe.skipIf(inject('mariadbSocket') === '')('attached to a host that is ill', () => {
  const attached = useAttached({}, { HELPDESK_TIMEOUT_SECONDS: '1' })

  test.each(ILLNESSES)(
    '%s: a new session is answered %i %s, and works once the host is well',
    async (fault, status, problem) => {
      const { host, app } = attached()
      const token = await host.logIn('bob')
      try {
        await host.fault(fault)
        const answer = await app.askAs(token, `${V1}/session`)
        expect(answer.statusCode).toBe(status)
        expect(answer.json()).toMatchObject({
          type: `/problems/${problem}`,
          remedy: expect.stringMatching(/\w/),
        })
        const legacy = await app.askAs(token, `${API}/users/1234567`)
        expect(legacy.statusCode).toBe(status)
        expect(legacy.json()).toEqual({ error: expect.stringMatching(/helpdesk/) })
      } finally {
        await host.fault(null)
      }
      expect((await app.askAs(token, `${V1}/session`)).statusCode).toBe(200)
    },
  )

  const SETTINGS: readonly [
    what: string,
    problem: string,
    menu: RegExp,
    change: () => Promise<() => Promise<unknown>>,
  ][] = [
    [
      'its API switched off, as it is delivered',
      'helpdesk-api-off',
      /Setup > General > API.*Enable Rest API/,
      async () => {
        await attached().setConfig('enable_api', '0')
        return () => attached().setConfig('enable_api', '1')
      },
    ],
    [
      'no API client for our address',
      'helpdesk-address-refused',
      /Setup > General > API.*address/,
      async () => {
        await attached().db.run(
          'update glpi_apiclients set ipv4_range_start = 1, ipv4_range_end = 1, ipv6 = null',
        )
        return () =>
          attached().db.run(
            'update glpi_apiclients set ipv4_range_start = 2130706433, ipv4_range_end = 2130706433',
          )
      },
    ],
    [
      'an App-Token that we do not send',
      'helpdesk-app-token',
      /HELPDESK_APP_TOKEN/,
      async () => {
        await attached().db.run(
          "update glpi_apiclients set app_token = 'the-hosts-own-app-token-of-40-characters'",
        )
        return () => attached().db.run('update glpi_apiclients set app_token = null')
      },
    ],
  ]

  test.each(SETTINGS)('%s: 502, with the menu where it is changed', async (_what, problem, menu, change) => {
    const { host, app } = attached()
    const token = await host.logIn('bob')
    const cookie = `glpi_${'0'.repeat(32)}=${token}`
    const back = await change()
    try {
      const answer = await app.ask(`${V1}/session`, { headers: { cookie } })
      expect(answer.statusCode).toBe(502)
      expect(answer.json()).toMatchObject({
        type: `/problems/${problem}`,
        remedy: expect.stringMatching(menu),
      })
      expect(answer.body).not.toContain('127.0.0.1')
    } finally {
      await back()
    }
  })

  test('a session that has ended is 401, never an illness', async () => {
    const { host, app } = attached()
    const token = await host.logIn('bob')
    host.expire(token)
    expect((await app.askAs(token, `${API}/users/1234567`)).statusCode).toBe(401)
  })
})
