import { AppError } from '../../server/domain/errors.ts'
import { createEmbeddedHelpdesk } from '../../server/helpdesk/embedded/embedded.ts'
import type { Helpdesk } from '../../server/helpdesk/helpdesk.ts'
import type { SettingsStore } from '../../server/storage/settings.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { asHost } from './as-host.ts'

const refuse = async (): Promise<never> => {
  throw new AppError('done-by-host')
}

/**
 * The helpdesk of a test's storage. Its readings are the same SQL on every helpdesk; beside a host, what the host does by
 * itself is absent, and what goes over its REST API is refused: that has tests of its own.
 */
export function helpdeskOf(storage: Storage, settings: SettingsStore): Helpdesk {
  const embedded = createEmbeddedHelpdesk({ storage, settings, sessionIdleMs: 60_000 })
  if (asHost(storage) === storage) return embedded
  const {
    product,
    admitClient,
    agent,
    starter,
    describe,
    decodeText,
    decodeContent,
    encodeText,
    entityTree,
    profiles,
  } = embedded
  return {
    product,
    admitClient,
    agent,
    starter,
    describe,
    decodeText,
    decodeContent,
    encodeText,
    entityTree,
    profiles: { ...profiles, setRights: refuse },
    users: { create: refuse, update: refuse },
    tickets: { create: refuse, addFollowup: refuse },
  }
}
