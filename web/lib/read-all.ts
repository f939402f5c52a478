import type { Client } from './client.ts'

const PAGE = 100

/** Every item of a list that is short by nature, over as many pages as it takes. */
export async function readAll<Item>(client: Client, path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = []
  let next: string | null = client.url(path, { limit: PAGE })
  while (next !== null) {
    const { body }: { body: { items: Item[]; next: string | null } } = await client.get(next, {}, signal)
    items.push(...body.items)
    next = body.next
  }
  return items
}
