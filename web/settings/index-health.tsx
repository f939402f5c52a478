import type { Examination, SystemHealth } from '../../contract/health.ts'
import { useFrame } from '../lib/frame.tsx'
import { Facts } from './facts.tsx'

/** The identifier index as it is now, and how far a sample of it agrees with the users. */
export function IndexHealth({ index, drift }: { index: SystemHealth['index']; drift: Examination['drift'] }) {
  const { words, formats } = useFrame()
  const { index: text } = words.health
  const moment = (time: string | null, none: string) => (time === null ? none : formats.moment(time))
  const percent = Math.floor(index.progress * 100)
  return (
    <section class="panel" aria-labelledby="index-title">
      <h2 id="index-title">{text.title}</h2>
      {index.state !== 'whole' && (
        <>
          <progress aria-label={text.states[index.state]} max={100} value={percent} />
          <p class="hint">{text.progress(percent)}</p>
        </>
      )}
      <Facts
        facts={[
          [text.state, text.states[index.state]],
          [text.follows, index.current ? text.current : text.behind],
          [text.followedTo, moment(index.followedTo, text.nothingYet)],
          [text.changedAt, moment(index.changedAt, text.nothingYet)],
          [text.sweptAt, moment(index.sweptAt, text.never)],
          ...(drift === null ? [] : [[text.drift, text.driftOf(drift)] as const]),
        ]}
      />
    </section>
  )
}
