import { useState } from 'preact/hooks'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { useResource } from '../lib/use-resource.ts'

interface Page<Item> {
  items: Item[]
  next: string | null
}

/** A list whose pages follow below one another; read anew when one of `keys` changes. */
export function usePages<Item>(path: string, limit: number, keys: readonly unknown[]) {
  const { client } = useFrame()
  const [more, setMore] = useState<{ after: Page<Item>; pages: Page<Item>[] } | null>(null)
  const first = useResource(
    async (signal) => (await client.get<Page<Item>>(path, { limit }, signal)).body,
    [client, path, ...keys],
  )
  // Pages that followed another first page follow no longer.
  const pages =
    first.data === undefined ? [] : [first.data, ...(more?.after === first.data ? more.pages : [])]
  const next = pages.at(-1)?.next ?? null
  const follow = useAction(async () => {
    if (next === null || first.data === undefined) return
    const page = (await client.get<Page<Item>>(next)).body
    setMore({ after: first.data, pages: [...pages.slice(1), page] })
  })
  return {
    items: first.data === undefined ? undefined : pages.flatMap(({ items }) => items),
    failure: first.state === 'failed' ? first.failure : follow.failure,
    retry: first.state === 'failed' ? first.retry : () => follow.run(),
    /** Null where there is nothing more. */
    follow: next === null ? null : follow,
  }
}
