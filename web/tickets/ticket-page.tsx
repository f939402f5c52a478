import { useState } from 'preact/hooks'
import type { Ticket } from '../../contract/tickets.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { useStyles } from '../lib/use-styles.ts'
import { Followups } from './followups.tsx'
import { Priority } from './priority.tsx'
import { StatusBadge } from './status-badge.tsx'
import { TicketFacts } from './ticket-facts.tsx'
import css from './tickets.css?inline'

/** A ticket: how it stands, what it is about, who has to do with it, and what was said since. */
export function TicketPage({ id }: { id: number }) {
  const { client, words } = useFrame()
  useStyles(css)
  const ticket = useResource(
    async (signal) => (await client.get<Ticket>(`tickets/${id}`, {}, signal)).body,
    [id],
  )
  const path = [words.menu.helpdesk, words.tickets.title]
  if (ticket.data === undefined) {
    return (
      <>
        <PageTitle path={path} title={words.tickets.ticket(id)} />
        {ticket.state === 'failed' ? (
          <FailureNotice failure={ticket.failure} onRetry={ticket.retry} />
        ) : (
          <Waiting />
        )}
      </>
    )
  }
  return (
    <>
      {ticket.state === 'failed' && <FailureNotice failure={ticket.failure} onRetry={ticket.retry} />}
      <PageTitle path={[...path, words.tickets.ticket(id)]} title={ticket.data.title} />
      <TicketShown key={id} ticket={ticket.data} />
    </>
  )
}

function TicketShown({ ticket }: { ticket: Ticket }) {
  const { words } = useFrame()
  const [changedAt, setChangedAt] = useState(ticket.changedAt)
  return (
    <div class="ticket">
      <p class="ticket-state">
        <StatusBadge status={ticket.status} />
        <span>
          <span class="hint">{words.tickets.columns.priority}</span> <Priority level={ticket.priority} />
        </span>
        <span class="hint">{words.ticket.type[ticket.type]}</span>
      </p>
      <TicketFacts ticket={{ ...ticket, changedAt }} />
      <div class="ticket-texts">
        <section class="panel" aria-labelledby="description">
          <h2 id="description">{words.newTicket.description}</h2>
          {ticket.description.trim() === '' ? (
            <p class="hint">{words.tickets.noDescription}</p>
          ) : (
            <p class="typed">{ticket.description}</p>
          )}
        </section>
        <Followups ticket={ticket} onAdded={({ createdAt }) => setChangedAt(createdAt)} />
      </div>
    </div>
  )
}
