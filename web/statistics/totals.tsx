import type { Statistics } from '../../contract/statistics.ts'
import { useFrame } from '../lib/frame.tsx'
import { KINDS } from './kinds.ts'

/** The sums, and how much each is of all. */
export function Totals({ totals }: { totals: Statistics['totals'] }) {
  const { formats, language, words } = useFrame()
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <dl class="totals">
      <div>
        <dt>{words.statistics.lookUps}</dt>
        <dd>{formats.number(totals.total)}</dd>
      </div>
      {KINDS.map((kind) => (
        <div key={kind}>
          <dt>{words.statistics.kinds[kind]}</dt>
          <dd>
            {formats.number(totals[kind])} <small>{percent.format(totals[kind] / totals.total)}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}
