import { afterAll, beforeAll, inject } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import type { ServerProcess } from '../kill/server-process.ts'
import { newStore, spawnOn } from '../kill/servers.ts'
import { type HostBeside, makeHostBeside } from '../support/attached.ts'
import { keepOutOfLogs } from '../support/log-check.ts'
import { type MariaDb, startMariaDb } from '../support/mariadb.ts'
import type { LoadAgent, RioTarget } from './load.ts'

const AGENTS = 12
const PEOPLE = 300
const TARGETS = 4

/** Seconds that the host may take for an answer. */
export const HOST_TIMEOUT_S = 2

/** A server in a process of its own beside a host, on a MariaDB that nobody else uses, and all that the load needs. */
export interface AttachedServer extends HostBeside {
  mariadb: MariaDb
  server: ServerProcess
  address: string
  agents: LoadAgent[]
  people: { id: number; rio: string }[]
  targets: RioTarget[]
  /** Where RIOs are kept from now on. */
  keepRiosIn(method: 'custom_table' | 'registration_number'): Promise<void>
}

/** Makes all of that before the tests of the surrounding block, and takes it away after them. */
export function useAttachedServer(name: string): () => AttachedServer {
  let made: AttachedServer | undefined
  beforeAll(async () => {
    made = await make(name)
  })
  afterAll(async () => {
    if (made === undefined) return
    const { server, host, db, mariadb, agents } = made
    keepOutOfLogs(
      inject('runFolder'),
      agents.map(({ token }) => token),
    )
    try {
      await server.end('SIGTERM')
      await host.stop()
      await db.close()
    } finally {
      await mariadb.stop()
    }
  })
  return () => {
    if (made === undefined) throw new Error('it is made before the tests, not before the block')
    return made
  }
}

async function make(name: string): Promise<AttachedServer> {
  const mariadb = await startMariaDb()
  if (mariadb === undefined) throw new Error('MariaDB is not installed')
  const beside = await makeHostBeside(mariadb.socket)
  const { host, db, account, addPerson, setRight } = beside
  await setRight(HOST_PROFILES.technician, 'user', 1055)
  const people = []
  for (let number = 0; number < PEOPLE; number++) {
    // The same in both places, so that they are found wherever RIOs are kept.
    const rio = String(7_000_000 + number)
    const id = await addPerson({
      login: `person${number}`,
      rio,
      registrationNumber: rio,
      memberships: [{ entity: 1 }],
    })
    people.push({ id, rio })
  }
  const targets = []
  for (let number = 0; number < TARGETS; number++) {
    const userId = await addPerson({ login: `target${number}`, memberships: [{ entity: 1 }] })
    targets.push({ userId, acknowledged: '', doubtful: [] })
  }
  const agents = []
  for (let number = 0; number < AGENTS; number++) {
    const login = `agent${number}`
    const id = await addPerson({
      login,
      memberships: [{ profile: HOST_PROFILES.technician, recursive: 1 }],
    })
    agents.push({ id, login, token: await host.logIn(login), sent: 0, answered: 0 })
  }
  const server = await spawnOn(newStore(name).dataDir, {
    DATABASE_URL: account.url,
    HELPDESK_URL: host.url,
    HELPDESK_TIMEOUT_SECONDS: String(HOST_TIMEOUT_S),
  })
  return {
    ...beside,
    mariadb,
    server,
    address: await server.start(),
    agents,
    people,
    targets,
    async keepRiosIn(method) {
      await db.run("delete from glpi_plugin_callmanager_configs where name = 'rio_storage_method'")
      await db.insert('glpi_plugin_callmanager_configs', { name: 'rio_storage_method', value: method })
    },
  }
}
