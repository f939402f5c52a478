import { type Static, Type } from 'typebox'
import { count, id } from './fields.ts'

/** Look-ups, counted. */

const TIME = '^(19|20|21)\\d\\d-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d))?$'

export const StatisticsQuery = Type.Object(
  {
    by: Type.Union(
      [Type.Literal('hour'), Type.Literal('day'), Type.Literal('agent'), Type.Literal('entity')],
      { description: 'What the look-ups are counted by: `hour`, `day`, `agent` or `entity`' },
    ),
    from: Type.Optional(
      Type.String({
        pattern: TIME,
        description:
          'The beginning: a date in the time zone, or a time (RFC 3339); the day 29 days before the end when missing',
      }),
    ),
    to: Type.Optional(
      Type.String({
        pattern: TIME,
        description:
          'The end: a date, which is counted to its end, or a time, which is not counted itself; now when missing',
      }),
    ),
    entityId: Type.Optional(id('Only what was looked up in this entity and those below it')),
    timeZone: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        default: 'UTC',
        description:
          'What a date and a day mean, such as `Europe/Paris`; UTC when missing. Look-ups are kept by the hour of UTC, and one that a midnight cuts in two (India’s, say) belongs to the day that it begins in.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type StatisticsQuery = Static<typeof StatisticsQuery>

const COUNTS = {
  found: count('Look-ups that found one person'),
  none: count('Look-ups that found nobody'),
  several: count('Look-ups that found several people'),
  total: count('All of these'),
}

const StatisticsItem = Type.Object(
  {
    hour: Type.Optional(Type.String({ description: 'By hour: when it begins' })),
    day: Type.Optional(
      Type.String({ description: 'By day: the date in the time zone, such as `2026-11-23`' }),
    ),
    agent: Type.Optional(
      Type.Object(
        {
          id: Type.Integer(),
          name: Type.String({
            description:
              'Last and first name, or the login; empty for who is gone or outside of what you see',
          }),
        },
        { description: 'By agent: who looked up' },
      ),
    ),
    entity: Type.Optional(
      Type.Object(
        {
          id: Type.Integer(),
          path: Type.String({
            description: 'The entity with those above it, parted by ` > `; empty for one that is gone',
          }),
        },
        { description: 'By entity: the active entity of who looked up' },
      ),
    ),
    ...COUNTS,
  },
  { title: 'StatisticsItem', description: 'The look-ups of one hour, day, agent or entity' },
)
export type StatisticsItem = Static<typeof StatisticsItem>

export const Statistics = Type.Object(
  {
    from: Type.String({ description: 'The beginning; hours that begin in the time asked for are counted' }),
    to: Type.String({ description: 'The end, which is not counted itself' }),
    timeZone: Type.String({ description: 'What a day means' }),
    totals: Type.Object(COUNTS, { description: 'The sums of all items' }),
    items: Type.Array(StatisticsItem, {
      description:
        'By time: in its order, each hour or day of the time asked for, with zeros where nobody looked up. By agent or entity: those with look-ups, the most first.',
    }),
  },
  { title: 'Statistics', description: 'Look-ups, counted' },
)
export type Statistics = Static<typeof Statistics>
