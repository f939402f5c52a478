import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { SearchAnswer, SearchHit } from '../../contract/search.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useShortcuts } from '../lib/use-shortcuts.ts'
import type { Words } from '../locales/en.ts'
import { readAsked } from './asked.ts'
import { CallerCard } from './caller-card.tsx'
import { Hits, optionId } from './hits.tsx'
import { nameOf } from './name.ts'
import { Nobody } from './nobody.tsx'
import { SearchField } from './search-field.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { useSearch } from './use-search.ts'

const LIST = 'hits'
const NOTHING: SearchAnswer = { items: [], incomplete: false }

/**
 * Where an agent lives: one field, and the caller. What is typed and who is shown stand in the address, so that the back
 * button, a reload and a link work.
 */
export function Desk({ rio, phone }: { rio: string; phone: string }) {
  const { words, announce } = useFrame()
  const { path, query, route } = useLocation()
  const asked = useMemo(() => readAsked({ rio, phone }), [rio, phone])
  const [typed, setTyped] = useState(query.q ?? (asked?.unfilled ? '' : asked?.text) ?? '')
  const [active, setActive] = useState(0)
  const [helps, setHelps] = useState(false)
  const [entered, setEntered] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const search = useSearch(typed, asked)
  useEffect(() => field.current?.focus(), [])

  // The address has changed: by the back button, or by a call that was put through to this page.
  const address = query.q ?? asked?.text ?? ''
  useEffect(() => setTyped(address), [address])

  const { items: hits, incomplete } = search.answer ?? NOTHING
  const chosen = query.user === undefined ? undefined : Number(query.user)
  const shown = chosen ?? (hits.length === 1 && !incomplete ? hits[0]?.user.id : undefined)
  const choosing = shown === undefined && hits.length > 0
  const current = hits[Math.min(active, hits.length - 1)]

  // The keys of the card work once nobody types: it was asked for by Enter, or by a call.
  const leaves = shown !== undefined && (entered || asked?.text === typed)
  useLayoutEffect(() => {
    if (leaves) field.current?.blur()
  }, [leaves, shown])

  const go = (user: number | undefined) => route(addressOf(path, typed, user))
  // What was found can be found again: by the back button, or when the page is loaded again.
  const keeps = search.settled && chosen === undefined && asked?.text !== typed && query.q !== typed
  useEffect(() => {
    if (keeps) route(addressOf(path, typed), true)
  }, [keeps])
  const type = (text: string) => {
    setTyped(text)
    setActive(0)
    setEntered(false)
    // Whoever types looks for somebody else.
    if (chosen !== undefined) route(addressOf(path, text), true)
  }
  const submit = () => {
    if (search.settled && choosing && current) go(current.user.id)
    else search.now()
    setEntered(true)
    if (shown !== undefined) field.current?.blur()
  }
  const back = () => {
    if (chosen !== undefined) go(undefined)
    else if (typed !== '') type('')
    field.current?.focus()
    field.current?.select()
  }
  useShortcuts({
    '/': () => field.current?.focus(),
    '?': () => setHelps(true),
    Escape: back,
  })

  // Said once an answer is there, and only if it is another one than before.
  const found = search.settled ? sayFound(hits, incomplete, words) : ''
  useEffect(() => announce(found), [found, announce])

  return (
    <div class="desk">
      <div class="spread">
        <PageTitle path={[words.menu.helpdesk]} title={words.menu.desk} />
        <Button kind="quiet" shortcut="?" onClick={() => setHelps(true)}>
          {words.desk.shortcuts.title}
        </Button>
      </div>
      <SearchField
        value={typed}
        onInput={type}
        inputRef={field}
        onSubmit={submit}
        onMove={(by) => setActive((active) => Math.max(0, Math.min(hits.length - 1, active + by)))}
        list={choosing && current ? { id: LIST, activeId: optionId(LIST, current) } : null}
      />
      {asked?.unfilled && (
        <Notice kind="warning" title={words.desk.unfilled.title}>
          <p>{words.desk.unfilled.remedy(asked.text)}</p>
        </Notice>
      )}
      {search.failure && chosen === undefined && (
        <FailureNotice failure={search.failure} onRetry={search.retry} />
      )}
      {search.answer === null && !search.nothing && !search.failure && shown === undefined && <Waiting />}
      {choosing && (
        <>
          <Hits id={LIST} hits={hits} active={active} onChoose={(hit) => go(hit.user.id)} />
          <p class="hint">{incomplete ? words.desk.incomplete : words.desk.several(hits.length)}</p>
        </>
      )}
      {search.settled && hits.length === 0 && shown === undefined && (
        <Nobody typed={typed} asked={asked?.text === typed ? asked : null} onFound={(id) => go(id)} />
      )}
      {shown !== undefined && (
        <CallerCard
          key={shown}
          id={shown}
          summary={hits.find(({ user }) => user.id === shown)?.user}
          onBack={hits.length > 1 ? back : undefined}
        />
      )}
      {search.nothing && shown === undefined && <p class="empty">{words.desk.start}</p>}
      {helps && <Shortcuts onClose={() => setHelps(false)} />}
    </div>
  )
}

function addressOf(path: string, typed: string, user?: number): string {
  const parts = {
    ...(typed.trim() ? { q: typed } : {}),
    ...(user === undefined ? {} : { user: String(user) }),
  }
  const text = String(new URLSearchParams(parts))
  return text ? `${path}?${text}` : path
}

function sayFound([first, ...others]: SearchHit[], incomplete: boolean, words: Words): string {
  if (first === undefined) return words.desk.nobody
  if (others.length === 0 && !incomplete) return words.desk.found(nameOf(first.user, words))
  return words.desk.several(others.length + 1)
}
