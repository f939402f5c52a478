import { useState } from 'preact/hooks'
import { useFrame } from '../lib/frame.tsx'
import { type Bar, KINDS } from './kinds.ts'

/** The numbers of a chart as a table; drawn once it is opened, for there may be thousands of hours. */
export function Twin({
  bars,
  first,
  leavesOutEmpty,
}: {
  bars: readonly Bar[]
  first: string
  leavesOutEmpty: boolean
}) {
  const { formats, words } = useFrame()
  const [open, setOpen] = useState(false)
  const shown = leavesOutEmpty ? bars.filter(({ counts }) => counts.total > 0) : bars
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.statistics.asTable}</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keys as well.
        <section class="table-scroll twin" aria-label={words.statistics.asTable} tabIndex={0}>
          <table>
            {leavesOutEmpty && <caption class="hint">{words.statistics.withoutEmpty}</caption>}
            <thead>
              <tr>
                <th scope="col">{first}</th>
                {KINDS.map((kind) => (
                  <th key={kind} scope="col" class="number">
                    {words.statistics.kinds[kind]}
                  </th>
                ))}
                <th scope="col" class="number">
                  {words.statistics.total}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ key, label, counts }) => (
                <tr key={key}>
                  <th scope="row" class="typed">
                    {label}
                  </th>
                  {KINDS.map((kind) => (
                    <td key={kind} class="number">
                      {formats.number(counts[kind])}
                    </td>
                  ))}
                  <td class="number">{formats.number(counts.total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  )
}
