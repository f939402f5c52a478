import { useState } from 'preact/hooks'
import type { TicketPage } from '../../contract/tickets.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { CallerTicket } from './caller-ticket.tsx'

const SHOWN = 25

/** What somebody has asked for: what is open first, the rest behind a fold that reads it when it is opened. */
export function CallerTickets({ userId, round }: { userId: number; round: number }) {
  const { words } = useFrame()
  const [closed, setClosed] = useState(false)
  const open = useTickets(userId, 'open', round)
  const counts = open.data?.counts
  const behind = counts ? counts.solved + counts.closed : 0
  return (
    <section class="card-tickets" aria-labelledby="open-tickets">
      <h3 id="open-tickets">{words.card.openTickets(counts?.open)}</h3>
      <List tickets={open} empty={words.card.noneOpen} />
      {behind > 0 && (
        <details onToggle={(event) => setClosed(event.currentTarget.open)}>
          <summary>{words.card.closedTickets(behind)}</summary>
          {closed && <Closed userId={userId} round={round} />}
        </details>
      )}
    </section>
  )
}

function Closed({ userId, round }: { userId: number; round: number }) {
  const tickets = useTickets(userId, 'closed', round)
  return <List tickets={tickets} empty="" />
}

function useTickets(userId: number, status: 'open' | 'closed', round: number) {
  const { client } = useFrame()
  return useResource(
    async (signal) => {
      const query = { status, limit: SHOWN }
      return (await client.get<TicketPage>(`users/${userId}/tickets`, query, signal)).body
    },
    [userId, status, round],
  )
}

function List({ tickets, empty }: { tickets: ReturnType<typeof useTickets>; empty: string }) {
  if (tickets.state === 'failed') return <FailureNotice failure={tickets.failure} onRetry={tickets.retry} />
  if (tickets.data === undefined) return <Waiting />
  if (tickets.data.items.length === 0) return <p class="hint">{empty}</p>
  return (
    <ul class="ticket-list">
      {tickets.data.items.map((ticket) => (
        <CallerTicket key={ticket.id} ticket={ticket} onChanged={tickets.retry} />
      ))}
    </ul>
  )
}
