import type { StatisticsQuery } from '../../contract/statistics.ts'

export const BY = ['day', 'hour', 'agent', 'entity'] as const satisfies readonly StatisticsQuery['by'][]
export const PERIODS = ['7', '30', '90', 'own'] as const
/** More hours than these are not told one by one. */
export const MAX_HOURS_DAYS = 93

/** What is looked at; it stands in the address, so that it can be kept and shared. */
export interface View {
  by: StatisticsQuery['by']
  period: (typeof PERIODS)[number]
  /** Dates of one's own period; of the others they follow from today. */
  from: string
  to: string
  entityId: number | null
}

const DAY_MS = 86_400_000
const DATE = /^\d{4}-\d\d-\d\d$/

/** A date as the reader's clock has it. */
function dateOf(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

export function daysAgo(days: number, now = new Date()): string {
  return dateOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days))
}

export function readView(search: string): View {
  const query = new URLSearchParams(search)
  const date = (name: string, fallback: string) => {
    const value = query.get(name) ?? ''
    return DATE.test(value) ? value : fallback
  }
  const entity = query.get('entity')
  return {
    by: BY.find((one) => one === query.get('by')) ?? 'day',
    period: query.has('from') ? 'own' : (PERIODS.find((one) => one === query.get('days')) ?? '30'),
    from: date('from', daysAgo(29)),
    to: date('to', daysAgo(0)),
    entityId: entity !== null && /^\d{1,9}$/.test(entity) ? Number(entity) : null,
  }
}

export function writeView({ by, period, from, to, entityId }: View): string {
  return String(
    new URLSearchParams({
      by,
      ...(period === 'own' ? { from, to } : { days: period }),
      ...(entityId === null ? {} : { entity: String(entityId) }),
    }),
  )
}

/** What the server is asked for; null where the dates are none, or the wrong way round. */
export function queryOf({ by, period, from, to, entityId }: View): StatisticsQuery | null {
  if (period === 'own' && !(DATE.test(from) && DATE.test(to) && from <= to)) return null
  return {
    by,
    ...(period === 'own' ? { from, to } : { from: daysAgo(Number(period) - 1) }),
    ...(entityId === null ? {} : { entityId }),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

/** Whether the period has more hours than can be asked for one by one. */
export function isTooLong({ by, period, from, to }: View): boolean {
  return by === 'hour' && period === 'own' && (Date.parse(to) - Date.parse(from)) / DAY_MS >= MAX_HOURS_DAYS
}
