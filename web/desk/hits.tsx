import { useEffect, useRef } from 'preact/hooks'
import type { SearchHit } from '../../contract/search.ts'
import { breakable } from '../components/breakable.tsx'
import { useWords } from '../lib/frame.tsx'
import { nameOf } from './name.ts'
import { Why } from './why.tsx'

interface Props {
  id: string
  hits: SearchHit[]
  active: number
  onChoose: (hit: SearchHit) => void
}

export const optionId = (list: string, { user }: SearchHit) => `${list}-${user.id}`

/** The people to choose from. The search field keeps the focus and says which of them is the active one. */
export function Hits({ id, hits, active, onChoose }: Props) {
  const words = useWords()
  const { person } = words
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div class="hits">
      <p class="hits-head" aria-hidden="true">
        <span>{person.lastname}</span>
        <span>{person.firstname}</span>
        <span>{person.rio}</span>
        <span>{person.phone}</span>
        <span>{person.email}</span>
        <span>{person.entity}</span>
        <span>{person.location}</span>
        <span>{words.desk.why}</span>
      </p>
      <div id={id} ref={list} role="listbox" aria-label={words.desk.results}>
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search field's, which keeps the focus.
          <div
            key={hit.user.id}
            id={optionId(id, hit)}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onClick={() => onChoose(hit)}
          >
            <span class="hit-name typed">{hit.user.lastname || nameOf(hit.user, words)}</span>
            <span class="typed">{hit.user.firstname}</span>
            <Cell label={person.rio} value={hit.user.rio} />
            <Cell label={person.phone} value={hit.user.phone || hit.user.mobile} />
            <Cell label={person.email} value={hit.user.email} />
            <Cell label={person.entity} value={hit.user.entity} />
            <Cell label={person.location} value={hit.user.location} />
            <Why matched={hit.matched} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** What a heading says where there is room for one, each value says where there is not. */
function Cell({ label, value }: { label: string; value: string }) {
  return (
    <span class="typed" data-label={label}>
      {breakable(value)}
    </span>
  )
}
