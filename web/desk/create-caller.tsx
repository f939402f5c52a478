import { useState } from 'preact/hooks'
import type { User } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

const FIELDS = ['lastname', 'firstname', 'login', 'rio', 'phone', 'email'] as const
type Field = (typeof FIELDS)[number]
/** As the API names them. */
const ASKED = ['lastname', 'firstname', 'login', 'rio', 'phone', 'emails'] as const

/** The short form for somebody who is on the line: the rest can be filled in later, on their own page. */
export function CreateCaller({
  kind,
  text,
  onMade,
}: {
  kind: 'rio' | 'phone' | 'name'
  text: string
  onMade: (id: number) => void
}) {
  const { client, words, announce } = useFrame()
  const [values, setValues] = useState<Record<Field, string>>({
    lastname: kind === 'name' ? text : '',
    firstname: '',
    login: '',
    rio: kind === 'rio' ? text : '',
    phone: kind === 'phone' ? text : '',
    email: '',
  })
  const create = useAction(async () => {
    const { email, ...texts } = values
    const filled = Object.fromEntries(Object.entries(texts).filter(([, value]) => value.trim() !== ''))
    const body = { ...filled, ...(email.trim() ? { emails: [email.trim()] } : {}) }
    const { body: user } = await client.send<User>('POST', 'users', { body })
    announce(words.desk.create.made)
    onMade(user.id)
  })
  const errors = fieldErrors(create.failure, ASKED)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        create.run()
      }}
    >
      {errors.rest && <FailureNotice failure={errors.rest} />}
      <div class="fields">
        {FIELDS.map((field) => (
          <TextField
            key={field}
            label={words.person[field]}
            value={values[field]}
            onInput={(value) => setValues({ ...values, [field]: value })}
            error={errors.of(field === 'email' ? 'emails' : field)}
            hint={field === 'login' ? words.desk.create.loginHint : undefined}
            input={{ maxLength: 255 }}
          />
        ))}
      </div>
      <div class="buttons">
        <Button type="submit" kind="primary" busy={create.busy}>
          {words.desk.create.submit}
        </Button>
      </div>
    </form>
  )
}
