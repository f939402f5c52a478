import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import { readFullSession } from './session-facts.ts'

const RECORDED: { title: string; answer: { body: string } }[] = JSON.parse(
  readFileSync(new URL('../../../test/recorded/host-rest.json', import.meta.url), 'utf8'),
)
const recorded = (title: string): { session: Record<string, unknown> } =>
  JSON.parse(RECORDED.find((one) => one.title === title)?.answer.body ?? '')

const ROOT = recorded('getFullSession')
const TECHNICIAN = recorded('Site A technician getFullSession')
const changed = (change: Record<string, unknown>) => ({ session: { ...TECHNICIAN.session, ...change } })

describe('what getFullSession tells', () => {
  test('is reduced, for somebody who sees every entity', () => {
    expect(readFullSession(ROOT, 'key')).toEqual({
      sessionKey: 'key',
      usersId: 2,
      profilesId: 4,
      entityId: 0,
      isRecursive: true,
      activeEntities: null,
      impersonatorId: null,
    })
  })

  test('is reduced, for somebody of one entity, whose list comes as a map', () => {
    expect(readFullSession(TECHNICIAN, 'key')).toMatchObject({
      usersId: 23,
      profilesId: 6,
      entityId: 1,
      isRecursive: false,
      activeEntities: [1],
    })
  })

  test('nothing of it is a secret, nor anything that was not asked for', () => {
    const facts = JSON.stringify(
      readFullSession(recorded('web cookie value as Session-Token on getFullSession'), 'key'),
    )
    expect(facts).not.toMatch(/csrf|valid_id|example0/)
  })

  test.each([
    ['digits', { glpiID: '23', glpiactive_entity: '1', glpiactiveentities: { 1: '1' } }],
    ['a list', { glpiactiveentities: [1] }],
    ['doubled entities', { glpiactiveentities: [1, '1'] }],
  ])('numbers and lists are understood as %s', (_what, change) => {
    expect(readFullSession(changed(change), 'key')).toEqual(readFullSession(TECHNICIAN, 'key'))
  })

  test.each([
    [5, 5],
    ['5', 5],
    [0, null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('an impersonator of %s is %s', (impersonator_id, expected) => {
    expect(readFullSession(changed({ impersonator_id }), 'key').impersonatorId).toBe(expected)
  })

  test.each([
    ['without a profile', { glpiactiveprofile: undefined }, 'account-unusable'],
    ['with an empty profile', { glpiactiveprofile: [] }, 'account-unusable'],
    ['without a user', { glpiID: undefined }, 'helpdesk-ill'],
    ['without entities', { glpiactiveentities: null }, 'helpdesk-ill'],
    ['of a user below zero', { glpiID: -1 }, 'helpdesk-ill'],
    ['of a user beyond all ids', { glpiID: '99999999999' }, 'helpdesk-ill'],
    ['of an impersonator beyond all ids', { impersonator_id: 1e20 }, 'helpdesk-ill'],
    ['in an entity beyond all ids', { glpiactiveentities: [1e300] }, 'helpdesk-ill'],
  ])('a session %s is refused as %s', (_what, change, code) => {
    expect(() => readFullSession(changed(change), 'key')).toThrowError(
      expect.objectContaining({ constructor: AppError, code }),
    )
  })
})
