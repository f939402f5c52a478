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
 * Beside a host, what is checked and what it then writes are not one transaction: it writes in its own. So those who change
 * one person take turns, and the second finds the state that the first has left; and where shared RIOs are refused, so do
 * those who want the same one.
 */
export function createRioTurns({ storage, settings, helpdesk }: Dependencies) {
  return async <T>(
    { usersId, rio }: { usersId?: number; rio: string | null },
    work: () => Promise<T>,
  ): Promise<T> => {
    if (helpdesk.users.within !== undefined) return work()
    const key = rioKey(rio)
    const refused = key !== null && (await settings.read()).shared_rios === 'refused'
    const names = [...(usersId === undefined ? [] : [`user ${usersId}`]), ...(refused ? [`rio ${key}`] : [])]
    return names.length === 0 ? work() : storage.alone(names, work)
  }
}
