import { useState } from 'preact/hooks'
import type { Entity, EntityPage } from '../../contract/places.ts'
import { Button } from '../components/button.tsx'
import { Combobox } from '../components/combobox.tsx'
import type { Choice } from '../components/field.tsx'
import { ApiError } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'

/** Countries of single entities; those below an entity follow it. */
export function EntityCountries({
  countries,
  choices,
  fallback,
  error,
  onChange,
}: {
  countries: { id: number; country: string }[]
  choices: readonly Choice<string>[]
  /** What an entity begins with. */
  fallback: string
  error: string | undefined
  onChange: (id: number, country: string | null) => void
}) {
  const { client, words } = useFrame()
  const text = words.settings.countries
  const names = useEntityPaths(countries.map(({ id }) => id))
  const [added, setAdded] = useState(0)

  return (
    <div class="entity-countries">
      <p class="legend">{text.legend}</p>
      <p class="hint">{text.hint}</p>
      {error && <p class="field-error">{error}</p>}
      {countries.map(({ id, country }) => {
        const name = names.get(id) ?? text.entity(id)
        return (
          <div class="entity-country" key={id}>
            <span class="typed">{name}</span>
            <select
              aria-label={text.countryOf(name)}
              value={country}
              onChange={({ currentTarget }) => onChange(id, currentTarget.value)}
            >
              {choices.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <Button kind="quiet" icon="close" label={text.remove(name)} onClick={() => onChange(id, null)}>
              {''}
            </Button>
          </div>
        )
      })}
      <Combobox
        // Empty again for the next one.
        key={added}
        label={text.add}
        value={null}
        search={async (q, signal) => {
          const found = await client.get<EntityPage>('entities', q ? { q } : {}, signal)
          return found.body.items.filter(({ id }) => !countries.some((one) => one.id === id))
        }}
        keys={[countries.length]}
        onChange={(entity) => {
          if (entity === null) return
          onChange(entity.id, fallback)
          setAdded(added + 1)
        }}
      />
    </div>
  )
}

/** Entities by their paths; one that is gone, or out of sight, has none. */
function useEntityPaths(ids: number[]): ReadonlyMap<number, string> {
  const { client } = useFrame()
  const [known] = useState(() => new Map<number, string>())
  useResource(
    async (signal) => {
      const missing = ids.filter((id) => !known.has(id))
      await Promise.all(
        missing.map(async (id) => {
          try {
            known.set(id, (await client.get<Entity>(`entities/${id}`, {}, signal)).body.path)
          } catch (error) {
            if (!(error instanceof ApiError)) throw error
          }
        }),
      )
    },
    [ids.join()],
  )
  return known
}
