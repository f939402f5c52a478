import { DatabaseSync } from 'node:sqlite'
import { KEYS_VERSION } from '../../server/domain/user-identifiers.ts'
import { createSessionStore } from '../../server/helpdesk/embedded/sessions.ts'
import type { NewAccount } from '../../server/helpdesk/helpdesk.ts'
import { openServices } from '../../server/services.ts'
import { EMBEDDED } from '../support/embedded.ts'
import { hostTimeIn, PROFILES, peopleIn } from '../support/people.ts'
import type { Acknowledged } from './reports.ts'

/** Enough for a rebuild to go on in the background, beside the look-ups. */
const PEOPLE = 1500
const AGENTS = 8
const TARGETS = 2
const IDLE_MINUTES = 10_080

/** Somebody who looks callers up. */
export interface TestAgent {
  id: number
  token: string
}

export interface TestPerson {
  id: number
  rio: string
}

/** What the store holds before anything is killed. */
export interface Filling {
  people: TestPerson[]
  agents: TestAgent[]
  /** Has every right; its writes go through the seam. */
  writer: TestAgent & { userToken: string }
  /** Logs in by password. */
  account: NewAccount
  /** Users that the writers change. */
  targets: number[]
}

/** Makes a store with people to find, agents with open sessions, and users to change. */
export const fillStore = (path: string): Promise<Filling> => fillDatabase(`file:${path}`)

/** The same in an empty database. */
export async function fillDatabase(url: string): Promise<Filling> {
  const quiet = { info: () => {}, error: () => {} }
  const services = await openServices(
    { ...EMBEDDED, DATABASE_URL: url, SESSION_IDLE_MINUTES: IDLE_MINUTES },
    quiet,
  )
  const { addUsers } = peopleIn(services.storage)
  const sessions = createSessionStore(services.storage, IDLE_MINUTES * 60_000)
  const everywhere = (profile: number) => [{ entity: 0, recursive: 1 as const, profile }]
  const open = async (id: number, profile: number): Promise<TestAgent> => ({
    id,
    token: await sessions.open({ usersId: id, profilesId: profile, entityId: 0, isRecursive: 1 }),
  })

  const rio = (number: number) => String(7_000_000 + number)
  // In the past, so that what is written later always shows as later.
  const at = hostTimeIn(-3600)
  const people = await addUsers(
    PEOPLE,
    (number) => ({ login: `person-${number}`, rio: rio(number), phone: `01.23.45.${1000 + number}` }),
    { at },
  )
  const targets = await addUsers(TARGETS, (number) => ({ login: `target-${number}` }), { at })
  const technicians = await addUsers(
    AGENTS,
    (number) => ({ login: `agent-${number}`, memberships: everywhere(PROFILES.technician) }),
    { at },
  )
  const userToken = 'a-token-that-opens-sessions'
  const [admin = 0] = await addUsers(
    1,
    () => ({ login: 'writer', api_token: userToken, memberships: everywhere(PROFILES.superAdmin) }),
    { at },
  )
  const agents: TestAgent[] = []
  for (const id of technicians) agents.push(await open(id, PROFILES.technician))
  const writer = { ...(await open(admin, PROFILES.superAdmin)), userToken }
  const account = { login: 'somebody', password: 'a-password-of-somebody' }
  await services.helpdesk.logins?.addAccount(account, 'Technician')
  await services.close()
  return { people: people.map((id, number) => ({ id, rio: rio(number) })), agents, writer, account, targets }
}

/** Makes the index one of other rules, so that the next start rebuilds it. */
export function outdateIndex(path: string): void {
  const db = new DatabaseSync(path)
  db.prepare('update glpi_plugin_callmanager_index set version = ?').run(KEYS_VERSION - 1)
  db.close()
}

/** What the whole run's log is searched for: every token, identifier and number that the test used. */
export function secretsOf(
  { people, agents, writer, account }: Filling,
  acknowledged: readonly Acknowledged[] = [],
): string[] {
  return [
    ...people.map(({ rio }) => rio),
    ...[writer, ...agents].map(({ token }) => token),
    writer.userToken,
    account.password,
    ...acknowledged.flatMap((write) => {
      if (write.kind === 'session') return [write.token]
      return write.kind === 'user' ? [write.phone, write.registrationNumber] : []
    }),
  ]
}
