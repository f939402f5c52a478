import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dominates, missingBit, type ProfileRights, PURGE, UPDATE } from './rights.ts'

const central = (bits: Record<string, number>): ProfileRights => ({
  interface: 'central',
  bits: new Map(Object.entries(bits)),
})

const anyBits = fc.dictionary(
  fc.constantFrom('user', 'ticket', 'config', 'profile', 'entity'),
  fc.nat(0x1ffff),
)
const anyProfile = anyBits.map(central)

describe('a profile dominates', () => {
  test('itself', () => {
    fc.assert(fc.property(anyProfile, (mine) => dominates(mine, mine)))
  })

  test('the one without any right', () => {
    fc.assert(fc.property(anyProfile, (mine) => dominates(mine, central({}))))
  })

  test('whatever is dominated by one that it dominates', () => {
    const lesser = (profile: Record<string, number>, mask: number) =>
      Object.fromEntries(Object.entries(profile).map(([name, bits]) => [name, bits & mask]))
    fc.assert(
      fc.property(anyBits, fc.nat(), fc.nat(), (bits, mask, other) => {
        const middle = lesser(bits, mask)
        return dominates(central(bits), central(lesser(middle, other)))
      }),
    )
  })

  test('none with a single bit beyond its own, whatever else it has', () => {
    fc.assert(
      fc.property(anyBits, fc.constantFrom('user', 'config'), fc.nat(16), (bits, name, bit) => {
        const without = { ...bits, [name]: (bits[name] ?? 0) & ~(1 << bit) }
        const beyond = { ...without, [name]: (without[name] ?? 0) | (1 << bit) }
        return !dominates(central(without), central(beyond)) && dominates(central(beyond), central(without))
      }),
    )
  })

  test('none with a right that it lacks altogether', () => {
    expect(dominates(central({ user: 31 }), central({ config: 1 }))).toBe(false)
  })

  test('any of the helpdesk interface if it is central, and never the other way round', () => {
    const helpdesk: ProfileRights = { interface: 'helpdesk', bits: new Map([['ticket', 0x1ffff]]) }
    fc.assert(fc.property(anyProfile, (mine) => dominates(mine, helpdesk) && !dominates(helpdesk, mine)))
    expect(dominates(helpdesk, helpdesk)).toBe(true)
  })
})

describe('a right that is read by name', () => {
  test('is told as missing with its bit and name', () => {
    expect(missingBit('entity', 1, UPDATE)).toBe('the profile lacks UPDATE on entity')
    expect(missingBit('location', undefined, PURGE)).toBe('the profile lacks PURGE on location')
    expect(missingBit('location', 23, PURGE)).toBeNull()
  })
})
