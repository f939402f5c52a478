import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/times.ts'
import { createHostSessions } from './sessions.ts'

const ALICE = 'a'.repeat(26)
const BOB = 'b'.repeat(26)

const BODY = {
  session: { glpiID: 6, glpiactiveprofile: { id: 4 }, glpiactive_entity: 0, glpiactiveentities: [0] },
}

/** Sessions of a host that answers as it is told, on a clock that stands still. */
function startSessions() {
  const state = {
    clock: 0,
    calls: [] as string[],
    failure: undefined as ErrorCode | undefined,
    unconfirmed: 0,
    /** The session that it shows, whatever was asked for; its own where this is undefined. */
    shows: undefined as string | undefined,
  }
  const sessions = createHostSessions({
    rest: {
      async get(path, token) {
        state.calls.push(`${path} ${token[0]}`)
        await Promise.resolve()
        if (state.failure !== undefined) throw new AppError(state.failure)
        return { session: { ...BODY.session, valid_id: state.shows ?? token } }
      },
    },
    sessionHours: 10,
    onUnconfirmed: () => state.unconfirmed++,
    now: () => state.clock,
  })
  return { state, sessions }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'found',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

describe('a session of the host', () => {
  test('is asked for once by all who ask together', async () => {
    const { state, sessions } = startSessions()
    const found = await Promise.all(Array.from({ length: 50 }, () => sessions.find(ALICE, 'read')))
    expect(new Set(found).size).toBe(1)
    expect(state.calls).toEqual(['getFullSession a'])
  })

  test('is nobody else’s: a cache between us and the host must not make Alice of Bob', async () => {
    const { state, sessions } = startSessions()
    state.shows = ALICE
    expect(await codeOf(sessions.find(BOB, 'read'))).toBe('helpdesk-ill')
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('found')
  })

  test('is asked for again after 30 seconds, for each token by itself', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.clock = 29_999
    await sessions.find(ALICE, 'write')
    await sessions.find(BOB, 'read')
    expect(state.calls).toEqual(['getFullSession a', 'getFullSession b'])
    state.clock = 30_000
    await sessions.find(ALICE, 'read')
    expect(state.calls).toHaveLength(3)
  })

  test('that has ended is not found any more, and is not asked for again for 30 seconds', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.failure = 'session-invalid'
    state.clock = 30_000
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('session-invalid')
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('session-invalid')
    expect(state.calls).toHaveLength(2)
    state.clock = 60_000
    await codeOf(sessions.find(ALICE, 'read'))
    expect(state.calls).toHaveLength(3)
  })

  test.each(['', 'short', `${'a'.repeat(25)}\n`, 'ü'.repeat(26), `${'a'.repeat(26)}/../x`, 'a'.repeat(257)])(
    'is never asked for by %j, which is no token',
    async (token) => {
      const { state, sessions } = startSessions()
      expect(await codeOf(sessions.find(token, 'read'))).toBe('session-invalid')
      expect(state.calls).toEqual([])
    },
  )

  test('names itself by a hash, never by its token', async () => {
    const { sessions } = startSessions()
    expect(JSON.stringify(await sessions.find(ALICE, 'read'))).not.toContain(ALICE)
  })
})

describe('while the host gives no answer', () => {
  const WAYS: ErrorCode[] = [
    'helpdesk-api-off',
    'helpdesk-address-refused',
    'helpdesk-app-token',
    'helpdesk-down',
    'helpdesk-slow',
    'helpdesk-maintenance',
    'helpdesk-ill',
  ]

  test.each(WAYS)('%s: a known session goes on reading, and a new one is told', async (failure) => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.failure = failure
    state.clock = 31_000
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('found')
    expect(state.unconfirmed).toBe(1)
    expect(await codeOf(sessions.find(BOB, 'read'))).toBe(failure)
  })

  test('nothing is written by its last word', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.failure = 'helpdesk-down'
    state.clock = 31_000
    expect(await codeOf(sessions.find(ALICE, 'write'))).toBe('helpdesk-down')
  })

  test('it is asked again every 5 seconds, and believed at once', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.failure = 'helpdesk-down'
    state.clock = 31_000
    for (let count = 0; count < 20; count++) await sessions.find(ALICE, 'read')
    expect(state.calls).toHaveLength(2)
    state.clock += 5000
    state.failure = 'session-invalid'
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('session-invalid')
  })

  test('the last word serves for 10 hours', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    state.failure = 'helpdesk-api-off'
    state.clock = 10 * HOUR_MS - 1
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('found')
    state.clock = 10 * HOUR_MS
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('helpdesk-api-off')
  })

  test('a host that hangs keeps nobody waiting whom it has confirmed before', async () => {
    let hangs = false
    let clock = 0
    const sessions = createHostSessions({
      rest: { get: () => (hangs ? new Promise(() => {}) : Promise.resolve(BODY)) },
      sessionHours: 10,
      onUnconfirmed: () => {},
      now: () => clock,
    })
    await sessions.find(ALICE, 'read')
    hangs = true
    clock = 31_000
    const started = performance.now()
    await sessions.find(ALICE, 'read')
    expect(performance.now() - started).toBeLessThan(9000)
  })
})

describe('an open page or stream', () => {
  test('asks the host every 5 minutes', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'watch')
    for (let second = 5; second < 600; second += 5) {
      state.clock = second * 1000
      await sessions.find(ALICE, 'watch')
    }
    expect(state.calls).toHaveLength(2)
  })

  test('keeps its session alive for 10 hours after its owner last did something', async () => {
    const { state, sessions } = startSessions()
    await sessions.find(ALICE, 'read')
    const watchUntil = async (end: number) => {
      for (; state.clock < end; state.clock += 5 * MINUTE_MS) await sessions.find(ALICE, 'watch')
    }
    await watchUntil(9 * HOUR_MS)
    await sessions.find(ALICE, 'read')
    await watchUntil(19 * HOUR_MS)
    state.clock = 19 * HOUR_MS + 1
    expect(await codeOf(sessions.find(ALICE, 'watch'))).toBe('session-invalid')
    // Somebody who comes back is still who they are, as far as the host says so.
    expect(await codeOf(sessions.find(ALICE, 'read'))).toBe('found')
  })
})
