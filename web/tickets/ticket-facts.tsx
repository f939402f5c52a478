import type { ComponentChildren } from 'preact'
import type { Ticket } from '../../contract/tickets.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { Priority } from './priority.tsx'
import { When } from './when.tsx'

interface Named {
  id: number
  name: string
}

/** Who has to do with a ticket, where it belongs and how pressing it is. */
export function TicketFacts({ ticket }: { ticket: Ticket }) {
  const { words } = useFrame()
  const { columns, facts } = words.tickets
  return (
    <section class="panel ticket-details" aria-labelledby="facts">
      <h2 id="facts">{facts.title}</h2>
      <dl class="facts">
        <Fact name={facts.requesters}>
          <People people={ticket.requesters} withTickets />
        </Fact>
        <Fact name={facts.technicians}>
          <People people={ticket.technicians} />
        </Fact>
        <Fact name={facts.groups}>
          <Names named={ticket.groups} />
        </Fact>
        <Fact name={facts.author}>
          <People people={ticket.author ? [ticket.author] : []} />
        </Fact>
        <Fact name={columns.category}>{ticket.category?.path ?? '–'}</Fact>
        <Fact name={words.person.entity}>{ticket.entity.name}</Fact>
        <Fact name={facts.source}>{ticket.source || '–'}</Fact>
        <Fact name={facts.urgency}>
          <Priority level={ticket.urgency} />
        </Fact>
        <Fact name={facts.impact}>
          <Priority level={ticket.impact} />
        </Fact>
        <Fact name={columns.opened}>
          <When time={ticket.openedAt} exact />
        </Fact>
        <Fact name={columns.changed}>
          <When time={ticket.changedAt} exact />
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="typed">{children}</dd>
    </div>
  )
}

function Names({ named }: { named: readonly Named[] }) {
  const { formats } = useFrame()
  return <>{named.length === 0 ? '–' : formats.list(named.map(({ name }) => name))}</>
}

/** Links to people, where the reader may see people at all. */
function People({ people, withTickets = false }: { people: readonly Named[]; withTickets?: boolean }) {
  const frame = useFrame()
  const links = linksOf(frame)
  if (!frame.session.can.lookUp || people.length === 0) return <Names named={people} />
  const leaving = links.leave ? { target: '_blank', rel: 'noopener' } : {}
  return (
    <ul>
      {people.map(({ id, name }) => (
        <li key={id}>
          <a href={links.user(id)} {...leaving}>
            {name}
          </a>
          {withTickets && (
            <>
              {' · '}
              <a href={links.ticketsOf(id)} aria-label={frame.words.tickets.of(name)} {...leaving}>
                {frame.words.tickets.title}
              </a>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
