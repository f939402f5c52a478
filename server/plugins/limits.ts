import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../domain/errors.ts'

const MINUTE_S = 60

export interface Limiter {
  /** Counts one more. Throws `too-many-requests` with the seconds to wait. */
  count(key: string): Promise<void>
  /** Takes one back. */
  refund(key: string): Promise<void>
}

/** So many a minute for each key; 0 lifts the limit. */
export function createLimiter(perMinute: number): Limiter {
  if (perMinute === 0) return { count: async () => {}, refund: async () => {} }
  const limiter = new RateLimiterMemory({ points: perMinute, duration: MINUTE_S })
  return {
    async count(key) {
      try {
        await limiter.consume(key)
      } catch (rejection) {
        if (!(rejection instanceof RateLimiterRes)) throw rejection
        throw new AppError('too-many-requests', {
          retryAfter: rejection.msBeforeNext / 1000,
          detail: `at most ${perMinute} a minute`,
        })
      }
    },
    async refund(key) {
      await limiter.reward(key)
    },
  }
}
