import type { StorageMethod } from '../../contract/storage-method.ts'
import { useFrame } from '../lib/frame.tsx'

/** The three places, and how many people have something in each. */
export function MethodPlaces({ use }: { use: StorageMethod }) {
  const { words, formats } = useFrame()
  const { method: text, methods, methodHints } = words.settings
  return (
    <section class="panel" aria-labelledby="places-title">
      <h2 id="places-title">{text.places}</h2>
      <ul class="places">
        {use.places.map(({ method, people }) => (
          <li key={method} class={method === use.method ? 'place here' : 'place'}>
            <p class="spread">
              <strong>{methods[method]}</strong>
              {method === use.method && <span class="badge badge-success">{text.here}</span>}
            </p>
            <p class="hint">{methodHints[method]}</p>
            <p>{text.hold(people, formats.number(people), formats.number(use.people))}</p>
            <meter aria-label={methods[method]} max={Math.max(use.people, 1)} value={people} />
          </li>
        ))}
      </ul>
    </section>
  )
}
