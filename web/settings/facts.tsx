import type { ComponentChildren } from 'preact'
import { useFormats } from '../lib/frame.tsx'

/** Numbers and what they count, or other short things by their names. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  const formats = useFormats()
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'number' ? formats.number(value) : value}</dd>
        </div>
      ))}
    </dl>
  )
}
