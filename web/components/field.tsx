import { type ComponentChildren, createElement, type Ref } from 'preact'
import { useId } from 'preact/hooks'

export interface Around {
  label: string
  hint?: ComponentChildren
  /** What is wrong with the value, and what would be right. */
  error?: string | undefined
  required?: boolean
}

interface Described {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  required: boolean | undefined
}

/** A label, a control, a hint and an error, tied together for who cannot see that they belong together. */
export function Field({
  label,
  hint,
  error,
  required,
  children,
}: Around & { children: (described: Described) => ComponentChildren }) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        required,
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

/** Its attributes depend on its type in Preact's types, and the type is a value here. */
const INPUT: string = 'input'

interface InputTraits {
  type?: 'text' | 'password' | 'email' | 'tel' | 'number' | 'date' | 'datetime-local'
  autocomplete?: string
  autocapitalize?: 'none'
  maxLength?: number
  min?: number
  max?: number
  placeholder?: string
  readOnly?: boolean
  disabled?: boolean
}

interface TextProps extends Around {
  value: string
  onInput: (value: string) => void
  inputRef?: Ref<HTMLInputElement>
  input?: InputTraits
}

export function TextField({ value, onInput, inputRef, input, ...around }: TextProps) {
  return (
    <Field {...around}>
      {(described) =>
        createElement(INPUT, {
          spellcheck: false,
          ...described,
          ...input,
          ...(inputRef ? { ref: inputRef } : {}),
          value,
          onInput: (event: InputEvent) => {
            if (event.currentTarget instanceof HTMLInputElement) onInput(event.currentTarget.value)
          },
        })
      }
    </Field>
  )
}

export function TextArea({
  value,
  onInput,
  rows = 4,
  ...around
}: Around & { value: string; onInput: (value: string) => void; rows?: number }) {
  return (
    <Field {...around}>
      {(described) => (
        <textarea
          {...described}
          rows={rows}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

export interface Choice<Value extends string> {
  value: Value
  label: string
  disabled?: boolean
}

export function Select<Value extends string>({
  value,
  onChange,
  choices,
  ...around
}: Around & { value: Value; onChange: (value: Value) => void; choices: readonly Choice<Value>[] }) {
  return (
    <Field {...around}>
      {(described) => (
        <select
          {...described}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = choices[currentTarget.selectedIndex]
            if (chosen) onChange(chosen.value)
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} disabled={choice.disabled}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Checkbox({
  label,
  checked,
  onChange,
  hint,
  disabled,
}: {
  label: ComponentChildren
  checked: boolean
  onChange: (checked: boolean) => void
  hint?: ComponentChildren
  disabled?: boolean
}) {
  const id = useId()
  return (
    <div class="field field-check">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
