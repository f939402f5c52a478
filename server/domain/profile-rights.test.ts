import { describe, expect, test } from 'vitest'
import { rightsOf, withRights } from './profile-rights.ts'

const rights = (update: boolean, read: boolean, write: boolean) => ({
  config: { update },
  access: { read, update: write },
})

describe('the rights of ours', () => {
  test.each([
    [{ config: 0, access: 0 }, rights(false, false, false)],
    [{ config: 1, access: 1 }, rights(false, true, false)],
    [{ config: 2, access: 2 }, rights(true, false, true)],
    [{ config: 3, access: 3 }, rights(true, true, true)],
    [{ config: 4, access: 28 }, rights(false, false, false)],
  ])('%j is read as %j', (stored, expected) => {
    expect(rightsOf(stored)).toEqual(expected)
  })

  test.each([
    [{ config: 0, access: 0 }, rights(true, true, true), { config: 2, access: 3 }],
    [{ config: 3, access: 3 }, rights(false, false, false), { config: 1, access: 0 }],
    [{ config: 2, access: 3 }, rights(true, true, false), { config: 2, access: 1 }],
    [{ config: 29, access: 28 }, rights(true, true, true), { config: 31, access: 31 }],
    [{ config: 31, access: 31 }, rights(false, true, false), { config: 29, access: 29 }],
  ])('%j with %j becomes %j, and bits of others stay', (stored, given, expected) => {
    expect(withRights(stored, given)).toEqual(expected)
  })

  test('writing without reading is refused, since it would give nothing', () => {
    expect(() => withRights({ config: 0, access: 0 }, rights(true, false, true))).toThrow(
      expect.objectContaining({
        code: 'value-refused',
        field: 'access.update',
        detail: 'it gives nothing without access.read',
      }),
    )
  })
})
