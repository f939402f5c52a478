import { rioKey } from '../domain/rio.ts'
import type { Helpdesk } from '../helpdesk/helpdesk.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  helpdesk: Pick<Helpdesk, 'users'>
}

/**
 * Beside a host, whether a RIO is free and giving it to somebody are not one transaction: the host writes in its own. So
 * where shared RIOs are refused, those who want the same one take turns, and the second finds what the first has written.
 */
export function createRioTurns({ storage, settings, helpdesk }: Dependencies) {
  return async <T>(rio: string | null, work: () => Promise<T>): Promise<T> => {
    const key = rioKey(rio)
    if (key === null || helpdesk.users.within !== undefined) return work()
    const { shared_rios: shared } = await settings.read()
    return shared === 'allowed' ? work() : storage.alone(`rio ${key}`, work)
  }
}
