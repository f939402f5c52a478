import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../domain/times.ts'
import { createCalendar } from './hour-calendar.ts'
import { periodOf } from './period.ts'

const NOW = Date.parse('2026-11-23T07:15:46Z')

function asked(
  query: { from?: string; to?: string; timeZone?: string },
  by: 'hour' | 'day' | 'agent' = 'agent',
) {
  const { from, to } = periodOf({ by, ...query }, NOW)
  return [from, to].map((hour) => new Date(hour * HOUR_MS).toISOString().slice(0, 16))
}

describe('a time asked for', () => {
  test.each([
    ['nothing', {}, ['2026-10-25T00:00', '2026-11-23T08:00']],
    ['nothing, in Paris', { timeZone: 'Europe/Paris' }, ['2026-10-24T22:00', '2026-11-23T08:00']],
    ['a day', { from: '2026-11-01', to: '2026-11-01' }, ['2026-11-01T00:00', '2026-11-02T00:00']],
    [
      'a day in Paris',
      { from: '2026-11-01', to: '2026-11-01', timeZone: 'Europe/Paris' },
      ['2026-10-31T23:00', '2026-11-01T23:00'],
    ],
    [
      'the day that is 23 hours long',
      { from: '2026-03-29', to: '2026-03-29', timeZone: 'Europe/Paris' },
      ['2026-03-28T23:00', '2026-03-29T22:00'],
    ],
    [
      'the day that is 25 hours long',
      { from: '2026-10-25', to: '2026-10-25', timeZone: 'Europe/Paris' },
      ['2026-10-24T22:00', '2026-10-25T23:00'],
    ],
    [
      'a day that begins at half past',
      { from: '2026-11-01', to: '2026-11-01', timeZone: 'Asia/Kolkata' },
      ['2026-10-31T19:00', '2026-11-01T19:00'],
    ],
    [
      'a day whose midnight was skipped',
      { from: '2026-04-24', to: '2026-04-24', timeZone: 'Africa/Cairo' },
      ['2026-04-23T22:00', '2026-04-24T21:00'],
    ],
    [
      'a day that was skipped',
      { from: '2011-12-30', to: '2011-12-30', timeZone: 'Pacific/Apia' },
      ['2011-12-30T10:00', '2011-12-30T10:00'],
    ],
    [
      'times, from which hours that begin in them follow',
      { from: '2026-11-01T10:30:00Z', to: '2026-11-01T12:00:01+01:00' },
      ['2026-11-01T11:00', '2026-11-01T12:00'],
    ],
    [
      'an end alone',
      { to: '2026-02-15', timeZone: 'Europe/Paris' },
      ['2026-01-16T23:00', '2026-02-15T23:00'],
    ],
  ])('%s', (_, query, expected) => {
    expect(asked(query)).toEqual(expected)
  })

  test.each([
    [{ from: '2026-02-30' }, 'from'],
    [{ from: '2026-02-30T10:00:00Z' }, 'from'],
    [{ to: '2026-13-01' }, 'to'],
    [{ to: '2026-11-01T25:00:00Z' }, 'to'],
    [{ from: '2026-11-02', to: '2026-10-31' }, 'to'],
    [{ from: '2026-12-24' }, 'to'],
    [{ timeZone: 'Europe/Lyon' }, 'timeZone'],
    [{ timeZone: "Europe/Paris'" }, 'timeZone'],
  ])('refuses %j, naming %s', (query, field) => {
    expect(() => asked(query)).toThrow(expect.objectContaining({ code: 'value-refused', field }))
  })

  test('is bounded where each hour or day is told', () => {
    const paris = { timeZone: 'Europe/Paris', to: '2026-11-01' }
    expect(asked({ ...paris, from: '2026-08-01' }, 'hour')).toHaveLength(2)
    expect(() => asked({ ...paris, from: '2026-07-31' }, 'hour')).toThrow(
      expect.objectContaining({ field: 'from' }),
    )
    expect(() => asked({ ...paris, from: '2016-01-01' }, 'day')).toThrow(
      expect.objectContaining({ field: 'from' }),
    )
    expect(asked({ ...paris, from: '1999-01-01' })).toHaveLength(2)
  })
})

const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
]

test('days part all hours among them, each on the date that the hour begins on', () => {
  const hours = fc.integer({ min: 0, max: 700_000 })
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), hours, fc.nat({ max: 3000 }), (timeZone, from, length) => {
      const calendar = createCalendar(timeZone)
      const days = calendar?.days(from, from + length) ?? []
      const parted = days.flatMap((day) =>
        Array.from({ length: day.to - day.from }, (_, index) => `${day.from + index} ${day.date}`),
      )
      const expected = Array.from(
        { length },
        (_, index) => `${from + index} ${calendar?.dateOf(from + index)}`,
      )
      expect(parted).toEqual(expected)
      expect(new Set(days.map(({ date }) => date)).size).toBe(days.length)
    }),
    { numRuns: 60 },
  )
})
