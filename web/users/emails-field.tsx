import type { ComponentChildren } from 'preact'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { useWords } from '../lib/frame.tsx'

interface Props {
  emails: readonly string[]
  onChange: (emails: string[]) => void
  error?: string | undefined
  hint?: ComponentChildren
  readOnly: boolean
}

/** Addresses one below the other, the default one first. */
export function EmailsField({ emails, onChange, error, hint, readOnly }: Props) {
  const { users: words, person } = useWords()
  const lines = emails.length === 0 ? [''] : emails
  const set = (at: number, email: string) => onChange(lines.map((old, line) => (line === at ? email : old)))
  return (
    <fieldset class="emails">
      <legend class="visually-hidden">{person.emails}</legend>
      {lines.map((email, at) => (
        <div class="with-button" key={at}>
          <TextField
            label={at === 0 ? words.emailDefault : words.emailOther(at + 1)}
            value={email}
            onInput={(typed) => set(at, typed)}
            hint={at === 0 ? hint : undefined}
            error={at === lines.length - 1 ? error : undefined}
            input={{ type: 'email', autocomplete: 'off', maxLength: 255, readOnly }}
          />
          {!readOnly && emails.length > 0 && (
            <Button
              kind="quiet"
              icon="close"
              label={words.removeEmail(email)}
              onClick={() => onChange(lines.filter((_, line) => line !== at))}
            >
              {''}
            </Button>
          )}
        </div>
      ))}
      {!readOnly && (
        <div class="buttons">
          <Button kind="quiet" icon="plus" onClick={() => onChange([...lines, ''])}>
            {words.addEmail}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
