import { describe, expect, inject, test } from 'vitest'
import { V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, /readyz', () => {
  const attached = useAttached({}, { HELPDESK_TIMEOUT_SECONDS: '1' })
  const readiness = async () => {
    const answer = await attached().app.ask('/readyz')
    return { status: answer.statusCode, body: answer.json() }
  }

  test('tells how the host last answered, and stays ready while only its REST API is ill', async () => {
    const { host, app } = attached()
    expect(await readiness()).toMatchObject({ status: 200, body: { database: 'ok', helpdesk: 'unknown' } })
    const token = await host.logIn('bob')
    await host.fault('maintenance')
    await app.askAs(token, `${V1}/session`)
    expect(await readiness()).toEqual({
      status: 200,
      body: {
        status: 'ok',
        database: 'ok',
        index: 'whole',
        helpdesk: 'ill',
        reason: 'The helpdesk is in maintenance or waits for its own update',
      },
    })
    await host.fault(null)
    await app.askAs(token, `${V1}/session`)
    expect((await readiness()).body).toEqual({
      status: 'ok',
      database: 'ok',
      index: 'whole',
      helpdesk: 'ok',
    })
  })
})
