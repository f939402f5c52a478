import type { Match } from '../../contract/search.ts'
import { useWords } from '../lib/frame.tsx'

/** Why somebody was found: what fits as a whole first, then what only begins so. */
export function Why({ matched }: { matched: Match[] }) {
  const words = useWords()
  const sorted = matched.toSorted((a, b) => Number(b.exact) - Number(a.exact))
  return (
    <span class="why">
      {sorted.map(({ field, exact }) => (
        <span key={field} class={exact ? 'badge badge-success' : 'badge'}>
          {words.person[field]}
          {!exact && (
            <>
              <span aria-hidden="true">…</span>
              <span class="visually-hidden"> {words.desk.begins}</span>
            </>
          )}
        </span>
      ))}
    </span>
  )
}
