import { Combobox, type Item } from '../components/combobox.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Kind, Place } from './kind.ts'

interface Props {
  kind: Kind
  label: string
  value: Item | null
  onChange: (item: Item | null) => void
  error?: string | undefined
  hint?: string
  required?: boolean
}

/** One entity or location, found by the words of its path. */
export function PlaceChoice({ kind, ...around }: Props) {
  const { client } = useFrame()
  return (
    <Combobox
      {...around}
      search={async (words, signal) => {
        const query = words === '' ? {} : { q: words }
        const { body } = await client.get<{ items: Place[] }>(kind, query, signal)
        // The name alone does not tell an entity from one of the same name elsewhere.
        return body.items.map(({ id, path }) => ({ id, name: path }))
      }}
    />
  )
}
