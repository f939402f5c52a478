import type { TicketSummary } from '../../contract/tickets.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { Priority } from './priority.tsx'
import { StatusBadge } from './status-badge.tsx'
import { When } from './when.tsx'

/** Tickets as rows; where the window is narrow, one below the other with the name of each column beside its value. */
export function TicketTable({ tickets }: { tickets: readonly TicketSummary[] }) {
  const frame = useFrame()
  const { words, formats } = frame
  const links = linksOf(frame)
  const { columns } = words.tickets
  return (
    <div class="table-scroll">
      <table class="tickets">
        <thead>
          <tr>
            <th scope="col">{columns.title}</th>
            <th scope="col">{columns.status}</th>
            <th scope="col">{columns.priority}</th>
            <th scope="col">{columns.category}</th>
            <th scope="col">{columns.opened}</th>
            <th scope="col">{columns.changed}</th>
            <th scope="col">{columns.assigned}</th>
          </tr>
        </thead>
        <tbody>
          {tickets.map((ticket) => {
            const holders = [...ticket.technicians, ...ticket.groups].map(({ name }) => name)
            return (
              <tr key={ticket.id}>
                <th scope="row">
                  <a
                    class="typed"
                    href={links.ticket(ticket.id)}
                    {...(links.leave ? { target: '_blank', rel: 'noopener' } : {})}
                  >
                    <span class="hint">#{ticket.id}</span> {ticket.title}
                  </a>
                </th>
                <td>
                  <StatusBadge status={ticket.status} />
                </td>
                <td>
                  <Priority level={ticket.priority} />
                </td>
                <td data-label={columns.category} class="typed">
                  {ticket.category?.name ?? '–'}
                </td>
                <td data-label={columns.opened}>
                  <When time={ticket.openedAt} />
                </td>
                <td data-label={columns.changed}>
                  <When time={ticket.changedAt} />
                </td>
                <td data-label={columns.assigned} class="typed">
                  {holders.length > 0 ? formats.list(holders) : '–'}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
