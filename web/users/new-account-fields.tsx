import { Checkbox, Select, TextField } from '../components/field.tsx'
import { useWords } from '../lib/frame.tsx'
import { useProfileChoices } from './use-profile-choices.ts'

interface HeldFirst {
  profileId: string
  recursive: boolean
}

interface Props {
  password: string
  setPassword: (password: string) => void
  profile: HeldFirst
  setProfile: (profile: HeldFirst) => void
  errors: { password: string | undefined; profiles: string | undefined }
}

/** What somebody new may log in by and act as, where accounts are kept here. */
export function NewAccountFields({ password, setPassword, profile, setProfile, errors }: Props) {
  const { users: words } = useWords()
  const profiles = useProfileChoices()
  return (
    <fieldset>
      <legend>{words.account}</legend>
      <div class="fields">
        <TextField
          label={words.password}
          value={password}
          onInput={setPassword}
          hint={words.passwordHint}
          error={errors.password}
          input={{ type: 'password', autocomplete: 'new-password' }}
        />
        <Select
          label={words.profile}
          value={profile.profileId}
          choices={[{ value: '', label: words.defaultProfile }, ...profiles]}
          onChange={(profileId) => setProfile({ ...profile, profileId })}
          error={errors.profiles}
        />
      </div>
      {profile.profileId !== '' && (
        <Checkbox
          label={words.recursive}
          checked={profile.recursive}
          onChange={(recursive) => setProfile({ ...profile, recursive })}
        />
      )}
    </fieldset>
  )
}
