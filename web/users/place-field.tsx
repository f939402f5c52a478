import type { ComponentChildren } from 'preact'
import type { EntityPage } from '../../contract/places.ts'
import { Combobox, type Item } from '../components/combobox.tsx'
import { useFrame } from '../lib/frame.tsx'

const OFFERED = 50

interface Props {
  kind: 'entities' | 'locations'
  label: string
  value: Item | null
  onChange: (place: Item | null) => void
  hint?: ComponentChildren
  error?: string | undefined
  required?: boolean
}

/** An entity or a location, of the many that there may be. */
export function PlaceField({ kind, ...field }: Props) {
  const { client } = useFrame()
  async function search(words: string, signal: AbortSignal): Promise<Item[]> {
    const query = { limit: OFFERED, ...(words !== '' && { q: words }) }
    return (await client.get<EntityPage>(kind, query, signal)).body.items
  }
  return <Combobox {...field} search={search} />
}
