import { afterEach, beforeAll, beforeEach, expect, it, test, vi } from 'vitest'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import type { Storage } from '../../storage/storage.ts'
import { createSessionStore } from './sessions.ts'

const IDLE_MS = 10 * 60_000
const BOB = { usersId: 7, profilesId: 6, entityId: 3, isRecursive: 1 }

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let sessions: ReturnType<typeof createSessionStore>

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    sessions = createSessionStore(storage, IDLE_MS)
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
  const rows = () => storage.db.selectFrom('glpi_plugin_callmanager_sessions').selectAll().execute()

  it('opens a session that its token finds', async () => {
    const token = await sessions.open(BOB)
    expect(token).toMatch(/^[a-v0-9]{26}$/)
    expect(await sessions.find(token)).toMatchObject({
      users_id: 7,
      profiles_id: 6,
      entities_id: 3,
      is_recursive: 1,
    })
  })

  it('never gives a token twice', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => sessions.open(BOB)))
    expect(new Set(tokens).size).toBe(50)
  })

  it('stores a hash of the token and never the token', async () => {
    const token = await sessions.open(BOB)
    const stored = await rows()
    expect(stored).toHaveLength(1)
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(stored[0]?.token_hash).toMatch(/^[0-9a-f]{64}$/)
    await expect(sessions.find(stored[0]?.token_hash ?? '')).rejects.toMatchObject({
      code: 'session-invalid',
    })
  })

  test.each([
    ['nothing', ''],
    ['another token', 'abcdefghijklmnopqrstuv0123'],
    ['a token of another shape', "' or 1=1 --"],
    ['a very long token', 'a'.repeat(100_000)],
  ])('finds no session by %s', async (_what, token) => {
    await sessions.open(BOB)
    await expect(sessions.find(token)).rejects.toMatchObject({ code: 'session-invalid' })
  })

  it('finds no session by its token in another letter case', async () => {
    const token = await sessions.open(BOB)
    await expect(sessions.find(token.toUpperCase())).rejects.toMatchObject({ code: 'session-invalid' })
  })

  it('lives as long as it is used, and ends when it has not been for its time', async () => {
    const token = await sessions.open(BOB)
    for (let use = 0; use < 4; use++) {
      later(IDLE_MS - 90_000)
      expect(await sessions.find(token)).toMatchObject({ users_id: 7 })
    }
    later(IDLE_MS + 1)
    await expect(sessions.find(token)).rejects.toMatchObject({ code: 'session-invalid' })
  })

  it('lives as long as it is used when it lasts no longer than a minute', async () => {
    const brief = createSessionStore(storage, 60_000)
    const token = await brief.open(BOB)
    for (let use = 0; use < 5; use++) {
      later(40_000)
      expect(await brief.find(token)).toMatchObject({ users_id: 7 })
    }
    later(60_001)
    await expect(brief.find(token)).rejects.toMatchObject({ code: 'session-invalid' })
  })

  it('survives a restart', async () => {
    const token = await sessions.open(BOB)
    expect(await createSessionStore(storage, IDLE_MS).find(token)).toMatchObject({ users_id: 7 })
  })

  it('is not a write for each look-up', async () => {
    const token = await sessions.open(BOB)
    const [before] = await rows()
    later(30_000)
    await sessions.find(token)
    expect(await rows()).toEqual([before])
    later(40_000)
    await sessions.find(token)
    expect((await rows())[0]?.seen_at).toBe((before?.seen_at ?? 0) + 70_000)
  })

  it('ends when it is told to, once', async () => {
    const [token, other] = [await sessions.open(BOB), await sessions.open(BOB)]
    await sessions.end(token)
    await expect(sessions.find(token)).rejects.toMatchObject({ code: 'session-invalid' })
    await expect(sessions.end(token)).rejects.toMatchObject({ code: 'session-invalid' })
    expect(await sessions.find(other)).toMatchObject({ users_id: 7 })
  })

  it('drops those that ended, and no others', async () => {
    await sessions.open(BOB)
    later(IDLE_MS - 1000)
    const token = await sessions.open(BOB)
    later(2000)
    await sessions.purgeExpired()
    expect(await rows()).toHaveLength(1)
    expect(await sessions.find(token)).toMatchObject({ users_id: 7 })
  })
})
