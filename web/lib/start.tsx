import { signal, useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Problem } from '../../contract/problem.ts'
import type { Session } from '../../contract/session.ts'
import { LiveRegion } from '../components/live-region.tsx'
import { ReleasesDiffer } from '../components/releases-differ.tsx'
import { Speechless } from '../components/speechless.tsx'
import { Waiting } from '../components/waiting.tsx'
import type { Words } from '../locales/en.ts'
import { LogIn } from '../login/log-in.tsx'
import { NotBegun } from '../login/not-begun.tsx'
import { SessionDialog } from '../login/session-dialog.tsx'
import { ApiError, createClient, type Failure, isWithoutSession } from './client.ts'
import { FrameContext, type Surroundings, SurroundingsContext } from './frame.tsx'
import { chooseLanguage, chooseLocale, createFormats, loadWords } from './i18n.ts'
import type { Attributes } from './mount.tsx'
import { inWords } from './problems.ts'

type Who =
  | { known: 'not yet' }
  | { known: 'nobody' }
  | { known: 'failed'; failure: Failure }
  | { known: 'yes'; session: Session }

/** What is spoken, and as it is written where the reader is. */
interface Speech {
  language: string
  locale: string
  words: Words
}

/**
 * Finds out who is asking and in which language, then shows the view; whoever is not known logs in first. A session that
 * ends meanwhile is renewed in a dialog above the view, which keeps what was typed.
 */
export function Start({
  element,
  attributes,
  children,
}: {
  element: HTMLElement
  attributes: Attributes
  children: ComponentChildren
}) {
  const base = attributes.get('base')
  // Read once: what is spoken is written there afterwards.
  const [asked] = useState(() => attributes.get('lang'))
  const words = useSignal<Speech | null>(null)
  const speechless = useSignal(false)
  const who = useSignal<Who>({ known: 'not yet' })
  /** Set while the dialog asks for a new session: called with whether there is one. */
  const waiting = useRef<{ promise: Promise<boolean>; settle: (renewed: boolean) => void } | null>(null)
  const asksAgain = useSignal(false)

  const [plain, client] = useMemo(() => {
    const means = {
      inWords: (problem: Problem) =>
        inWords(problem, words.peek()?.language ?? chooseLanguage(browsersLanguages())),
    }
    const onExpired = () => {
      if (who.peek().known !== 'yes') return Promise.resolve(false)
      if (waiting.current === null) {
        const { promise, resolve } = Promise.withResolvers<boolean>()
        waiting.current = { promise, settle: resolve }
        asksAgain.value = true
      }
      return waiting.current.promise
    }
    return [createClient(base, means), createClient(base, { ...means, onExpired })]
  }, [base])

  function browsersLanguages(): string[] {
    return [asked, ...navigator.languages].filter((language) => language !== '')
  }

  async function speak(wanted: string[]): Promise<void> {
    const language = chooseLanguage(wanted)
    const locale = chooseLocale(wanted, language)
    const before = words.peek()
    if (before?.language === language && before.locale === locale) return
    const spoken = before?.language === language ? before.words : await loadWords(language)
    words.value = { language, locale, words: spoken }
    element.lang = language
    if (element.hasAttribute('page')) document.documentElement.lang = language
  }

  async function know(session: Session): Promise<void> {
    await speak([asked, session.language, ...navigator.languages].filter((one) => one !== ''))
    who.value = { known: 'yes', session }
  }

  async function begin(): Promise<void> {
    const [session] = await Promise.all([readSession(plain), speak(browsersLanguages())])
    if ('failure' in session) {
      const { failure } = session
      who.value = isWithoutSession(failure) ? { known: 'nobody' } : { known: 'failed', failure }
    } else await know(session.body)
  }

  /** After a login in the dialog: somebody else sees none of what was on the page. */
  async function goOn(): Promise<void> {
    const before = who.peek()
    const answer = await plain.get<Session>('session')
    if (before.known === 'yes' && before.session.user.id !== answer.body.user.id) return location.reload()
    await know(answer.body)
    asksAgain.value = false
    waiting.current?.settle(true)
    waiting.current = null
  }

  const beginAgain = useCallback(() => {
    begin().catch((error) => {
      // Whatever else is expected has become a value: the script with the words is gone.
      if (words.peek() === null) speechless.value = true
      else reportError(error)
    })
  }, [client])
  useEffect(beginAgain, [beginAgain])

  const announcement = useMemo(() => signal(''), [])
  const surroundings = useComputed<Surroundings | null>(() =>
    words.value === null
      ? null
      : {
          base,
          root: attributes.get('root'),
          logsIn: attributes.get('login') === 'host' ? 'host' : 'here',
          element,
          namesTab: element.hasAttribute('page'),
          client: plain,
          language: words.value.language,
          words: words.value.words,
          formats: createFormats(words.value.locale),
          announcement,
          announce: (text) => {
            // The same words twice are said twice.
            announcement.value = announcement.peek() === text ? `${text} ` : text
          },
        },
  )

  const renew = async () => know((await client.get<Session>('session')).body)

  const around = surroundings.value
  if (around === null) return speechless.value ? <Speechless /> : <Waiting />
  return (
    <SurroundingsContext.Provider value={around}>
      <Whoever who={who.value} begin={begin} beginAgain={beginAgain}>
        {(session) => (
          <FrameContext.Provider value={{ ...around, client, session, renew }}>
            <ReleasesDiffer plugin={attributes.get('bridge-version')} />
            {children}
            {asksAgain.value && <SessionDialog login={session.user.login} onRenewed={goOn} />}
          </FrameContext.Provider>
        )}
      </Whoever>
      <LiveRegion />
    </SurroundingsContext.Provider>
  )
}

interface WhoeverProps {
  who: Who
  begin: () => Promise<void>
  beginAgain: () => void
  children: (session: Session) => ComponentChildren
}

function Whoever({ who, begin, beginAgain, children }: WhoeverProps) {
  if (who.known === 'not yet') return <Waiting />
  if (who.known === 'failed') return <NotBegun failure={who.failure} onRetry={beginAgain} />
  if (who.known === 'nobody') return <LogIn onLoggedIn={begin} />
  return children(who.session)
}

async function readSession(
  client: Surroundings['client'],
): Promise<{ body: Session } | { failure: Failure }> {
  try {
    return await client.get<Session>('session')
  } catch (error) {
    if (error instanceof ApiError) return { failure: error.failure }
    throw error
  }
}
