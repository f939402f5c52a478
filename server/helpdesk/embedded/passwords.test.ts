import { hash as hashBcrypt } from '@node-rs/bcrypt'
import { describe, expect, it, test, vi } from 'vitest'

/** A fresh queue for each test: the module keeps it. */
async function freshPasswords() {
  vi.resetModules()
  return import('./passwords.ts')
}

describe('hashPassword', () => {
  it('makes an argon2id hash that the password matches, and no other does', async () => {
    const { hashPassword, verifyPassword } = await freshPasswords()
    const stored = await hashPassword('pässwörd 📞')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await verifyPassword('pässwörd 📞', stored)).toBe(true)
    expect(await verifyPassword('pässwörd 📟', stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
  })

  it('makes another hash each time', async () => {
    const { hashPassword } = await freshPasswords()
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
  })
})

describe('verifyPassword', () => {
  test.each(['$2y', '$2a', '$2b'])('knows the bcrypt hashes of PHP (%s)', async (prefix) => {
    const { verifyPassword } = await freshPasswords()
    const stored = (await hashBcrypt('secret of Bob', { cost: 4 })).replace(/^\$2./, prefix)
    expect(await verifyPassword('secret of Bob', stored)).toBe(true)
    expect(await verifyPassword('secret of Alice', stored)).toBe(false)
  })

  test.each([
    ['no hash', null],
    ['an empty hash', ''],
    ['the password itself', 'secret'],
    ['an MD5 of old', '5ebe2294ecd0e0f08eab7690d2a6ee69'],
    ['half a bcrypt hash', '$2y$10$short'],
    ['no bcrypt hash at all', '$2garbage'],
    ['half an argon2 hash', '$argon2id$v=19$m=19456,t=2,p=1$AAAA'],
  ])('matches nothing with %s', async (_what, stored) => {
    const { verifyPassword } = await freshPasswords()
    expect(await verifyPassword('secret', stored)).toBe(false)
  })

  it('takes as long for an unknown login as for a known one', async () => {
    const { hashPassword, verifyPassword } = await freshPasswords()
    const stored = await hashPassword('secret')
    await verifyPassword('secret', null)
    const time = async (hash: string | null) => {
      const began = performance.now()
      for (let round = 0; round < 5; round++) await verifyPassword('wrong', hash)
      return performance.now() - began
    }
    const [known, unknown] = [await time(stored), await time(null)]
    expect(unknown).toBeGreaterThan(known / 4)
    expect(unknown).toBeLessThan(known * 4)
  })

  it('never keeps the event loop waiting', async () => {
    const { hashPassword } = await freshPasswords()
    let turns = 0
    const ticking = setInterval(() => turns++, 1)
    await Promise.all(Array.from({ length: 6 }, () => hashPassword('secret')))
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(10)
  })

  it('hashes two at a time, lets a hundred wait, and refuses more', async () => {
    const { hashPassword } = await freshPasswords()
    const attempts = Array.from({ length: 105 }, () => hashPassword('secret'))
    const outcomes = await Promise.allSettled(attempts)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(3)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'overloaded', retryAfter: 5 })
  })

  it('answers unknown logins again after a rush that it refused', async () => {
    const { hashPassword, verifyPassword } = await freshPasswords()
    const rush = Array.from({ length: 102 }, () => hashPassword('secret'))
    await expect(verifyPassword('secret', null)).rejects.toMatchObject({ code: 'overloaded' })
    await Promise.all(rush)
    expect(await verifyPassword('secret', null)).toBe(false)
  })
})
