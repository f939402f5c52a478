import type { Config } from '../config.ts'
import { migrateHelpdeskTables, migrateOwnTables } from '../storage/migrate.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createEmbeddedHelpdesk } from './embedded/embedded.ts'
import type { Helpdesk } from './helpdesk.ts'
import { migrateBesideHost } from './itsmng/migrate-beside.ts'

/**
 * Brings the database's tables to this release: beside a host our own only. A host's database without HELPDESK_URL is
 * refused, and so is an account beside a host that lacks a privilege.
 */
export async function migrate(
  storage: Storage,
  { HELPDESK_URL = '', DATA_DIR = 'data' }: Partial<Pick<Config, 'HELPDESK_URL' | 'DATA_DIR'>> = {},
): Promise<void> {
  if (HELPDESK_URL !== '') {
    await migrateBesideHost(storage, { DATA_DIR })
    return
  }
  await migrateHelpdeskTables(storage)
  await migrateOwnTables(storage)
}

/** The helpdesk that the settings name. The only place, but for the demo, that knows there is more than one kind. */
export function openHelpdesk(
  config: Pick<Config, 'SESSION_IDLE_MINUTES'>,
  storage: Storage,
  settings: SettingsStore,
): Helpdesk {
  return createEmbeddedHelpdesk({ storage, settings, sessionIdleMs: config.SESSION_IDLE_MINUTES * 60_000 })
}
