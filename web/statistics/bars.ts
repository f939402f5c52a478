import type { StatisticsItem } from '../../contract/statistics.ts'
import type { Words } from '../locales/en.ts'
import type { Bar } from './kinds.ts'

const HOUR_MS = 3_600_000

/** Names what was counted as the reader says it. */
export function createBars(language: string, words: Words) {
  const utc = { timeZone: 'UTC' } as const
  const shortDay = new Intl.DateTimeFormat(language, { ...utc, day: 'numeric', month: 'short' })
  const longDay = new Intl.DateTimeFormat(language, { ...utc, dateStyle: 'full' })
  const shortHour = new Intl.DateTimeFormat(language, { timeStyle: 'short' })
  const dayOfHour = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const longHour = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' })

  function nameOf({ hour, day, agent, entity }: StatisticsItem): Omit<Bar, 'counts'> {
    if (hour !== undefined) {
      const time = new Date(hour)
      // Where clocks go forward at midnight, a day begins at one.
      const beginsDay = time.getDate() !== new Date(time.getTime() - HOUR_MS).getDate()
      const short = (beginsDay ? dayOfHour : shortHour).format(time)
      return { key: hour, label: longHour.format(time), short, beginsDay }
    }
    if (day !== undefined) {
      const time = new Date(`${day}T00:00:00Z`)
      return { key: day, label: longDay.format(time), short: shortDay.format(time) }
    }
    if (agent !== undefined) {
      const name = agent.name || words.statistics.unknown(agent.id)
      return { key: String(agent.id), label: name, short: name }
    }
    const path = entity?.path || words.statistics.unknown(entity?.id ?? 0)
    return { key: String(entity?.id), label: path, short: path.split(' > ').at(-1) ?? path }
  }

  return (items: readonly StatisticsItem[]): Bar[] => items.map((item) => ({ ...nameOf(item), counts: item }))
}
