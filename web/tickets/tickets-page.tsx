import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { StatusFilter, Ticket, TicketPage, TicketSort } from '../../contract/tickets.ts'
import type { User } from '../../contract/users.ts'
import { Button, ButtonLink } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Select } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { Waiting } from '../components/waiting.tsx'
import { nameOf } from '../desk/name.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'
import { useStyles } from '../lib/use-styles.ts'
import { NewTicketForm } from './new-ticket-form.tsx'
import { TicketCounts } from './ticket-counts.tsx'
import { TicketTable } from './ticket-table.tsx'
import css from './tickets.css?inline'

const FILTERS = ['open', 'closed', 'all'] as const satisfies readonly StatusFilter[]
const SORTS = [
  'open',
  '-changedAt',
  '-openedAt',
  'openedAt',
  '-priority',
] as const satisfies readonly TicketSort[]

/** The tickets of a person: `app/tickets?requester=ID`. What is shown stands in the address, so that Back leads back. */
export function TicketsPage() {
  const { base, words } = useFrame()
  const { query } = useLocation()
  useStyles(css)
  const id = Number(query.requester || Number.NaN)
  if (Number.isInteger(id)) return <TicketsOf key={id} id={id} />
  return (
    <>
      <PageTitle path={[words.menu.helpdesk]} title={words.tickets.title} />
      <div class="panel empty">
        <p>{words.tickets.choose}</p>
        <p>
          <ButtonLink icon="phone" href={`${base}/app/`}>
            {words.menu.desk}
          </ButtonLink>
        </p>
      </div>
    </>
  )
}

function TicketsOf({ id }: { id: number }) {
  const frame = useFrame()
  const { client, session, words } = frame
  const links = linksOf(frame)
  const { query, path, route } = useLocation()
  const status = FILTERS.find((one) => one === query.status) ?? 'all'
  const sort = SORTS.find((one) => one === query.sort) ?? 'open'
  const cursor = query.cursor || undefined
  const [opens, setOpens] = useState(false)
  const [made, setMade] = useState<Ticket | null>(null)
  const user = useResource(async (signal) => (await client.get<User>(`users/${id}`, {}, signal)).body, [id])
  const tickets = useResource(
    async (signal) => {
      const asked = { status, sort, ...(cursor ? { cursor } : {}) }
      return (await client.get<TicketPage>(`users/${id}/tickets`, asked, signal)).body
    },
    [id, status, sort, cursor, made?.id],
  )
  const address = (change: Record<string, string>) =>
    `${path}?${new URLSearchParams({ requester: String(id), status, sort, ...change })}`
  const name = user.data && nameOf(user.data, words)
  const form = links.newTicket({ id, entityId: user.data?.entity?.id ?? null })

  return (
    <>
      <PageTitle
        path={[words.menu.helpdesk, words.tickets.title]}
        title={name === undefined ? words.tickets.title : words.tickets.of(name)}
      />
      {user.state === 'failed' && <FailureNotice failure={user.failure} onRetry={user.retry} />}
      {user.data && (
        <div class="buttons">
          {session.can.createTickets &&
            (form === null ? (
              <Button kind="primary" icon="plus" expanded={opens} onClick={() => setOpens(!opens)}>
                {words.newTicket.title}
              </Button>
            ) : (
              <ButtonLink kind="primary" icon="plus" href={form} leaves>
                {words.newTicket.title}
              </ButtonLink>
            ))}
          <ButtonLink icon="user" href={links.user(id)} leaves={links.leave}>
            {words.tickets.toPerson}
          </ButtonLink>
          <ButtonLink icon="phone" href={deskOf(user.data, links, frame.base)}>
            {words.tickets.toDesk}
          </ButtonLink>
        </div>
      )}
      {made && (
        <Notice kind="success">
          <a href={links.ticket(made.id)}>{words.newTicket.made(made.id)}</a>
        </Notice>
      )}
      {opens && user.data && (
        <section class="panel" aria-label={words.newTicket.title}>
          <NewTicketForm
            requester={{ id, name: name ?? '', entity: user.data.entity }}
            onCancel={() => setOpens(false)}
            onMade={(ticket) => {
              setMade(ticket)
              setOpens(false)
            }}
          />
        </section>
      )}
      {tickets.data && <TicketCounts counts={tickets.data.counts} />}
      <div class="toolbar tickets-toolbar">
        <Select
          label={words.tickets.show}
          value={status}
          choices={FILTERS.map((one) => ({ value: one, label: words.tickets.filters[one] }))}
          onChange={(one) => route(address({ status: one }))}
        />
        <Select
          label={words.tickets.sortBy}
          value={sort}
          choices={SORTS.map((one) => ({ value: one, label: words.tickets.sorts[one] }))}
          onChange={(one) => route(address({ sort: one }))}
        />
      </div>
      {tickets.state === 'failed' && user.state !== 'failed' && (
        <FailureNotice failure={tickets.failure} onRetry={tickets.retry} />
      )}
      {tickets.state === 'loading' && <Waiting />}
      {tickets.data &&
        (tickets.data.items.length === 0 ? (
          <p class="panel empty">{words.tickets.none[status]}</p>
        ) : (
          <TicketTable tickets={tickets.data.items} />
        ))}
      <nav class="buttons" aria-label={words.tickets.pages}>
        {cursor && (
          <ButtonLink icon="back" href={address({})}>
            {words.tickets.first}
          </ButtonLink>
        )}
        {tickets.data?.next && (
          <ButtonLink icon="next" href={address({ cursor: cursorOf(tickets.data.next) })}>
            {words.common.next}
          </ButtonLink>
        )}
      </nav>
    </>
  )
}

/** The desk on this caller, by what it finds them by. */
function deskOf({ rio, phone }: User, links: ReturnType<typeof linksOf>, base: string): string {
  if (rio !== '') return links.desk({ rio })
  return phone === '' ? `${base}/app` : links.desk({ phone })
}

const cursorOf = (next: string) => new URL(next, location.href).searchParams.get('cursor') ?? ''
