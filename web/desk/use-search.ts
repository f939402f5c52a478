import { useEffect, useRef, useState } from 'preact/hooks'
import type { SearchAnswer, SearchHit } from '../../contract/search.ts'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import type { Asked } from './asked.ts'

/** Long enough that a quick typist asks once a word, short enough that nobody waits. */
const PAUSE_MS = 120
const HITS = 25
/** A last answer that is shown for longer would be taken for that to what is typed now. */
const LATE_MS = 700

/**
 * Who fits what is typed, asked as one types. What the desk was opened on is looked for whole: a RIO that only begins
 * so is somebody else's.
 */
export function useSearch(typed: string, asked: Asked | null) {
  const { client } = useFrame()
  const [text, setText] = useState(typed)
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => setText(typed), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, text])

  const blank = text.trim() === ''
  const search = useResource(
    blank
      ? null
      : async (signal) => {
          const { body } = await client.get<SearchAnswer>('search', { q: text, limit: HITS }, signal)
          return { text, ...(asked?.text === text ? exactly(body, asked) : body) }
        },
    [text, asked],
  )
  const settled = typed === text && search.state === 'ready' && search.data.text === text
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (settled) return
    const timer = setTimeout(() => setLate(true), LATE_MS)
    return () => clearTimeout(timer)
  }, [typed, settled])
  // While the next answer is on its way the last one stays a moment, so that nothing flickers at each letter.
  const last = useRef<SearchAnswer | null>(null)
  if (search.state === 'ready') last.current = search.data
  else if (search.state === 'failed') last.current = null
  const nothing = typed.trim() === ''
  return {
    failure: search.state === 'failed' && !nothing ? search.failure : null,
    retry: search.retry,
    answer: nothing || (late && !settled) ? null : last.current,
    /** Nothing is typed, so nothing is looked for. */
    nothing,
    /** The answer is to what was typed last. */
    settled: !nothing && settled,
    /** Asks at once, without waiting for the pause. */
    now: () => (typed === text ? search.retry() : setText(typed)),
  }
}

const NUMBERS = new Set(['phone', 'phone2', 'mobile'])

function exactly({ items, incomplete }: SearchAnswer, { by }: Asked): SearchAnswer {
  const fits = ({ matched }: SearchHit) =>
    matched.some(({ field, exact }) => exact && (by === 'rio' ? field === 'rio' : NUMBERS.has(field)))
  return { items: items.filter(fits), incomplete }
}
