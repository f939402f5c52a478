import { useId, useState } from 'preact/hooks'
import type { Rio } from '../../contract/rio.ts'
import type { UserSummary } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Checkbox, TextField } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Reason } from '../components/reason.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { useResource } from '../lib/use-resource.ts'
import { nameOf } from './name.ts'
import { useSearch } from './use-search.ts'

/** Whose RIO it is: found by name, looked at once more, then written. A RIO that somebody has already is shown before. */
export function AttachRio({ rio, onAttached }: { rio: string; onAttached: (id: number) => void }) {
  const { words } = useFrame()
  const [typed, setTyped] = useState('')
  const [person, setPerson] = useState<UserSummary | null>(null)
  const search = useSearch(typed, null)
  const list = useId()
  const found = search.answer?.items ?? []
  if (person)
    return <Confirm rio={rio} person={person} onBack={() => setPerson(null)} onAttached={onAttached} />
  return (
    <div class="form">
      <TextField
        label={words.desk.attach.who}
        value={typed}
        onInput={setTyped}
        input={{ autocomplete: 'off', maxLength: 255 }}
      />
      {search.failure && <FailureNotice failure={search.failure} onRetry={search.retry} />}
      {search.settled && found.length === 0 && <p class="hint">{words.desk.nobody}</p>}
      <ul class="picks" id={list}>
        {found.map(({ user }) => (
          <li key={user.id}>
            <Button kind="quiet" onClick={() => setPerson(user)}>
              <span class="typed">{nameOf(user, words)}</span>
            </Button>
            <span class="hint typed">
              {[user.entity, user.location, user.rio && words.desk.attach.has(user.rio)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface ConfirmProps {
  rio: string
  person: UserSummary
  onBack: () => void
  onAttached: (id: number) => void
}

function Confirm({ rio, person, onBack, onAttached }: ConfirmProps) {
  const { client, words, announce } = useFrame()
  const [changesLogin, setChangesLogin] = useState(false)
  const now = useResource((signal) => client.get<Rio>(`users/${person.id}/rio`, {}, signal), [person.id])
  const attach = useAction(async () => {
    if (now.state !== 'ready') return
    const body = { rio, ...(changesLogin ? { changesLogin } : {}) }
    await client.send<Rio>('PUT', `users/${person.id}/rio`, { body, ifMatch: now.data.etag })
    announce(words.desk.attach.done)
    onAttached(person.id)
  })
  if (now.state === 'failed') return <FailureNotice failure={now.failure} onRetry={now.retry} />
  const before = now.data?.body
  const isLogin = before?.method === 'name'
  return (
    <div class="form">
      <p>{words.desk.attach.confirm(rio, nameOf(person, words))}</p>
      {before && before.rio !== '' && (
        <Notice kind="warning">{words.desk.attach.replaces(before.rio)}</Notice>
      )}
      {before && !before.writable && (
        <Notice kind="warning">
          <Reason text={before.reason} />
        </Notice>
      )}
      {isLogin && (
        <Checkbox label={words.desk.attach.changesLogin} checked={changesLogin} onChange={setChangesLogin} />
      )}
      {attach.failure && (
        <FailureNotice
          failure={attach.failure}
          onRetry={() => {
            attach.clear()
            now.retry()
          }}
        />
      )}
      <div class="buttons">
        <Button
          kind="primary"
          busy={attach.busy}
          disabled={!before?.writable || (isLogin && !changesLogin)}
          onClick={() => attach.run()}
        >
          {words.desk.attach.submit}
        </Button>
        <Button onClick={onBack}>{words.common.back}</Button>
      </div>
    </div>
  )
}
