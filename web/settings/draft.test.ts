import { expect, test } from 'vitest'
import type { NamedSettings } from '../../contract/settings.ts'
import { changeBy, changedBetween, type Draft, shownBy } from './draft.ts'

const READ: NamedSettings = {
  rioStorageMethod: 'custom_table',
  sharedRios: 'allowed',
  defaultCountry: 'FR',
  phoneRequestSource: 3,
  ticketTarget: 'quick',
  journalRetentionDays: 180,
  countries: { 5: 'BE', 7: 'CH' },
}

test('what was not touched, or put back as it was, is not sent', () => {
  expect(changeBy(READ, {})).toMatchObject({ change: {}, isNone: true })
  const back: Draft = {
    sharedRios: 'allowed',
    retention: ' 180 ',
    target: 'quick',
    countries: { 5: 'BE', 9: null },
  }
  expect(changeBy(READ, back)).toMatchObject({ change: {}, isNone: true })
})

test('what differs is sent, and no more', () => {
  const draft = {
    sharedRios: 'refused',
    target: 'form',
    formId: '12',
    countries: { 5: null, 6: 'LU', 7: 'CH' },
  } as const
  expect(changeBy(READ, draft).change).toEqual({
    sharedRios: 'refused',
    ticketTarget: 12,
    countries: { 5: null, 6: 'LU' },
  })
  expect(shownBy(READ, draft).countries).toEqual([
    { id: 6, country: 'LU' },
    { id: 7, country: 'CH' },
  ])
})

test.each(['', '0', '3651', '1.5', 'abc', '-1', '99999999999'])('“%s” is no number of days', (retention) => {
  expect(changeBy(READ, { retention })).toMatchObject({ wrong: { retention: true }, isNone: false })
})

test('a form without a number is told, but only where a form is chosen', () => {
  expect(changeBy(READ, { target: 'form' }).wrong.formId).toBe(true)
  expect(changeBy(READ, { formId: 'x' }).wrong.formId).toBe(false)
})

test('what others have changed is named', () => {
  expect(changedBetween(READ, { ...READ, sharedRios: 'refused', countries: { 7: 'CH' } })).toEqual([
    'sharedRios',
    'countries',
  ])
})
