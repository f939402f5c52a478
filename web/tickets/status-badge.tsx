import type { TicketSummary } from '../../contract/tickets.ts'
import { useWords } from '../lib/frame.tsx'

type Status = TicketSummary['status']

/** A shape of its own for each, as ITSM-NG draws them, so that nobody has to tell them by colour. Grid of 12. */
const LOOKS: Record<Status, { colour: string; path: string; filled?: boolean }> = {
  new: { colour: 'badge-success', path: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z', filled: true },
  assigned: { colour: 'badge-info', path: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z' },
  planned: { colour: 'badge-info', path: 'M1.5 2.5h9v8h-9v-8Zm0 2.7h9M4 1v2.5M8 1v2.5' },
  pending: { colour: 'badge-warning', path: 'M3 1.5h2v9H3v-9Zm4 0h2v9H7v-9Z', filled: true },
  solved: { colour: '', path: 'm1.5 6.5 3 3 6-7' },
  closed: { colour: '', path: 'M2 2h8v8H2V2Z', filled: true },
  other: { colour: '', path: 'M6 1 11 6 6 11 1 6Z' },
}

/** How far a ticket is: in words, with a shape and a colour. */
export function StatusBadge({ status }: { status: Status }) {
  const words = useWords()
  const { colour, path, filled } = LOOKS[status]
  return (
    <span class={`badge ${colour}`}>
      <svg width="10" height="10" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path
          d={path}
          fill={filled ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
        />
      </svg>
      {words.ticket.status[status]}
    </span>
  )
}
