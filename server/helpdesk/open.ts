import type { Config } from '../config.ts'
import { migrateHelpdeskTables, migrateOwnTables } from '../storage/migrate.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createEmbeddedHelpdesk } from './embedded/embedded.ts'
import type { Helpdesk } from './helpdesk.ts'

/** Brings the database's tables to this release; refuses one that belongs to a live helpdesk. */
export async function migrate(storage: Storage): Promise<void> {
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
