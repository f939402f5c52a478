import type { Entity } from '../../contract/places.ts'
import { Select } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import type { ListState } from './list-state.ts'
import { PlaceField } from './place-field.tsx'

interface Props {
  state: ListState
  onChange: (more: Partial<ListState>) => void
}

/** What the list is narrowed down by, and how it is sorted. */
export function UserFilters({ state, onChange }: Props) {
  const { client, words: all } = useFrame()
  const { users: words } = all
  // The address names the entity by its id alone.
  const entity = useResource(
    state.entityId === ''
      ? null
      : async (signal) => (await client.get<Entity>(`entities/${state.entityId}`, {}, signal)).body,
    [client, state.entityId],
  )
  return (
    <div class="toolbar">
      <Select
        label={words.rio.label}
        value={state.rio}
        choices={(['all', 'with', 'without'] as const).map((value) => ({ value, label: words.rio[value] }))}
        onChange={(rio) => onChange({ rio })}
      />
      <Select
        label={words.active.label}
        value={state.active}
        choices={[
          { value: 'all', label: words.active.all },
          { value: 'true', label: words.active.yes },
          { value: 'false', label: words.active.no },
        ]}
        onChange={(active) => onChange({ active })}
      />
      <PlaceField
        kind="entities"
        label={all.person.entity}
        value={state.entityId === '' ? null : (entity.data ?? null)}
        onChange={(place) => onChange({ entityId: place === null ? '' : String(place.id) })}
      />
      <Select
        label={words.sort}
        value={state.sort}
        choices={(['name', 'login', 'id'] as const).flatMap((by) => [
          { value: by, label: words.sorts[by] },
          { value: `-${by}` as const, label: words.descending(words.sorts[by]) },
        ])}
        onChange={(sort) => onChange({ sort })}
      />
    </div>
  )
}
