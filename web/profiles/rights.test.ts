import { expect, test } from 'vitest'
import { areSame, withBox } from './rights.ts'

const rights = (config: boolean, read: boolean, update: boolean) => ({
  config: { update: config },
  access: { read, update },
})

test.each([
  ['ticking Write ticks Read', rights(false, false, false), 'update', true, rights(false, true, true)],
  ['taking Read takes Write', rights(true, true, true), 'read', false, rights(true, false, false)],
  ['taking Write leaves Read', rights(true, true, true), 'update', false, rights(true, true, false)],
  ['ticking Read mends Write alone', rights(false, false, true), 'read', true, rights(false, true, true)],
] as const)('%s', (_what, before, level, given, after) => {
  const done = withBox(before, { right: 'access', level }, given)
  expect(done).toEqual(after)
  expect(areSame(done, before)).toBe(false)
})
