import { Select, TextField } from '../components/field.tsx'
import type { Place } from '../entities/kind.ts'
import { PlaceChoice } from '../entities/place-choice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { PERIODS, type View } from './view.ts'

/** Which look-ups are counted: of which time, and where. */
export function PeriodBar({ view, onChange }: { view: View; onChange: (change: Partial<View>) => void }) {
  const { client, words } = useFrame()
  const { entityId, from, to } = view
  const named = useResource(
    entityId === null ? null : (signal) => client.get<Place>(`entities/${entityId}`, {}, signal),
    [entityId],
  )
  const dates = { type: 'date' } as const
  const isWrong = view.period === 'own' && from !== '' && to !== '' && from > to
  return (
    <div class="toolbar">
      <Select
        label={words.statistics.period}
        value={view.period}
        choices={PERIODS.map((value) => ({ value, label: words.statistics.periods[value] }))}
        onChange={(period) => onChange({ period })}
      />
      {view.period === 'own' && (
        <>
          <TextField
            label={words.statistics.from}
            value={from}
            onInput={(value) => onChange({ from: value })}
            input={dates}
          />
          <TextField
            label={words.statistics.to}
            value={to}
            onInput={(value) => onChange({ to: value })}
            error={isWrong ? words.statistics.wrongWay : undefined}
            input={dates}
          />
        </>
      )}
      <PlaceChoice
        kind="entities"
        label={words.statistics.entity}
        value={entityId === null ? null : { id: entityId, name: named.data?.body.path ?? `(${entityId})` }}
        onChange={(entity) => onChange({ entityId: entity?.id ?? null })}
      />
    </div>
  )
}
