import type { RequestType } from '../../contract/places.ts'
import { explain } from '../components/failure-notice.tsx'
import { Select } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'

interface RequestTypePage {
  items: RequestType[]
}

/** Which of the helpdesk's request sources a caller's ticket gets. The one that is set stays, even where it is gone. */
export function RequestSourceField({
  value,
  error,
  onChange,
}: {
  value: number
  error: string | undefined
  onChange: (id: number) => void
}) {
  const { client, words } = useFrame()
  const text = words.settings
  const types = useResource(
    async (signal) => (await client.get<RequestTypePage>('request-types', { limit: 100 }, signal)).body.items,
    [],
  )
  const known = (types.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  const isKnown = known.some((one) => one.value === String(value))
  const label =
    types.state === 'loading' ? words.common.loading : text.sourceUnknown(value, types.state === 'ready')
  return (
    <Select
      label={text.fields.phoneRequestSource}
      hint={types.state === 'failed' ? explain(types.failure, words).title : text.sourceHint}
      error={error}
      value={String(value)}
      choices={isKnown ? known : [{ value: String(value), label }, ...known]}
      onChange={(id) => onChange(Number(id))}
    />
  )
}
