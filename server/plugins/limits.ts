import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../domain/errors.ts'

const MINUTE_S = 60

export interface Limiter {
  /** Counts one more. Throws `too-many-requests` with the seconds to wait. */
  count(key: string): Promise<void>
}

export interface FailureLimiter {
  /** Runs `work` unless too much failed before; counts it when it is refused (401, 403). Throws `too-many-requests`. */
  attempt<T>(key: string, work: () => Promise<T>): Promise<T>
}

function tooMany(perMinute: number, { msBeforeNext }: RateLimiterRes): AppError {
  return new AppError('too-many-requests', {
    retryAfter: msBeforeNext / 1000,
    detail: `at most ${perMinute} a minute`,
  })
}

/** So many a minute for each key; 0 lifts the limit. */
export function createLimiter(perMinute: number): Limiter {
  if (perMinute === 0) return { count: async () => {} }
  const limiter = new RateLimiterMemory({ points: perMinute, duration: MINUTE_S })
  return {
    async count(key) {
      try {
        await limiter.consume(key)
      } catch (rejection) {
        throw rejection instanceof RateLimiterRes ? tooMany(perMinute, rejection) : rejection
      }
    },
  }
}

/**
 * So many failures a minute for each key; what succeeds is not counted, and 0 lifts the limit. The attempts of one key take
 * turns, so that guesses sent at once are no more than guesses sent one by one, and good logins sent at once all succeed.
 */
export function createFailureLimiter(perMinute: number): FailureLimiter {
  if (perMinute === 0) return { attempt: (_key, work) => work() }
  const failures = new RateLimiterMemory({ points: perMinute, duration: MINUTE_S })
  const turns = new Map<string, Promise<unknown>>()

  async function take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = await failures.get(key)
    if (known !== null && known.consumedPoints >= perMinute) throw tooMany(perMinute, known)
    try {
      return await work()
    } catch (error) {
      if (error instanceof AppError && (error.status === 401 || error.status === 403))
        await failures.penalty(key)
      throw error
    }
  }

  return {
    attempt(key, work) {
      const before = turns.get(key) ?? Promise.resolve()
      const mine = before.then(() => take(key, work))
      const settled = mine.then(
        () => {},
        () => {},
      )
      turns.set(key, settled)
      void settled.then(() => turns.get(key) === settled && turns.delete(key))
      return mine
    },
  }
}
