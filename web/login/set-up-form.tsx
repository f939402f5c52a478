import { useEffect, useRef, useState } from 'preact/hooks'
import type { SetupRequest } from '../../contract/setup.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { PageTitle } from '../components/page-title.tsx'
import type { Failure } from '../lib/client.ts'
import { useSurroundings } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import type { Words } from '../locales/en.ts'
import { fragment, useFragment } from './use-fragment.ts'

const MIN_PASSWORD = 8
const EMPTY = { code: '', login: '', password: '', repeat: '' }
const LOGIN = 'input[autocomplete=username]'
const FIELDS = ['code', 'login', 'password', 'repeat'] as const
type FieldName = (typeof FIELDS)[number]
type Errors = Partial<Record<FieldName, string>>

export function SetUpForm({ onMade }: { onMade: (login: string) => void }) {
  const { client, words } = useSurroundings()
  const [typed, setTyped] = useState(() => ({ ...EMPTY, code: fragment() }))
  const [errors, setErrors] = useState<Errors>({})
  const form = useRef<HTMLFormElement>(null)
  const put = (change: Partial<typeof typed>) => setTyped((last) => ({ ...last, ...change }))

  useFragment((code) => put({ code }))
  // The first field that the link has not filled in.
  useEffect(() => form.current?.querySelector<HTMLElement>(typed.code === '' ? 'input' : LOGIN)?.focus(), [])

  const make = useAction(async () => {
    const login = typed.login.trim()
    const body: SetupRequest = { code: typed.code.trim(), login, password: typed.password }
    await client.send('POST', 'setup', { body })
    onMade(login)
  })
  const refused = refusal(make.failure, words)
  const shown = { ...refused.errors, ...errors }
  const wrong = FIELDS.find((name) => shown[name])
  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [errors, make.failure])

  const field = (name: FieldName) => ({
    label: words.setUp[name],
    value: typed[name],
    onInput: (value: string) => put({ [name]: value }),
    error: shown[name],
    required: true,
  })
  const password = { type: 'password', autocomplete: 'new-password', maxLength: 255 } as const
  return (
    <>
      <PageTitle path={[]} title={words.setUp.title} />
      <p>{words.setUp.intro}</p>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const found = check(typed, words)
          setErrors(found)
          if (Object.keys(found).length > 0) make.clear()
          else make.run()
        }}
      >
        {refused.rest && <FailureNotice failure={refused.rest} />}
        <TextField {...field('code')} hint={words.setUp.codeHint} input={{ autocomplete: 'off' }} />
        <TextField
          {...field('login')}
          input={{ autocomplete: 'username', autocapitalize: 'none', maxLength: 255 }}
        />
        <TextField {...field('password')} hint={words.setUp.passwordHint} input={password} />
        <TextField {...field('repeat')} input={password} />
        <Button type="submit" kind="primary" busy={make.busy}>
          {words.setUp.submit}
        </Button>
      </form>
    </>
  )
}

/** What can be said without asking the server. */
function check(typed: Record<FieldName, string>, { common, setUp }: Words): Errors {
  const errors: Errors = {}
  for (const name of FIELDS) if (typed[name] === '') errors[name] = common.required
  if (typed.login.trim() === '') errors.login = common.required
  if (typed.password !== '' && typed.password.length < MIN_PASSWORD) errors.password = setUp.short
  else if (typed.repeat !== '' && typed.repeat !== typed.password) errors.repeat = setUp.differ
  return errors
}

/** What the server says, beside the field that it is about. */
function refusal(failure: Failure | null, { setUp }: Words): { errors: Errors; rest: Failure | null } {
  if (failure?.kind !== 'problem') return { errors: {}, rest: failure }
  const { status, field } = failure.problem
  if (status === 403) return { errors: { code: setUp.refused }, rest: null }
  const named = FIELDS.find((name) => name === field)
  return named === undefined
    ? { errors: {}, rest: failure }
    : { errors: { [named]: setUp.value }, rest: null }
}
