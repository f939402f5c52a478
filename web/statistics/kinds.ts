import type { StatisticsItem } from '../../contract/statistics.ts'

/** What a look-up can come to, from the bottom of a bar to its top. */
export const KINDS = ['found', 'several', 'none'] as const
export type OutcomeKind = (typeof KINDS)[number]
export type Counts = Pick<StatisticsItem, OutcomeKind | 'total'>

/** The look-ups of one hour, day, agent or entity, with its name in words: whole, and short enough for an axis. */
export interface Bar {
  key: string
  label: string
  short: string
  counts: Counts
  /** Whether a day begins with this hour. */
  beginsDay?: boolean
}
