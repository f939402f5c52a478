import { describe, expect, test } from 'vitest'
import { type AccountState, displayName, isUsable } from './accounts.ts'

const NOON = new Date('2026-11-23T12:00:00.999Z')

describe('isUsable', () => {
  const usable: AccountState = { is_active: 1, is_deleted: 0, begin_date: null, end_date: null }

  test.each<[string, Partial<AccountState>, boolean]>([
    ['as it is', {}, true],
    ['inactive', { is_active: 0 }, false],
    ['in the bin', { is_deleted: 1 }, false],
    ['begun a second ago', { begin_date: '2026-11-23 11:59:59' }, true],
    ['beginning this second', { begin_date: '2026-11-23 12:00:00' }, true],
    ['beginning in a second', { begin_date: '2026-11-23 12:00:01' }, false],
    ['ending in a second', { end_date: '2026-11-23 12:00:01' }, true],
    ['ending this second', { end_date: '2026-11-23 12:00:00' }, false],
    ['ended', { end_date: '2026-11-23 11:59:59' }, false],
    ['between its dates', { begin_date: '2026-01-01 00:00:00', end_date: '2027-01-01 00:00:00' }, true],
    ['with zeros for no dates', { begin_date: '0000-00-00 00:00:00', end_date: '0000-00-00 00:00:00' }, true],
    ['inactive between its dates', { is_active: 0, begin_date: '2026-01-01 00:00:00' }, false],
  ])('an account %s', (_, state, expected) => {
    expect(isUsable({ ...usable, ...state }, NOON)).toBe(expected)
  })
})

describe('displayName', () => {
  test.each([
    ['Doe', 'John', 'Doe John'],
    ['Doe', '', 'Doe'],
    ['Doe', null, 'Doe'],
    ['', 'John', 'jdoe'],
    [null, 'John', 'jdoe'],
  ])('of lastname %j and firstname %j', (realname, firstname, expected) => {
    expect(displayName({ name: 'jdoe', realname, firstname })).toBe(expected)
  })

  test('of nobody at all is empty', () => {
    expect(displayName({ name: null, realname: null, firstname: null })).toBe('')
  })
})
