import { Select, TextField } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Target } from './draft.ts'

const TARGETS = ['quick', 'native', 'formcreator_wizard', 'form'] as const

/** Which form opens for a caller's new ticket. All but our own are pages of a host. */
export function TicketTargetField({
  target,
  formId,
  error,
  formError,
  onChange,
}: {
  target: Target
  formId: string
  error: string | undefined
  formError: string | undefined
  onChange: (typed: { target: Target } | { formId: string }) => void
}) {
  const { session, words } = useFrame()
  const text = words.settings
  const alone = session.managesAccounts
  return (
    <>
      <Select
        label={text.fields.ticketTarget}
        hint={alone ? text.targetAlone : text.targetHints[target]}
        error={error}
        value={target}
        choices={TARGETS.map((value) => ({
          value,
          label: text.targets[value],
          disabled: alone && value !== 'quick' && value !== target,
        }))}
        onChange={(target) => onChange({ target })}
      />
      {target === 'form' && (
        <TextField
          label={text.formId}
          hint={text.formIdHint}
          error={formError}
          required
          value={formId}
          input={{ type: 'number', min: 1 }}
          onInput={(formId) => onChange({ formId })}
        />
      )}
    </>
  )
}
