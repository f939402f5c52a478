import { useEffect, useRef, useState } from 'preact/hooks'
import type { Session } from '../../contract/session.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { useSurroundings } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

/** Login and password, for the embedded helpdesk; the session is a cookie that no script can read. */
export function LogInForm({ onLoggedIn, login: known }: { onLoggedIn: () => Promise<void>; login?: string }) {
  const { client, words } = useSurroundings()
  const [login, setLogin] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [forgotten, setForgotten] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const logIn = useAction(async () => {
    setForgotten(false)
    await client.send<Session>('POST', 'session', { body: { login, password } })
    setPassword('')
    await onLoggedIn()
    // Whoever is known sees the page instead of this; the browser has refused the cookie.
    setForgotten(true)
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        logIn.run()
      }}
    >
      {logIn.failure && <FailureNotice failure={logIn.failure} />}
      {forgotten && <Notice kind="error">{words.login.forgotten}</Notice>}
      <TextField
        label={words.login.login}
        value={login}
        onInput={setLogin}
        required
        {...(known === undefined ? { inputRef: first } : {})}
        input={{ autocomplete: 'username', autocapitalize: 'none', maxLength: 255 }}
      />
      <TextField
        label={words.login.password}
        value={password}
        onInput={setPassword}
        required
        {...(known === undefined ? {} : { inputRef: first })}
        input={{ type: 'password', autocomplete: 'current-password', maxLength: 255 }}
      />
      <Button type="submit" kind="primary" busy={logIn.busy}>
        {words.login.submit}
      </Button>
    </form>
  )
}
