import { useState } from 'preact/hooks'
import type { User } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

/** A new password for somebody who has lost theirs. */
export function PasswordForm({ user }: { user: User }) {
  const { client, words, announce } = useFrame()
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const save = useAction(async () => {
    await client.send('PUT', `users/${user.id}/password`, { body: { password } })
    setPassword('')
    setDone(true)
    announce(words.users.passwordSet)
  })
  const errors = fieldErrors(save.failure, ['password'] as const)
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (password !== '') save.run()
      }}
    >
      <h2>{words.users.password}</h2>
      {/* Password managers want to know whose it is. */}
      <input type="text" autocomplete="username" value={user.login} readOnly hidden />
      <TextField
        label={words.users.newPassword}
        value={password}
        onInput={(typed) => {
          setDone(false)
          setPassword(typed)
        }}
        hint={words.users.newPasswordHint}
        error={errors.of('password')}
        input={{ type: 'password', autocomplete: 'new-password' }}
      />
      {errors.rest && <FailureNotice failure={errors.rest} />}
      <div class="buttons form-end">
        <Button type="submit" busy={save.busy}>
          {words.users.setPassword}
        </Button>
        {done && <span class="badge badge-success">{words.common.saved}</span>}
      </div>
    </form>
  )
}
