import { useState } from 'preact/hooks'
import type { User, UserSummary } from '../../contract/users.ts'
import { Button, ButtonLink } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { FirstFocus } from '../components/first-focus.tsx'
import { Lazily } from '../components/lazily.tsx'
import { Notice } from '../components/notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'
import { useShortcuts } from '../lib/use-shortcuts.ts'
import { CallerFacts } from './caller-facts.tsx'
import { CallerTickets } from './caller-tickets.tsx'
import { nameOf } from './name.ts'

interface Props {
  id: number
  /** What the search has told already: shown at once, until all of it is there. */
  summary: UserSummary | undefined
  onBack: (() => void) | undefined
}

/** The caller: who it is, how to reach them, where they sit, what is open for them, and what can be done about it. */
export function CallerCard({ id, summary, onBack }: Props) {
  const frame = useFrame()
  const { client, session, words } = frame
  const { can } = session
  const links = linksOf(frame)
  const user = useResource(async (signal) => (await client.get<User>(`users/${id}`, {}, signal)).body, [id])
  const [opens, setOpens] = useState(false)
  const [made, setMade] = useState<{ id: number; title: string } | null>(null)
  const known = user.data ?? summary

  const form = user.data ? links.newTicket({ id, entityId: user.data.entity?.id ?? null }) : null
  const openTicket = () => {
    if (!can.createTickets || !user.data) return
    if (form === null) setOpens(true)
    else open(form, '_blank', 'noopener')
  }
  useShortcuts({ n: openTicket })

  if (known === undefined) {
    return user.state === 'failed' ? (
      <FailureNotice failure={user.failure} onRetry={user.retry} />
    ) : (
      <Waiting />
    )
  }
  return (
    <article class="panel card" aria-labelledby="caller">
      <header class="card-head">
        {onBack && (
          <Button kind="quiet" icon="back" shortcut="Escape" onClick={onBack}>
            {words.card.back}
          </Button>
        )}
        <div class="card-name">
          <h2 id="caller" class="typed">
            {nameOf(known, words)}
          </h2>
          {!known.active && <span class="badge badge-warning">{words.card.unusable}</span>}
        </div>
        <div class="buttons">
          {can.createTickets &&
            (form === null ? (
              <Button kind="primary" icon="plus" shortcut="n" disabled={!user.data} onClick={openTicket}>
                {words.card.newTicket}
              </Button>
            ) : (
              <ButtonLink kind="primary" icon="plus" href={form} leaves>
                {words.card.newTicket}
              </ButtonLink>
            ))}
          {can.readTickets && (
            <ButtonLink icon="ticket" href={links.ticketsOf(id)} leaves={links.leave}>
              {words.card.viewTickets}
            </ButtonLink>
          )}
          <ButtonLink icon="user" href={links.user(id)} leaves={links.leave}>
            {words.card.viewProfile}
          </ButtonLink>
        </div>
      </header>
      {user.state === 'failed' && <FailureNotice failure={user.failure} onRetry={user.retry} />}
      {made && (
        <Notice kind="success">
          <a href={links.ticket(made.id)} {...(links.leave ? { target: '_blank', rel: 'noopener' } : {})}>
            {words.card.made(made.id, made.title)}
          </a>
        </Notice>
      )}
      {opens && user.data && (
        <Lazily
          load={() => import('../tickets/new-ticket-form.tsx')}
          render={({ NewTicketForm }) => (
            <FirstFocus title={words.card.newTicketFor(nameOf(known, words))}>
              <NewTicketForm
                requester={{ id, name: nameOf(known, words), entity: user.data?.entity ?? null }}
                onCancel={() => setOpens(false)}
                onMade={(ticket) => {
                  setMade(ticket)
                  setOpens(false)
                }}
              />
            </FirstFocus>
          )}
        />
      )}
      <CallerFacts summary={known} user={user.data} />
      {can.readTickets ? (
        <CallerTickets userId={id} round={made?.id ?? 0} />
      ) : (
        <p class="hint">{words.card.noTickets}</p>
      )}
    </article>
  )
}
