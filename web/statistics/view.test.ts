import { describe, expect, test } from 'vitest'
import { daysAgo, isTooLong, queryOf, readView, type View, writeView } from './view.ts'

const OWN: View = { by: 'hour', period: 'own', from: '2026-01-31', to: '2026-03-01', entityId: 0 }

describe('what is looked at', () => {
  test.each<View>([
    OWN,
    { ...readView(''), by: 'agent', period: '7' },
    { ...readView(''), by: 'entity', period: '90', entityId: 12 },
  ])('stands in the address and is read from it again: $by', (view) => {
    expect(readView(`?${writeView(view)}`)).toEqual(view)
  })

  test.each(['', '?by=second&days=1&entity=-1', '?by=<b>&days=%F0%9F%98%80&entity=1e3'])(
    'is the usual where the address makes no sense: "%s"',
    (search) => {
      expect(readView(search)).toMatchObject({ by: 'day', period: '30', entityId: null })
    },
  )

  test('is asked by dates of the reader, or not at all where they are none', () => {
    expect(queryOf(OWN)).toMatchObject({ from: '2026-01-31', to: '2026-03-01', entityId: 0 })
    expect(queryOf({ ...OWN, period: '7' })).toMatchObject({ from: daysAgo(6) })
    expect(queryOf({ ...OWN, to: '' })).toBeNull()
    expect(queryOf({ ...OWN, to: '2026-01-30' })).toBeNull()
    expect(daysAgo(30, new Date(2026, 2, 1, 23, 59))).toBe('2026-01-30')
  })

  test('has 93 days of hours at most', () => {
    expect(isTooLong({ ...OWN, from: '2026-01-01', to: '2026-04-03' })).toBe(false)
    expect(isTooLong({ ...OWN, from: '2026-01-01', to: '2026-04-04' })).toBe(true)
    expect(isTooLong({ ...OWN, by: 'day', from: '2020-01-01' })).toBe(false)
  })
})
