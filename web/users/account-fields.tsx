import { Checkbox, TextField } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { FormState } from './person-fields.tsx'

/** Whether and when the account can be used. The dates are a helpdesk's own where there is one. */
export function AccountFields({ form: { values, set, error, hint, readOnly } }: { form: FormState }) {
  const { session, words } = useFrame()
  const date = (name: 'beginDate' | 'endDate') => (
    <TextField
      label={words.users[name]}
      value={values[name]}
      onInput={(typed) => set({ [name]: typed })}
      error={error(name)}
      hint={hint(name)}
      input={{ type: 'datetime-local', readOnly: readOnly || !session.managesAccounts }}
    />
  )
  return (
    <fieldset>
      <legend>{words.users.account}</legend>
      <Checkbox
        label={words.users.enabled}
        checked={values.enabled}
        onChange={(enabled) => set({ enabled })}
        hint={error('enabled') ?? hint('enabled') ?? words.users.enabledHint}
        disabled={readOnly}
      />
      <div class="fields">
        {date('beginDate')}
        {date('endDate')}
      </div>
    </fieldset>
  )
}
