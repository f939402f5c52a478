import type { ComponentChildren } from 'preact'
import type { Item } from '../components/combobox.tsx'
import { Select, TextField } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { EmailsField } from './emails-field.tsx'
import { PlaceField } from './place-field.tsx'
import type { Typed, UserField, UserFields } from './user-fields.ts'

type TextName = 'login' | 'lastname' | 'firstname' | 'phone' | 'phone2' | 'mobile' | 'registrationNumber'

/** What a form says of its fields. */
export interface FormState {
  values: UserFields
  set: (typed: Typed) => void
  error: (field: UserField) => string | undefined
  /** What is worth knowing about a field just now. */
  hint: (field: UserField) => ComponentChildren
  /** Whether a directory writes names, numbers and addresses. */
  textsReadOnly: boolean
  readOnly: boolean
}

interface Props {
  form: FormState
  places: { entity: Item | null; location: Item | null }
  setPlaces: (places: Partial<Props['places']>) => void
  /** Not asked for, where it is typed as the RIO. */
  hidden?: 'login' | 'registrationNumber' | null
}

/** Who somebody is, how they are reached, and where they belong. */
export function PersonFields({ form, places, setPlaces, hidden = null }: Props) {
  const { words } = useFrame()
  const { values, set, error, hint, textsReadOnly, readOnly } = form
  const text = (name: TextName, required = false, type: 'text' | 'tel' = 'text') => (
    <TextField
      label={words.person[name]}
      value={values[name]}
      onInput={(typed) => set({ [name]: typed })}
      error={error(name)}
      hint={hint(name)}
      required={required}
      input={{ type, autocomplete: 'off', autocapitalize: 'none', readOnly: readOnly || textsReadOnly }}
    />
  )
  return (
    <>
      <fieldset>
        <legend>{words.users.identity}</legend>
        <div class="fields">
          {hidden !== 'login' && text('login', !readOnly)}
          {text('lastname')}
          {text('firstname')}
          {hidden !== 'registrationNumber' && text('registrationNumber')}
        </div>
      </fieldset>
      <fieldset>
        <legend>{words.users.contact}</legend>
        <div class="fields">
          {text('phone', false, 'tel')}
          {text('phone2', false, 'tel')}
          {text('mobile', false, 'tel')}
        </div>
        <EmailsField
          emails={values.emails}
          onChange={(emails) => set({ emails })}
          error={error('emails')}
          hint={hint('emails')}
          readOnly={readOnly || textsReadOnly}
        />
      </fieldset>
      <fieldset>
        <legend>{words.users.place}</legend>
        <div class="fields">
          {readOnly ? (
            <>
              <Shown label={words.person.entity} value={places.entity?.path ?? ''} />
              <Shown label={words.person.location} value={places.location?.path ?? ''} />
            </>
          ) : (
            <>
              <PlaceField
                kind="entities"
                label={words.person.entity}
                value={places.entity}
                onChange={(entity) => {
                  // Everybody belongs somewhere: emptying it brings back what was there.
                  if (entity === null) return
                  setPlaces({ entity })
                  set({ entityId: entity.id })
                }}
                error={error('entityId')}
                hint={hint('entityId')}
              />
              <PlaceField
                kind="locations"
                label={words.person.location}
                value={places.location}
                onChange={(location) => {
                  setPlaces({ location })
                  set({ locationId: location?.id ?? null })
                }}
                error={error('locationId')}
                hint={hint('locationId')}
              />
            </>
          )}
          <Language form={form} />
        </div>
      </fieldset>
    </>
  )
}

function Shown({ label, value }: { label: string; value: string }) {
  return <TextField label={label} value={value} onInput={() => undefined} input={{ readOnly: true }} />
}

const LANGUAGES = ['fr_FR', 'en_GB']

function Language({ form: { values, set, error, hint, readOnly } }: { form: FormState }) {
  const { words, language } = useFrame()
  const names = new Intl.DisplayNames([language], { type: 'language' })
  const name = (code: string) => names.of(code.replace('_', '-')) ?? code
  const { language: chosen } = values
  if (readOnly) return <Shown label={words.person.language} value={chosen && name(chosen)} />
  const codes = LANGUAGES.includes(chosen) ? LANGUAGES : [chosen, ...LANGUAGES]
  return (
    <Select
      label={words.person.language}
      value={chosen}
      choices={codes.map((code) => ({ value: code, label: code === '' ? '–' : name(code) }))}
      onChange={(code) => set({ language: code })}
      error={error('language')}
      hint={hint('language')}
    />
  )
}
