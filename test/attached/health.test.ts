import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import type { SystemHealth } from '../../contract/health.ts'
import { V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, health', () => {
  const attached = useAttached()

  test('is that of the host as well, and shows no secret', async () => {
    const { ask } = await attached().as('alice')
    let health: SystemHealth
    let body: string
    do {
      await sleep(100)
      const answer = await ask(`${V1}/health`)
      expect(answer.statusCode).toBe(200)
      health = answer.json()
      body = answer.body
    } while (health.examining)
    const ids = health.examination?.checks.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['host reached', 'host api', 'privileges', 'host', 'rights', 'index', 'rios']),
    )
    expect(health.examination?.checks.filter(({ state }) => state === 'problem')).toEqual([])
    const { password } = new URL(attached().account.url)
    expect(password).not.toBe('')
    expect(body).not.toContain(decodeURIComponent(password))
  })
})
