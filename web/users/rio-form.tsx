import { useState } from 'preact/hooks'
import type { Rio, RioChange } from '../../contract/rio.ts'
import { Button } from '../components/button.tsx'
import { ConfirmDialog } from '../components/confirm-dialog.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Checkbox, TextField } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Reason } from '../components/reason.tsx'
import { type Answer, ApiError } from '../lib/client.ts'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { RioFacts } from './rio-facts.tsx'

interface Props {
  userId: number
  answer: Answer<Rio>
  /** The RIO as it is now: written, or read again. */
  onRead: (answer: Answer<Rio>) => void
}

/** Somebody's RIO, wherever it is kept: looked at, changed, taken away. */
export function RioForm({ userId, answer, onRead }: Props) {
  const { client, words, announce } = useFrame()
  const { userTab, common } = words
  const { body: stored } = answer
  const path = `users/${userId}/rio`
  /** What lies over the stored one; null for nothing. */
  const [typed, setTyped] = useState<string | null>(null)
  const [changesLogin, setChangesLogin] = useState(false)
  const [met, setMet] = useState(false)
  const [saved, setSaved] = useState(false)
  const [asksRemoval, setAsksRemoval] = useState(false)
  const value = typed ?? stored.rio
  const isLogin = stored.method === 'name'
  const dirty = value.trim() !== stored.rio

  function forget() {
    setTyped(null)
    setMet(false)
    setChangesLogin(false)
    save.clear()
  }

  async function write(send: () => Promise<Answer<Rio>>, said: string) {
    try {
      const sent = typed
      onRead(await send())
      setTyped((now) => (now === sent ? null : now))
      setMet(false)
      setChangesLogin(false)
      setSaved(true)
      announce(said)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'changed-meanwhile') throw error
      // What is typed stays, over what is there now.
      setTyped(value)
      setMet(true)
      onRead(await client.get<Rio>(path))
    }
    setAsksRemoval(false)
  }

  const save = useAction(async () => {
    if (!dirty) return
    const body: RioChange = { rio: value, ...(isLogin && { changesLogin }) }
    await write(() => client.send<Rio>('PUT', path, { body, ifMatch: answer.etag }), common.saved)
  })
  const remove = useAction(async () => {
    await write(() => client.send<Rio>('DELETE', path, { ifMatch: answer.etag }), userTab.removed)
  })
  const errors = fieldErrors(save.failure, ['rio', 'changesLogin'] as const)

  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.run()
      }}
    >
      {!stored.writable && (
        <Notice kind="info" title={userTab.notWritable}>
          <Reason text={stored.reason} />
        </Notice>
      )}
      {met && (
        <Notice kind="warning" title={userTab.changed.title}>
          {stored.rio === '' ? (
            <p>{userTab.changed.gone}</p>
          ) : (
            <p>
              {userTab.changed.now} <strong class="typed">{stored.rio}</strong>
            </p>
          )}
          <p>{userTab.changed.text}</p>
          <Button onClick={forget}>{userTab.take}</Button>
        </Notice>
      )}
      <TextField
        label={words.person.rio}
        value={value}
        onInput={(text) => {
          setSaved(false)
          setTyped(text)
        }}
        hint={userTab.keptIn[stored.method]}
        error={errors.of('rio')}
        input={{ autocomplete: 'off', autocapitalize: 'none', readOnly: !stored.writable }}
      />
      {isLogin && stored.writable && dirty && (
        <Checkbox
          label={userTab.changesLogin}
          checked={changesLogin}
          onChange={setChangesLogin}
          hint={userTab.changesLoginHint}
        />
      )}
      {errors.of('changesLogin') && (
        <p class="field-error" role="alert">
          {userTab.confirmLogin}
        </p>
      )}
      {errors.rest && <FailureNotice failure={errors.rest} />}
      {stored.writable && (
        <div class="buttons form-end">
          <Button type="submit" kind="primary" busy={save.busy}>
            {common.save}
          </Button>
          {stored.rio !== '' && !isLogin && (
            <Button onClick={() => setAsksRemoval(true)}>{userTab.remove}</Button>
          )}
          {saved && !dirty && <span class="badge badge-success">{common.saved}</span>}
        </div>
      )}
      {isLogin && stored.writable && <p class="hint">{userTab.loginStays}</p>}
      <RioFacts rio={stored} />
      {asksRemoval && (
        <ConfirmDialog
          title={userTab.removeAsk(stored.rio)}
          label={userTab.remove}
          action={remove}
          onClose={() => setAsksRemoval(false)}
        >
          {userTab.removeHint}
        </ConfirmDialog>
      )}
    </form>
  )
}
