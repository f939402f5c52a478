import type { RioStorageMethod } from '../../contract/settings.ts'
import { Button } from '../components/button.tsx'
import { Checkbox, Select } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Wanted } from './method-work.tsx'

/** Where RIOs shall be kept, to look at first. */
export function MethodForm({
  others,
  wanted,
  busy,
  onWant,
  onPreview,
}: {
  others: RioStorageMethod[]
  wanted: Wanted
  busy: boolean
  onWant: (wanted: Wanted) => void
  onPreview: () => void
}) {
  const { words } = useFrame()
  const { method: text, methods, methodHints } = words.settings
  return (
    <form
      class="narrow"
      onSubmit={(event) => {
        event.preventDefault()
        onPreview()
      }}
    >
      <Select
        label={text.to}
        hint={methodHints[wanted.to]}
        value={wanted.to}
        choices={others.map((value) => ({ value, label: methods[value] }))}
        onChange={(to) => onWant({ ...wanted, to })}
      />
      {wanted.to !== 'name' && (
        <Checkbox
          label={text.replaces}
          hint={text.replacesHint}
          checked={wanted.replaces}
          onChange={(replaces) => onWant({ ...wanted, replaces })}
        />
      )}
      <div class="actions">
        <Button type="submit" busy={busy}>
          {text.preview}
        </Button>
        <span class="hint">{text.previewHint}</span>
      </div>
    </form>
  )
}
