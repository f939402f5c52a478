import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ButtonLink } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useStyles } from '../lib/use-styles.ts'
import { type ListState, readState, START, writeState } from './list-state.ts'
import { ListedUsers } from './listed-users.tsx'
import { SoughtUsers } from './sought-users.tsx'
import { UserFilters } from './user-filters.tsx'
import css from './users.css?inline'

const TYPING_MS = 150

/** Everybody in one's entities: as a list to leaf through, or as what fits the words that are typed. */
export function UsersPage() {
  const { base, session, words } = useFrame()
  const { query, route } = useLocation()
  useStyles(css)
  const state = readState(query)
  // The first letter is a step that the back button takes back; the following ones are not.
  const go = (next: ListState, replace: boolean) => route(`${base}/app/users${writeState(next)}`, replace)
  const [typed, setTyped] = useTyped(state.q, (q) => go({ ...state, q, cursor: '' }, state.q !== ''))
  return (
    <>
      <div class="spread">
        <PageTitle path={[words.menu.administration]} title={words.users.title} />
        {session.can.createUsers && (
          <ButtonLink kind="primary" icon="plus" href={`${base}/app/users/new`}>
            {words.common.add}
          </ButtonLink>
        )}
      </div>
      <search class="panel">
        <TextField
          label={words.users.search}
          hint={words.users.searchHint}
          value={typed}
          onInput={setTyped}
          input={{ autocomplete: 'off', autocapitalize: 'none', maxLength: 255 }}
        />
        {state.q === '' && (
          <UserFilters state={state} onChange={(more) => go({ ...state, ...more, cursor: '' }, false)} />
        )}
      </search>
      {state.q === '' ? (
        <ListedUsers state={state} go={(next) => go(next, false)} />
      ) : (
        <SoughtUsers q={state.q} />
      )}
      {state.q === '' && state.cursor !== '' && (
        <p>
          <a href={`${base}/app/users${writeState({ ...state, cursor: START.cursor })}`}>
            {words.users.firstPage}
          </a>
        </p>
      )}
    </>
  )
}

/** A text that is written to the address once the typing pauses, and follows it when somebody goes back. */
function useTyped(written: string, write: (text: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState(written)
  const last = useRef(written)
  const latest = useRef(write)
  latest.current = write
  useEffect(() => {
    if (written === last.current) return
    last.current = written
    setTyped(written)
  }, [written])
  useEffect(() => {
    const text = typed.trim()
    if (text === last.current) return
    const timer = setTimeout(() => {
      last.current = text
      latest.current(text)
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return [typed, setTyped]
}
