import { useFrame } from '../lib/frame.tsx'
import { type Counts, KINDS } from './kinds.ts'

/** What the patterns mean; with the numbers of the bar that the pointer is at. */
export function Legend({ counts }: { counts: Counts | undefined }) {
  const { formats, words } = useFrame()
  return (
    <ul class="chart-legend">
      {KINDS.map((kind) => (
        <li key={kind}>
          <span class={`swatch swatch-${kind}`} />
          {words.statistics.kinds[kind]}
          {counts && <strong>{formats.number(counts[kind])}</strong>}
        </li>
      ))}
    </ul>
  )
}
