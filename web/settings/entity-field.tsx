import type { EntityPage } from '../../contract/places.ts'
import { Combobox, type Item } from '../components/combobox.tsx'
import { useFrame } from '../lib/frame.tsx'

/** One of the entities that the session covers, or none. */
export function EntityField(props: {
  label: string
  hint?: string
  error?: string | undefined
  value: Item | null
  onChange: (entity: Item | null) => void
}) {
  const { client } = useFrame()
  return (
    <Combobox
      {...props}
      search={async (q, signal) =>
        (await client.get<EntityPage>('entities', q ? { q } : {}, signal)).body.items
      }
    />
  )
}
