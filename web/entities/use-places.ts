import { useEffect, useRef } from 'preact/hooks'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import type { Kind, Place } from './kind.ts'

const PAGE = 100

interface Places {
  items: Place[]
  /** Whether there are more than these. */
  more: boolean
}

/** The first places of a tree that have these words in their path; more of them when asked. */
export function usePlaces(kind: Kind, q: string) {
  const { client } = useFrame()
  const wanted = useRef(PAGE)
  useEffect(() => {
    wanted.current = PAGE
  }, [q])

  async function read(signal: AbortSignal): Promise<Places> {
    const items: Place[] = []
    let next: string | null = client.url(kind, { limit: PAGE, ...(q === '' ? {} : { q }) })
    while (next !== null && items.length < wanted.current) {
      const { body }: { body: { items: Place[]; next: string | null } } = await client.get(next, {}, signal)
      items.push(...body.items)
      next = body.next
    }
    return { items, more: next !== null }
  }

  const places = useResource(read, [kind, q])
  // What was found before stays until there is something else to show.
  const last = useRef<Places | undefined>(undefined)
  if (places.data !== undefined) last.current = places.data
  return {
    ...places,
    shown: places.state === 'loading' ? last.current : places.data,
    readMore: () => {
      wanted.current += PAGE
      places.retry()
    },
  }
}

/** How deep each stands below those that are shown. */
export function depthsOf(items: readonly Place[]): Map<number, number> {
  const depths = new Map<number, number>()
  for (const { id, parentId } of items) {
    const above = parentId === null ? undefined : depths.get(parentId)
    depths.set(id, above === undefined ? 0 : above + 1)
  }
  return depths
}
