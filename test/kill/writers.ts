import type { Services } from '../../server/services.ts'
import { LOCAL } from '../support/people.ts'
import type { Acknowledged, WriterWork } from './reports.ts'

/** Numbers of a later round are larger than all of an earlier one. */
const ROUND = 1_000_000
const CREATORS = 2

/**
 * Writes through the seam without end, several writers at once. Each reports a write once it is acknowledged and before it
 * begins the next, so that at any moment at most one write of each is unknown.
 */
export async function writeWithoutEnd(
  { helpdesk }: Services,
  { round, token, userToken, targets }: WriterWork,
  acknowledged: (write: Acknowledged) => void,
): Promise<void> {
  const { users, tickets, logins } = helpdesk
  if (logins === undefined) throw new Error('the embedded helpdesk has logins')
  const agent = await helpdesk.agent(token, LOCAL)

  async function createUsers(writer: number): Promise<void> {
    for (let number = 0; ; number++) {
      const user = {
        login: `kill-${round}-${writer}-${number}`,
        phone: `+331${String(writer)}${String(round * 1000 + number).padStart(7, '0')}`,
        registrationNumber: `R${round}-${writer}-${number}`,
        email: `kill-${round}-${writer}-${number}@example.com`,
      }
      const { email, ...columns } = user
      const id = await users.create(agent, { ...columns, emails: [email], lastname: 'Kill', entityId: 0 })
      acknowledged({ kind: 'user', id, ...user })
    }
  }

  async function changeUser(id: number): Promise<void> {
    for (let number = round * ROUND; ; number++) {
      await users.update(agent, id, { registrationNumber: `N${number}`, mobile: String(number) })
      acknowledged({ kind: 'change', id, number })
    }
  }

  async function createTickets(requesterId: number): Promise<void> {
    for (let number = 0; ; number++) {
      const title = `call ${round}-${number}`
      const ticket = {
        requesterId,
        title,
        description: 'It rang.',
        type: 'incident',
        urgency: 3,
        categoryId: 0,
      } as const
      const { id: ticketId } = await tickets.create(agent, ticket)
      acknowledged({ kind: 'ticket', id: ticketId, title, requesterId })
      const content = `called back ${round}-${number}`
      const { id } = await tickets.addFollowup(agent, { ticketId, content, isPrivate: false })
      acknowledged({ kind: 'followup', id, ticketId, content })
    }
  }

  async function logIn(
    byUserToken: (userToken: string, caller: typeof LOCAL) => Promise<string>,
  ): Promise<void> {
    for (;;) acknowledged({ kind: 'session', token: await byUserToken(userToken, LOCAL) })
  }

  await Promise.all([
    ...Array.from({ length: CREATORS }, (_, writer) => createUsers(writer)),
    ...targets.flatMap((id) => [changeUser(id), createTickets(id)]),
    logIn(logins.byUserToken),
  ])
}
