import type { StatisticsQuery } from '../../contract/statistics.ts'
import { AppError } from '../domain/errors.ts'
import { HOUR_MS } from '../domain/times.ts'
import { createCalendar, dayAfter, daysBefore, type HourCalendar } from './hour-calendar.ts'

/** What a chart can show; a day is 25 hours long once a year. */
const MAX_HOURS = 93 * 24 + 1
const MAX_DAY_HOURS = 3660 * 24

const DEFAULT_DAYS = 30

/** The hours that are asked for, counted from 1970: those that begin at `from` or later, and before `to`. */
export interface Period {
  from: number
  to: number
  timeZone: string
  calendar: HourCalendar
}

type Asked = Pick<StatisticsQuery, 'by' | 'from' | 'to' | 'timeZone'>

/** Throws `value-refused` for a time or time zone that there is not, and for more hours or days than are told one by one. */
export function periodOf({ by, from: begin, to: end, timeZone = 'UTC' }: Asked, now: number): Period {
  const calendar = createCalendar(timeZone)
  if (calendar === null)
    throw refused('timeZone', 'it is not a time zone; they are named such as Europe/Paris')
  const to =
    end === undefined
      ? firstAt(now)
      : isDate(end)
        ? calendar.firstHour(dayAfter(checked('to', end)))
        : firstAt(Date.parse(checked('to', end)))
  const from =
    begin === undefined
      ? calendar.firstHour(daysBefore(calendar.dateOf(to - 1), DEFAULT_DAYS - 1))
      : isDate(begin)
        ? calendar.firstHour(checked('from', begin))
        : firstAt(Date.parse(checked('from', begin)))
  if (from > to) throw refused('to', 'it lies before the beginning')
  if (by === 'hour' && to - from > MAX_HOURS)
    throw refused('from', 'by hour, 93 days can be asked for at most')
  if (by === 'day' && to - from > MAX_DAY_HOURS)
    throw refused('from', 'by day, 3660 days can be asked for at most')
  return { from, to, timeZone, calendar }
}

const isDate = (text: string): boolean => text.length === 10

/** The first hour that begins then or later. */
const firstAt = (milliseconds: number): number => Math.ceil(milliseconds / HOUR_MS)

/** The text, once it is known to be a day of the calendar and a time of day: JavaScript would take February 30th for March. */
function checked(field: 'from' | 'to', text: string): string {
  const date = text.slice(0, 10)
  const read = new Date(`${date}T00:00:00Z`)
  const isDay = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(date)
  if (!isDay || Number.isNaN(Date.parse(text))) throw refused(field, 'there is no such time')
  return text
}

function refused(field: string, detail: string): AppError {
  return new AppError('value-refused', { field, detail })
}
