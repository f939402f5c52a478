import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import { migrateHelpdeskTables, migrateOwnTables } from '../storage/migrate.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createEmbeddedHelpdesk } from './embedded/embedded.ts'
import type { Helpdesk } from './helpdesk.ts'
import { readHost } from './itsmng/host.ts'
import { createItsmngHelpdesk } from './itsmng/itsmng.ts'
import { migrateBesideHost } from './itsmng/migrate-beside.ts'

/** What says which helpdesk it is, how to reach it and its database, and where copies of a predecessor's tables go. */
export type HelpdeskConfig = Pick<
  Config,
  | 'DATA_DIR'
  | 'DATABASE_URL'
  | 'HELPDESK_URL'
  | 'HELPDESK_APP_TOKEN'
  | 'HELPDESK_TIMEOUT_SECONDS'
  | 'SESSION_HOURS'
  | 'SESSION_IDLE_MINUTES'
>

/**
 * Brings the database's tables to this release: beside a host our own only. A host's database without HELPDESK_URL is
 * refused, and so is an account beside a host that lacks a privilege.
 */
export async function migrate(
  storage: Storage,
  { HELPDESK_URL, DATA_DIR }: Pick<HelpdeskConfig, 'HELPDESK_URL' | 'DATA_DIR'>,
): Promise<void> {
  if (HELPDESK_URL !== '') {
    await migrateBesideHost(storage, { DATA_DIR })
    return
  }
  await migrateHelpdeskTables(storage)
  await migrateOwnTables(storage)
}

/**
 * The helpdesk that the settings name. The only place that knows there is more than one kind, but for commands that
 * prepare or examine one (`demo`, `migrate`, `doctor`). Throws `host-unsupported`.
 */
export async function openHelpdesk(
  config: HelpdeskConfig,
  storage: Storage,
  settings: SettingsStore,
  log?: Pick<FastifyBaseLogger, 'error'>,
): Promise<Helpdesk> {
  const { HELPDESK_URL: url, HELPDESK_APP_TOKEN: appToken, SESSION_HOURS: sessionHours } = config
  if (url === '') {
    return createEmbeddedHelpdesk({
      storage,
      settings,
      sessionIdleMs: config.SESSION_IDLE_MINUTES * 60_000,
    })
  }
  return createItsmngHelpdesk({
    storage,
    settings,
    host: await readHost(storage.db),
    url,
    appToken,
    timeoutMs: config.HELPDESK_TIMEOUT_SECONDS * 1000,
    sessionHours,
    onUnconfirmed: (cause) =>
      log?.error({ cause }, 'the helpdesk does not confirm sessions; reading goes on by its last word'),
  })
}
