import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AppError } from '../domain/errors.ts'
import { createFailureLimiter, createLimiter } from './limits.ts'

afterEach(() => void vi.useRealTimers())

const refused = { code: 'too-many-requests', retryAfter: expect.any(Number) }
const fail = async () => {
  throw new AppError('login-failed')
}

describe('a limit', () => {
  test('holds for each key alone, tells how long to wait, and ends after a minute', async () => {
    vi.useFakeTimers()
    const { count } = createLimiter(2)
    await count('a')
    vi.advanceTimersByTime(20_000)
    await count('a')
    await expect(count('a')).rejects.toMatchObject({ ...refused, retryAfter: 40 })
    await count('b')
    vi.advanceTimersByTime(40_001)
    await count('a')
  })
})

describe('a limit of failures', () => {
  test('ends after a minute', async () => {
    vi.useFakeTimers()
    const { attempt } = createFailureLimiter(1)
    await expect(attempt('a', fail)).rejects.toMatchObject({ code: 'login-failed' })
    await expect(attempt('a', async () => 'in')).rejects.toMatchObject(refused)
    vi.advanceTimersByTime(60_001)
    expect(await attempt('a', async () => 'in')).toBe('in')
  })

  test('counts what is refused, and neither what is malformed nor a fault of ours', async () => {
    const { attempt } = createFailureLimiter(1)
    for (const code of ['value-refused', 'overloaded', 'internal-error'] as const) {
      const work = async () => {
        throw new AppError(code)
      }
      await expect(attempt('a', work)).rejects.toMatchObject({ code })
    }
    await expect(attempt('a', fail)).rejects.toMatchObject({ code: 'login-failed' })
    await expect(attempt('a', fail)).rejects.toMatchObject(refused)
  })

  test('lets the attempts of one key take turns, and those of others pass', async () => {
    const { attempt } = createFailureLimiter(5)
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await sleep(10)
      order.push(`${name} ends`)
    }
    await Promise.all([attempt('a', work('a1')), attempt('a', work('a2')), attempt('b', work('b1'))])
    expect(order.indexOf('a1 ends')).toBeLessThan(order.indexOf('a2 begins'))
    expect(order.indexOf('b1 begins')).toBeLessThan(order.indexOf('a1 ends'))
  })
})
