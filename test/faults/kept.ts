import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import { createHostText } from '../../server/helpdesk/itsmng/host-text.ts'
import { isCurrent, selectPosition } from '../../server/identifiers/position.ts'
import { compareUsers, readKeyRules } from '../../server/identifiers/refresh.ts'
import { createSettings } from '../../server/storage/settings.ts'
import { openStorage } from '../../server/storage/storage.ts'
import { API } from '../support/app.ts'
import type { AttachedServer } from './attached-server.ts'
import type { Load, RioTarget, TicketKey } from './load.ts'

const MANY = 1_000_000

/** RIOs that are neither what was acknowledged last nor what was in doubt since. */
async function lostRios({ db, targets }: AttachedServer): Promise<string[]> {
  const lost: string[] = []
  for (const target of targets) {
    const row = await db.row(
      `select registration_number, rio_number from glpi_users
       left join glpi_plugin_callmanager_users on users_id = glpi_users.id where glpi_users.id = ?`,
      [target.userId],
    )
    const told = [row?.registration_number, row?.rio_number].map((value) => value ?? '')
    if (!told.some((value) => isExplained(String(value), target))) {
      lost.push(`of ${target.userId}: ${JSON.stringify(target)}, and there is ${told.join(' and ')}`)
    }
  }
  return lost
}

function isExplained(stored: string, { acknowledged, doubtful }: RioTarget): boolean {
  return stored === acknowledged || doubtful.includes(stored)
}

/** Keys whose ticket is not there, is there twice, or is half there. */
async function wrongTickets({ db }: AttachedServer, tickets: readonly TicketKey[]): Promise<string[]> {
  const rows = await db.rows(
    `select ticket.id, ticket.name, requester.users_id as requester from glpi_tickets ticket
     left join glpi_tickets_users requester on requester.tickets_id = ticket.id and requester.type = 1`,
  )
  const made = Map.groupBy(rows, ({ name }) => name)
  return tickets.flatMap(({ title, id, requesterId }) => {
    const found = made.get(title) ?? []
    if (id === 0) return found.length <= 1 ? [] : [`${title} is there ${found.length} times`]
    const [ticket] = found
    if (found.length === 1 && ticket?.id === id && ticket.requester === requesterId) return []
    return [`${title} is acknowledged as ${id}, and there is ${JSON.stringify(found)}`]
  })
}

/** Agents of whom the journal lacks an answered look-up, or holds one that was never asked. */
export async function miscounted({ db, agents }: AttachedServer): Promise<string[]> {
  const rows = await db.rows(
    'select users_id, count(*) as count from glpi_plugin_callmanager_lookups group by users_id',
  )
  const counts = new Map(rows.map((row) => [row.users_id, Number(row.count)]))
  return agents.flatMap(({ id, login, sent, answered }) => {
    const count = counts.get(id) ?? 0
    if (count >= answered && count <= sent) return []
    return [`${login}: ${sent} sent, ${answered} answered, ${count} in the journal`]
  })
}

/** How the index differs from the rows, once a look-up has brought it to now. */
export async function indexDifferences({ account, address, agents, people }: AttachedServer) {
  const [agent] = agents
  const answer = await fetch(`${address}${API}/users/${people[0]?.rio}`, {
    headers: { 'session-token': agent?.token ?? '' },
  })
  if (agent !== undefined) {
    agent.sent++
    agent.answered++
  }
  const storage = await openStorage(account.rootUrl)
  try {
    const settings = createSettings(storage)
    const rules = await readKeyRules({
      storage,
      settings,
      entityTree: createEntityTree(storage),
      decodeText: createHostText('named').decode,
    })
    const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
    const { missing, surplus } = await compareUsers(storage.db, { after: 0, upTo: MANY }, rules)
    return { status: answer.status, current: isCurrent(position), missing, surplus }
  } finally {
    await storage.close()
  }
}

/** Everything that was acknowledged and is not as it was acknowledged. */
export async function lostWrites(server: AttachedServer, { tickets }: Load) {
  return { rios: await lostRios(server), tickets: await wrongTickets(server, tickets) }
}

/** What the process holds: connections to the database, and memory that is of use, in MB. */
export async function held({ db, account, server }: AttachedServer) {
  const row = await db.row('select count(*) as count from information_schema.processlist where user = ?', [
    account.name.split('@')[0],
  ])
  return { connections: Number(row?.count), memory: Math.round((await server.heapUsed()) / 2 ** 20) }
}
