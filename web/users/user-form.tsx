import { useState } from 'preact/hooks'
import type { User, UserChange } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import type { Item } from '../components/combobox.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Checkbox } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { type Answer, ApiError } from '../lib/client.ts'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { AccountFields } from './account-fields.tsx'
import { type FormState, PersonFields } from './person-fields.tsx'
import {
  changeOf,
  changesIn,
  fieldsOf,
  leftOf,
  metIn,
  NO_FIELDS,
  type Typed,
  type UserField,
} from './user-fields.ts'

const FIELDS = [...(Object.keys(NO_FIELDS) as UserField[]), 'changesRio' as const] as const

interface Props {
  answer: Answer<User>
  /** The person as they are now: saved, or read again. */
  onRead: (answer: Answer<User>) => void
}

/**
 * The person's fields. What is typed lies over what is stored, so that somebody else's change of another field is taken in
 * without a word lost; where both have changed one field, the form says so before it is saved again.
 */
export function UserForm({ answer, onRead }: Props) {
  const { client, session, words, announce } = useFrame()
  const user = answer.body
  const stored = fieldsOf(user)
  const [typed, setTyped] = useState<Typed>({})
  const [places, setPlaces] = useState<Partial<Record<'entity' | 'location', Item | null>>>({})
  const [met, setMet] = useState<UserField[] | null>(null)
  const [changesRio, setChangesRio] = useState(false)
  const [saved, setSaved] = useState(false)
  const changes = changesIn(typed, stored)
  const dirty = Object.keys(changes).length > 0
  const readOnly = !session.can.editUsers
  const loginIsRio = user.identifiers.some(({ kind, source }) => kind === 'rio' && source === 'name')
  const numberIsRio = user.identifiers.some(({ source }) => source === 'registration_number')

  function forget() {
    setTyped({})
    setPlaces({})
    setMet(null)
    setChangesRio(false)
    save.clear()
  }

  const save = useAction(async () => {
    if (!dirty) return
    const body: UserChange = { ...changeOf(changes), ...(changesRio && { changesRio }) }
    try {
      const now = await client.send<User>('PATCH', `users/${user.id}`, { body, ifMatch: answer.etag })
      setTyped((typed) => leftOf(typed, changes))
      setPlaces({})
      setMet(null)
      setChangesRio(false)
      setSaved(true)
      onRead(now)
      announce(words.common.saved)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'changed-meanwhile') throw error
      const now = await client.get<User>(`users/${user.id}`)
      setMet(metIn(changes, stored, fieldsOf(now.body)))
      onRead(now)
    }
  })
  const errors = fieldErrors(save.failure, FIELDS)
  const asksRio = ('login' in changes && loginIsRio) || errors.of('changesRio') !== undefined || changesRio

  const form: FormState = {
    values: { ...stored, ...typed },
    set: (more) => {
      setSaved(false)
      setTyped((before) => ({ ...before, ...more }))
    },
    error: errors.of,
    hint: (field) => {
      if (met?.includes(field))
        return <span class="met">{words.users.nowStored(shown(user, field, words.common))}</span>
      if (field === 'login' && loginIsRio) return words.users.loginIsRio
      return field === 'registrationNumber' && numberIsRio ? words.users.numberIsRio : undefined
    },
    textsReadOnly: user.account.directoryOwned,
    readOnly,
  }

  return (
    <form
      class="panel users-form"
      autocomplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.run()
      }}
    >
      {readOnly && <p class="hint">{words.users.readOnly}</p>}
      {user.account.directoryOwned && (
        <Notice kind="info" title={words.users.directoryOwned.title}>
          <p>{words.users.directoryOwned.text}</p>
        </Notice>
      )}
      {met && (
        <Notice kind="warning" title={words.users.changed.title}>
          <p>{words.users.changed.text}</p>
        </Notice>
      )}
      <PersonFields
        form={form}
        places={{ entity: user.entity, location: user.location, ...places }}
        setPlaces={(more) => setPlaces((before) => ({ ...before, ...more }))}
      />
      <AccountFields form={form} />
      {asksRio && !readOnly && (
        <Checkbox
          label={words.users.changesRio}
          checked={changesRio}
          onChange={setChangesRio}
          hint={words.users.changesRioHint}
        />
      )}
      {errors.of('changesRio') && (
        <p class="field-error" role="alert">
          {words.users.confirmRio}
        </p>
      )}
      {errors.rest && <FailureNotice failure={errors.rest} />}
      {!readOnly && (
        <div class="buttons form-end">
          <Button type="submit" kind="primary" busy={save.busy}>
            {words.common.save}
          </Button>
          {dirty && <Button onClick={forget}>{words.users.undo}</Button>}
          {saved && !dirty && <span class="badge badge-success">{words.common.saved}</span>}
        </div>
      )}
    </form>
  )
}

/** A stored value as it can be read. */
function shown(user: User, field: UserField, { yes, no }: { yes: string; no: string }): string {
  if (field === 'entityId') return user.entity?.path ?? ''
  if (field === 'locationId') return user.location?.path ?? ''
  const value = fieldsOf(user)[field]
  if (typeof value === 'boolean') return value ? yes : no
  return Array.isArray(value) ? value.join(', ') : String(value ?? '').replace('T', ' ')
}
