import { expect, test } from 'vitest'
import { apiTime, hostTime, storedTime } from './times.ts'

const NOON = new Date('2026-11-23T12:00:00.999Z')

test('hostTime is the host’s spelling, in UTC and whole seconds', () => {
  expect(hostTime(NOON)).toBe('2026-11-23 12:00:00')
})

test('apiTime is RFC 3339, to the second', () => {
  expect(apiTime(NOON)).toBe('2026-11-23T12:00:00Z')
  expect(apiTime(NOON.getTime())).toBe('2026-11-23T12:00:00Z')
})

test.each([
  ['2026-11-23 12:00:00', '2026-11-23T12:00:00Z'],
  [null, null],
  ['', null],
  ['0000-00-00 00:00:00', null],
])('storedTime of %j is %j', (stored, expected) => {
  expect(storedTime(stored)).toBe(expected)
})
