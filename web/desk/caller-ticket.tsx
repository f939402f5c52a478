import { useState } from 'preact/hooks'
import type { TicketSummary } from '../../contract/tickets.ts'
import { Button } from '../components/button.tsx'
import { FirstFocus } from '../components/first-focus.tsx'
import { Lazily } from '../components/lazily.tsx'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { Priority } from '../tickets/priority.tsx'
import { StatusBadge } from '../tickets/status-badge.tsx'

/** One ticket of the caller: how it stands, how pressing and how old it is, who has it; and a followup on the spot. */
export function CallerTicket({ ticket, onChanged }: { ticket: TicketSummary; onChanged: () => void }) {
  const frame = useFrame()
  const { words, formats, session } = frame
  const links = linksOf(frame)
  const [adds, setAdds] = useState(false)
  const holders = [...ticket.technicians, ...ticket.groups].map(({ name }) => name)
  const since = ticket.openedAt
  return (
    <li>
      <div class="ticket-line">
        <a
          class="typed"
          href={links.ticket(ticket.id)}
          {...(links.leave ? { target: '_blank', rel: 'noopener' } : {})}
        >
          <span class="hint">#{ticket.id}</span> {ticket.title}
        </a>
        <span class="ticket-facts">
          <StatusBadge status={ticket.status} />
          <Priority level={ticket.priority} />
          {since && (
            <time dateTime={since} title={formats.moment(since)}>
              {formats.ago(since)}
            </time>
          )}
          <span class="typed">{holders.length > 0 ? formats.list(holders) : words.card.unassigned}</span>
        </span>
        {session.can.addFollowups && ticket.status !== 'closed' && (
          <Button
            kind="quiet"
            expanded={adds}
            label={words.card.addFollowupTo(ticket.title)}
            onClick={() => setAdds(!adds)}
          >
            {words.card.addFollowup}
          </Button>
        )}
      </div>
      {adds && (
        <Lazily
          load={() => import('../tickets/followup-form.tsx')}
          render={({ FollowupForm }) => (
            <FirstFocus>
              <FollowupForm
                ticketId={ticket.id}
                onCancel={() => setAdds(false)}
                onAdded={() => {
                  setAdds(false)
                  onChanged()
                }}
              />
            </FirstFocus>
          )}
        />
      )}
    </li>
  )
}
