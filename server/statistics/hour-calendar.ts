import { DAY_MS, HOUR_MS } from '../domain/times.ts'

/** Hours since 1970 as a place on earth has them in its calendar. Dates are `YYYY-MM-DD`, and compare as text. */
export interface HourCalendar {
  /** The date on which an hour begins. */
  dateOf(hour: number): string
  /** The first hour that begins on that date, or on a later one where that was skipped. */
  firstHour(date: string): number
  /** The days of these hours, each with its own: 23 to 25 of them, fewer at the ends. */
  days(from: number, to: number): { date: string; from: number; to: number }[]
}

/** No day is longer, and no clock further from UTC. */
const LONGEST_DAY = 26
const FURTHEST = 16

/** The calendar of a time zone (IANA); null where there is none of that name. */
export function createCalendar(timeZone: string): HourCalendar | null {
  const format = formatIn(timeZone)
  if (format === null) return null
  const dateOf = (hour: number): string => format.format(hour * HOUR_MS)

  /** The first of the hours from `low` to `high` of which it is true; it is of all behind it, and of `high`. */
  function first(low: number, high: number, isTrue: (hour: number) => boolean): number {
    let [from, to] = [low, high]
    while (from < to) {
      const middle = Math.floor((from + to) / 2)
      if (isTrue(middle)) to = middle
      else from = middle + 1
    }
    return from
  }

  return {
    dateOf,
    firstHour(date) {
      const midnight = Date.parse(date) / HOUR_MS
      // A day that was skipped (crossing the date line) makes the next one begin a day later than one would guess.
      return first(midnight - FURTHEST, midnight + FURTHEST + 24, (hour) => dateOf(hour) >= date)
    },
    days(from, to) {
      const days: { date: string; from: number; to: number }[] = []
      for (let hour = from; hour < to; ) {
        const date = dateOf(hour)
        const end = first(hour + 1, Math.min(hour + LONGEST_DAY, to), (next) => dateOf(next) > date)
        days.push({ date, from: hour, to: end })
        hour = end
      }
      return days
    },
  }
}

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  try {
    // Canada writes dates as ISO 8601 does.
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10)
}

export const dayAfter = (date: string): string => daysBefore(date, -1)
