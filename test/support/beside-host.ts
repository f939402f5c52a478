import type { Storage } from '../../server/storage/storage.ts'
import { type Host, startHost } from '../host/host.ts'
import type { createHostCopies } from './host-copies.ts'
import { emptyTables } from './storages.ts'

/** The stand-in host that a test's app is attached to. */
export interface BesideHost {
  settings: { DATABASE_URL: string; HELPDESK_URL: string }
  host: Host
  /** The database as the host itself opens it. */
  storage: Storage
  /** Takes it away again; throws where the host was asked what no host is known to answer. */
  remove(): Promise<void>
}

/** Starts a host on a database of its own: with the people of the tests, or with nobody. */
export async function startBesideHost(
  copies: ReturnType<typeof createHostCopies>,
  filled: boolean,
): Promise<BesideHost> {
  const { url, rootUrl, storage, giveBack } = await copies.take()
  if (!filled) await emptyTables(storage)
  const host = await startHost({ databaseUrl: rootUrl })
  return {
    settings: { DATABASE_URL: url, HELPDESK_URL: host.url },
    host,
    storage,
    async remove() {
      await host.stop()
      giveBack()
    },
  }
}
