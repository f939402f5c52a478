import type { Statistics, StatisticsItem, StatisticsQuery } from '../../contract/statistics.ts'
import { AppError } from '../domain/errors.ts'
import { apiTime, HOUR_MS } from '../domain/times.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'
import { readAgentNames, readEntityPaths } from './names.ts'
import { type Period, periodOf } from './period.ts'
import { type Question, readTallies } from './read.ts'
import { sum, type Tally } from './tally.ts'

interface Dependencies {
  storage: Storage
  helpdesk: Pick<Helpdesk, 'decodeText' | 'entityTree'>
}

/** Days are added up from their hours, since each time zone has its own. */
const KEYS = {
  hour: 'hour',
  day: 'hour',
  agent: 'users_id',
  entity: 'entities_id',
} as const satisfies Record<StatisticsQuery['by'], Question['by']>

const NOTHING: Tally = { found: 0, none: 0, several: 0 }

/** Look-ups, counted within an agent's scope. Rights are the caller's to check. */
export function createStatistics({ storage, helpdesk }: Dependencies) {
  const { decodeText: decode } = helpdesk

  /** The entities in which look-ups are counted. Throws `entity-unknown`. */
  async function entitiesOf({ scope }: Agent, entity: number | undefined): Promise<Question['entities']> {
    // Who sees all also sees what was looked up in entities that are gone.
    if (entity === undefined) return scope.all ? 'all' : [...scope.entities]
    if (!scope.entities.has(entity)) throw new AppError('entity-unknown')
    const tree = await helpdesk.entityTree()
    return tree.withDescendants(entity).filter((id) => scope.entities.has(id))
  }

  async function itemsOf(
    by: StatisticsQuery['by'],
    tallies: ReadonlyMap<number, Tally>,
    { from, to, calendar }: Period,
    agent: Agent,
  ): Promise<StatisticsItem[]> {
    if (by === 'hour') {
      return hoursFrom(from, to).map((hour) => ({ hour: timeOf(hour), ...counts(tallies.get(hour)) }))
    }
    if (by === 'day') {
      return calendar.days(from, to).map((day) => {
        const hours = hoursFrom(day.from, day.to).map((hour) => tallies.get(hour) ?? NOTHING)
        return { day: day.date, ...counts(hours.reduce(sum, NOTHING)) }
      })
    }
    const most = [...tallies].sort(
      ([id, tally], [otherId, other]) => counts(other).total - counts(tally).total || id - otherId,
    )
    const ids = most.map(([id]) => id)
    if (by === 'agent') {
      const names = await readAgentNames(storage, ids, agent.scope, decode)
      return most.map(([id, tally]) => ({ agent: { id, name: names.get(id) ?? '' }, ...counts(tally) }))
    }
    const paths = await readEntityPaths(storage, ids, decode)
    return most.map(([id, tally]) => ({ entity: { id, path: paths.get(id) ?? '' }, ...counts(tally) }))
  }

  return {
    /** Throws `value-refused` and `entity-unknown`. */
    async read(agent: Agent, query: StatisticsQuery): Promise<Statistics> {
      const period = periodOf(query, Date.now())
      const { from, to, timeZone } = period
      const entities = await entitiesOf(agent, query.entityId)
      const tallies = await readTallies(storage, { by: KEYS[query.by], from, to, entities })
      return {
        from: timeOf(from),
        to: timeOf(to),
        timeZone,
        totals: counts([...tallies.values()].reduce(sum, NOTHING)),
        items: await itemsOf(query.by, tallies, period, agent),
      }
    },
  }
}

export type StatisticsReader = ReturnType<typeof createStatistics>

function counts({ found, none, several }: Tally = NOTHING) {
  return { found, none, several, total: found + none + several }
}

function hoursFrom(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

const timeOf = (hour: number): string => apiTime(hour * HOUR_MS)
