import { afterAll, beforeAll, inject } from 'vitest'
import { rightsStatements } from '../../server/helpdesk/itsmng/rights-statements.ts'
import { parseAccount } from '../../server/storage/database-account.ts'
import { grantStatements, grantsOnSomeHosts } from '../../server/storage/host-grants.ts'
import { migrateOwnTables } from '../../server/storage/migrate.ts'
import { openStorage } from '../../server/storage/storage.ts'
import { type Host, startHost } from '../host/host.ts'
import { HOST_PROFILES, type HostPerson } from '../host/people.ts'
import { type SeededHost, type SeedOptions, seedHost } from '../host/seed.ts'
import { startApp, type TestApp } from './app.ts'
import { newRestrictedAccount, type RestrictedAccount } from './restricted-account.ts'

/** Everybody whom the tests tell of, beside those whom they add. */
const PEOPLE = {
  alice: {
    login: 'alice',
    lastname: 'Martin',
    memberships: [{ profile: HOST_PROFILES.superAdmin, recursive: 1 }],
  },
  bob: { login: 'bob', lastname: 'Tech', memberships: [{ profile: HOST_PROFILES.technician, entity: 1 }] },
  charlie: {
    login: 'charlie',
    lastname: 'Observer',
    memberships: [{ profile: HOST_PROFILES.observer, recursive: 1 }],
  },
} as const satisfies Record<string, HostPerson>

/** An ITSM-NG with Site A (1) and Site B (2), and an account on its database that may do what ours must and no more. */
export interface HostBeside extends SeededHost {
  host: Host
  account: RestrictedAccount
  ids: Record<keyof typeof PEOPLE, number>
}

/** The same with our app attached to it. */
export interface Attached extends HostBeside {
  app: TestApp
  /** Asks as somebody who has logged in at the host, by the Session-Token that this gave. */
  as(login: string): Promise<{ token: string; ask: TestApp['ask'] }>
}

type Settings = Parameters<typeof startApp>[0]

interface Options extends SeedOptions {
  /** False for a host without entities and people of its own. */
  people?: boolean
}

/**
 * Makes all of that before the tests of the surrounding block, and takes it away after them; that fails where the host was
 * asked what no host is known to answer. The block is to be skipped where no MariaDB is installed.
 */
export function useAttached(seed: Options = {}, settings: Settings = {}): () => Attached {
  let attached: Attached | undefined
  beforeAll(async () => {
    attached = await attach(seed, settings)
  })
  afterAll(async () => {
    if (attached === undefined) return
    const { app, db, host, account } = attached
    try {
      await app.close()
      await db.close()
      await host.stop()
    } finally {
      await account.remove()
    }
  })
  return () => {
    if (attached === undefined) throw new Error('it is made before the tests, not before the block')
    return attached
  }
}

/** Makes a host on a MariaDB, with all that its administrator does before Call Manager starts beside it. */
export async function makeHostBeside(
  socket: string,
  { people = true, ...seed }: Options = {},
): Promise<HostBeside> {
  const account = await newRestrictedAccount(socket)
  const seeded = await seedHost(account.rootUrl, seed)
  const ids = { alice: 0, bob: 0, charlie: 0 }
  if (people) {
    await seeded.addEntity('Site A')
    await seeded.addEntity('Site B')
    ids.alice = await seeded.addPerson(PEOPLE.alice)
    ids.bob = await seeded.addPerson(PEOPLE.bob)
    ids.charlie = await seeded.addPerson(PEOPLE.charlie)
  }
  await asAdministrator(account)
  // A technician looks callers up and writes their RIOs.
  await seeded.setRight(HOST_PROFILES.technician, 'plugin_callmanager_access', 3)
  return { ...seeded, host: await startHost({ databaseUrl: account.rootUrl }), account, ids }
}

async function attach(seed: Options, settings: Settings): Promise<Attached> {
  const beside = await makeHostBeside(inject('mariadbSocket'), seed)
  const { host, account } = beside
  const app = await startApp({ DATABASE_URL: account.url, HELPDESK_URL: host.url, ...settings }, false)
  return {
    ...beside,
    app,
    async as(login) {
      const token = await host.logIn(login)
      return { token, ask: (url, options = {}) => app.askAs(token, url, options) }
    },
  }
}

/** What `callmanager migrate --print | mariadb` does. */
export async function asAdministrator({ rootUrl, database, name, asRoot }: RestrictedAccount): Promise<void> {
  const storage = await openStorage(rootUrl)
  try {
    await migrateOwnTables(storage)
  } finally {
    await storage.close()
  }
  const grantee = parseAccount(name)
  for (const statement of [
    ...rightsStatements(),
    ...grantStatements(database, grantee),
    ...grantsOnSomeHosts(database, grantee),
  ]) {
    await asRoot(statement)
  }
}
