import { useState } from 'preact/hooks'
import type { HeldProfile, User } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import type { Item } from '../components/combobox.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Checkbox, Select } from '../components/field.tsx'
import type { Answer } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { PlaceField } from './place-field.tsx'
import { useProfileChoices } from './use-profile-choices.ts'

interface Props {
  answer: Answer<User>
  onRead: (answer: Answer<User>) => void
}

/** Which profiles somebody holds, and where. Each line is added or removed by itself, as in ITSM-NG. */
export function HeldProfiles({ answer, onRead }: Props) {
  const { client, session, words, announce } = useFrame()
  const { profiles, id } = answer.body
  const editable = session.managesAccounts && session.can.editUsers
  const save = useAction(async ({ wanted, said }: { wanted: HeldProfile[]; said: string }) => {
    const sent = { body: wanted, ifMatch: answer.etag }
    onRead(await client.send<User>('PUT', `users/${id}/profiles`, sent))
    announce(said)
  })
  const reread = useAction(async () => {
    onRead(await client.get<User>(`users/${id}`))
    save.clear()
  })
  const held = profiles.map(({ profileId, entity, recursive }) => ({
    profileId,
    entityId: entity.id,
    recursive,
  }))
  return (
    <section class="panel">
      <h2>{words.users.profiles}</h2>
      {profiles.length === 0 && <p class="hint">{words.users.noProfiles}</p>}
      <ul class="lines">
        {profiles.map((profile, at) => (
          <li key={`${profile.profileId} ${profile.entity.id} ${profile.recursive}`}>
            <span class="typed">
              <strong>{profile.name}</strong> – {profile.entity.path}
            </span>
            {profile.recursive && <span class="badge">{words.users.recursive}</span>}
            {editable && (
              <Button
                kind="quiet"
                icon="close"
                label={words.users.removeProfile(profile.name, profile.entity.name)}
                busy={save.busy}
                onClick={() =>
                  save.run({
                    wanted: held.filter((_, line) => line !== at),
                    said: words.users.profileRemoved,
                  })
                }
              >
                {''}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {save.failure && <FailureNotice failure={save.failure} onRetry={() => reread.run()} />}
      {editable && (
        <NewProfile
          busy={save.busy}
          onAdd={(profile) => save.run({ wanted: [...held, profile], said: words.users.profileAdded })}
        />
      )}
    </section>
  )
}

function NewProfile({ busy, onAdd }: { busy: boolean; onAdd: (profile: HeldProfile) => void }) {
  const { session, words } = useFrame()
  const choices = useProfileChoices()
  const [profileId, setProfileId] = useState('')
  const [entity, setEntity] = useState<Item | null>(session.entity)
  const [recursive, setRecursive] = useState(false)
  return (
    <div class="toolbar">
      <Select
        label={words.users.profile}
        value={profileId}
        choices={[{ value: '', label: '–' }, ...choices]}
        onChange={setProfileId}
      />
      <PlaceField kind="entities" label={words.users.inEntity} value={entity} onChange={setEntity} />
      <Checkbox label={words.users.recursive} checked={recursive} onChange={setRecursive} />
      <Button
        icon="plus"
        busy={busy}
        disabled={profileId === '' || entity === null}
        onClick={() => entity && onAdd({ profileId: Number(profileId), entityId: entity.id, recursive })}
      >
        {words.common.add}
      </Button>
    </div>
  )
}
