import type { TicketCounts as Counts } from '../../contract/tickets.ts'
import { Notice } from '../components/notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { StatusBadge } from './status-badge.tsx'

const STATUSES = ['new', 'assigned', 'planned', 'pending', 'solved', 'closed'] as const

/** How many tickets there are of each status, as far as there are any. */
export function TicketCounts({ counts }: { counts: Counts }) {
  const { words, formats } = useFrame()
  const shown = STATUSES.filter((status) => counts[status] > 0)
  return (
    <>
      {shown.length > 0 && (
        <ul class="ticket-counts" aria-label={words.tickets.byStatus}>
          {shown.map((status) => (
            <li key={status}>
              <StatusBadge status={status} /> <strong>{formats.number(counts[status])}</strong>
            </li>
          ))}
        </ul>
      )}
      {!counts.complete && <Notice kind="info">{words.tickets.onlyNewest}</Notice>}
    </>
  )
}
