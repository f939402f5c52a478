import { useState } from 'preact/hooks'
import type { Followup, FollowupPage, Ticket } from '../../contract/tickets.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { FollowupForm } from './followup-form.tsx'
import { When } from './when.tsx'

/** What was said of a ticket, the newest first; older pages follow on request, and a new one stands at the top. */
export function Followups({ ticket, onAdded }: { ticket: Ticket; onAdded: (followup: Followup) => void }) {
  const { client, session, words } = useFrame()
  const [page, setPage] = useState<FollowupPage>(ticket.followups)
  const [adds, setAdds] = useState(false)
  const older = useAction(async () => {
    if (page.next === null) return
    const { items, next } = (await client.get<FollowupPage>(page.next)).body
    setPage((before) => ({ items: [...before.items, ...items], next }))
  })
  return (
    <section class="panel" aria-labelledby="followups">
      <div class="spread">
        <h2 id="followups">{words.tickets.followups}</h2>
        {session.can.addFollowups && ticket.status !== 'closed' && (
          <Button icon="plus" expanded={adds} onClick={() => setAdds(!adds)}>
            {words.tickets.addFollowup}
          </Button>
        )}
      </div>
      {adds && (
        <FollowupForm
          ticketId={ticket.id}
          onCancel={() => setAdds(false)}
          onAdded={(added) => {
            const others = ({ id }: Followup) => id !== added.id
            setPage((before) => ({ ...before, items: [added, ...before.items.filter(others)] }))
            setAdds(false)
            onAdded(added)
          }}
        />
      )}
      {page.items.length === 0 && <p class="hint">{words.tickets.noFollowups}</p>}
      <ol class="followups">
        {page.items.map((followup) => (
          <li key={followup.id} class={followup.private ? 'followup followup-private' : 'followup'}>
            <p class="followup-head">
              <strong class="typed">{followup.author?.name ?? words.tickets.gone}</strong>
              <span class="hint">
                <When time={followup.createdAt} exact />
              </span>
              {followup.private && <span class="badge badge-warning">{words.tickets.private}</span>}
            </p>
            <p class="typed">{followup.content}</p>
          </li>
        ))}
      </ol>
      {older.failure && <FailureNotice failure={older.failure} />}
      {page.next !== null && (
        <p class="buttons">
          <Button busy={older.busy} onClick={() => older.run()}>
            {words.tickets.older}
          </Button>
        </p>
      )}
    </section>
  )
}
