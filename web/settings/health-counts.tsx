import type { Examination } from '../../contract/health.ts'
import { useFrame } from '../lib/frame.tsx'
import { Facts } from './facts.tsx'

/** How many people have a RIO, or share one, and what our own table holds that leads to nobody. */
export function HealthCounts({ examination: { rios, ownTable } }: { examination: Examination }) {
  const { counts } = useFrame().words.health
  if (rios === null && ownTable === null) return null
  return (
    <section class="panel" aria-labelledby="counts-title">
      <h2 id="counts-title">{counts.title}</h2>
      {rios && (
        <Facts
          facts={[
            [counts.people, rios.people],
            [counts.holders, rios.holders],
            [counts.without, rios.people - rios.holders],
            [counts.shared, rios.shared],
            [counts.sharing, rios.sharing],
          ]}
        />
      )}
      {ownTable && (
        <>
          <h3>{counts.ownTable}</h3>
          <Facts
            facts={[
              [counts.rows, ownTable.rows],
              [counts.empty, ownTable.empty],
              [counts.binned, ownTable.binned],
              [counts.purged, ownTable.purged],
            ]}
          />
        </>
      )}
    </section>
  )
}
