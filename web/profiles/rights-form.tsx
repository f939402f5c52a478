import { useState } from 'preact/hooks'
import type { Profile, ProfileRights } from '../../contract/profiles.ts'
import { Button } from '../components/button.tsx'
import { ChangedMeanwhile } from '../components/changed-meanwhile.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { type Answer, codeOf } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { LosingRight } from './losing-right.tsx'
import { areSame, levelsInWords, RIGHTS, withBox } from './rights.ts'
import { RightsMatrix } from './rights-matrix.tsx'

/** The boxes of a profile, which are saved together. `read` is what is stored, as far as we know. */
export function RightsForm({
  read,
  onRead,
}: {
  read: Answer<Profile>
  onRead: (answer: Answer<Profile>) => void
}) {
  const { client, session, words, announce, renew } = useFrame()
  const [draft, setDraft] = useState<ProfileRights>(read.body.rights)
  const [after, setAfter] = useState<'saved' | 'read again' | null>(null)
  const [asks, setAsks] = useState(false)
  const { id, rights: stored, editable } = read.body
  const isOwn = id === session.profile.id

  const save = useAction(async () => {
    setAsks(false)
    const answer = await client.send<Profile>('PUT', `profiles/${id}/rights`, {
      body: draft,
      ifMatch: read.etag,
    })
    onRead(answer)
    setDraft(answer.body.rights)
    setAfter('saved')
    announce(words.common.saved)
    if (isOwn) await renew()
  })
  const readAgain = useAction(async () => {
    onRead(await client.get<Profile>(`profiles/${id}`))
    setAfter('read again')
    save.clear()
  })
  const { failure } = save
  const isOutdated = failure?.kind === 'problem' && codeOf(failure.problem) === 'changed-meanwhile'
  const isEmpty = draft.access.update && !draft.access.read

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isOwn && stored.config.update && !draft.config.update) setAsks(true)
        else save.run()
      }}
    >
      {isOutdated && <ChangedMeanwhile busy={readAgain.busy} onReadAgain={() => readAgain.run()} />}
      {failure && !isOutdated && <FailureNotice failure={failure} />}
      {readAgain.failure && <FailureNotice failure={readAgain.failure} />}
      {after === 'read again' && !areSame(draft, stored) && (
        <Notice kind="info" title={words.profiles.nowStored}>
          {RIGHTS.map((right) => (
            <p key={right}>
              {words.profiles.levels(words.rights[right], levelsInWords(stored, right, words))}
            </p>
          ))}
          <p>{words.profiles.yoursStay}</p>
          <Button onClick={() => setDraft(stored)}>{words.profiles.takeOver}</Button>
        </Notice>
      )}
      <RightsMatrix
        rights={draft}
        editable={editable}
        onToggle={(box, given) => {
          setDraft(withBox(draft, box, given))
          if (after === 'saved') setAfter(null)
        }}
      />
      {isEmpty && <Notice kind="warning">{words.profiles.writeAlone}</Notice>}
      {editable && (
        <div class="buttons">
          <Button type="submit" kind="primary" busy={save.busy} disabled={isEmpty || isOutdated}>
            {words.common.save}
          </Button>
          {after === 'saved' && <span class="badge badge-success">{words.common.saved}</span>}
        </div>
      )}
      {asks && <LosingRight onConfirm={() => save.run()} onCancel={() => setAsks(false)} />}
    </form>
  )
}
