import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { NewUser, User } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import type { Item } from '../components/combobox.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { nameOf } from '../desk/name.ts'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { useStyles } from '../lib/use-styles.ts'
import { NewAccountFields } from './new-account-fields.tsx'
import { PersonFields } from './person-fields.tsx'
import { useRioPlace } from './use-rio-place.ts'
import { changeOf, changesIn, NO_FIELDS, type Typed, type UserFields } from './user-fields.ts'
import css from './users.css?inline'

const FIELDS = [
  ...(Object.keys(NO_FIELDS) as (keyof UserFields)[]),
  ...(['rio', 'password', 'profiles'] as const),
] as const

/** Somebody new: a caller whom nobody knew, with the RIO or the number that they called by. */
export function NewUserPage() {
  const { base, client, session, words, announce } = useFrame()
  const { query, route } = useLocation()
  useStyles(css)
  const rioPlace = useRioPlace()
  const [typed, setTyped] = useState<Typed>({ phone: query.phone ?? '' })
  const [rio, setRio] = useState(query.rio ?? '')
  const [password, setPassword] = useState('')
  const [profile, setProfile] = useState({ profileId: '', recursive: false })
  const [places, setPlaces] = useState<{ entity: Item | null; location: Item | null }>({
    entity: session.entity,
    location: null,
  })
  const values = { ...NO_FIELDS, ...typed }

  const create = useAction(async () => {
    const entityId = places.entity?.id ?? session.entity.id
    const body: NewUser = {
      ...changeOf(changesIn(typed, NO_FIELDS)),
      entityId,
      ...(rio.trim() !== '' && { rio }),
      ...(password !== '' && { password }),
      ...(profile.profileId !== '' && {
        profiles: [{ profileId: Number(profile.profileId), entityId, recursive: profile.recursive }],
      }),
    }
    const { body: made } = await client.send<User>('POST', 'users', { body })
    announce(words.users.created(nameOf(made, words)))
    route(`${base}/app/users/${made.id}`)
  })
  const errors = fieldErrors(create.failure, FIELDS)

  /** The two columns that RIOs may be kept in: the RIO is then typed once, and told to be both. */
  const column =
    rioPlace === 'name' ? 'login' : rioPlace === 'registration_number' ? 'registrationNumber' : null
  const set = (more: Typed) => setTyped((before) => ({ ...before, ...more }))

  return (
    <>
      <PageTitle
        path={[words.menu.administration, { text: words.users.title, href: `${base}/app/users` }]}
        title={words.users.add}
      />
      <form
        class="panel users-form"
        autocomplete="off"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.run()
        }}
      >
        <p class="hint">{words.users.addHint}</p>
        <TextField
          label={words.person.rio}
          value={rio}
          onInput={setRio}
          hint={
            column === 'login'
              ? words.users.loginIsRio
              : column === 'registrationNumber'
                ? words.users.numberIsRio
                : undefined
          }
          error={errors.of('rio')}
          input={{ autocomplete: 'off', autocapitalize: 'none' }}
        />
        <PersonFields
          form={{
            values,
            set,
            error: errors.of,
            hint: () => undefined,
            textsReadOnly: false,
            readOnly: false,
          }}
          hidden={column}
          places={places}
          setPlaces={(more) => setPlaces((before) => ({ ...before, ...more }))}
        />
        {session.managesAccounts && (
          <NewAccountFields
            password={password}
            setPassword={setPassword}
            profile={profile}
            setProfile={setProfile}
            errors={{ password: errors.of('password'), profiles: errors.of('profiles') }}
          />
        )}
        {errors.rest && <FailureNotice failure={errors.rest} />}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={create.busy}>
            {words.common.add}
          </Button>
        </div>
      </form>
    </>
  )
}
