import { hash, randomBytes } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { coalesce } from '../../storage/coalesce.ts'
import type { Storage } from '../../storage/storage.ts'

/** PHP's session ids are 26 of these, which the host's clients know; so are ours: 130 random bits. */
const ALPHABET = 'abcdefghijklmnopqrstuv0123456789'
const LENGTH = 26
const TOKEN = /^[a-v0-9]{26}$/

/** `seen_at` is written at most this often, so that a look-up is not a write. */
const MAX_GRAIN_MS = 60_000

/** Stands for "all entities of the profile" as a session's active entity. */
export const ALL_ENTITIES = -1

export interface SessionRow {
  token_hash: string
  users_id: number
  profiles_id: number
  entities_id: number
  is_recursive: number
  seen_at: number
}

export function createSessionStore(storage: Storage, idleMs: number) {
  const grainMs = Math.min(MAX_GRAIN_MS, idleMs / 10)
  const selectSession = storage.prepare((db, params: { tokenHash: string }) =>
    db
      .selectFrom('glpi_plugin_callmanager_sessions')
      .select(['token_hash', 'users_id', 'profiles_id', 'entities_id', 'is_recursive', 'seen_at'])
      .where('token_hash', '=', params.tokenHash),
  )

  async function read(token: string): Promise<SessionRow> {
    const tokenHash = hash('sha256', token)
    const [session] = await selectSession({ tokenHash })
    const now = Date.now()
    if (session === undefined || now - session.seen_at > idleMs) throw new AppError('session-invalid')
    if (now - session.seen_at > grainMs) {
      await storage.write('normal', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_sessions')
          .set({ seen_at: now })
          .where('token_hash', '=', tokenHash)
          .execute(),
      )
    }
    return session
  }
  const shared = coalesce(read)

  return {
    /** Opens a session; answers its token, of which only the hash is kept. */
    async open(owner: {
      usersId: number
      profilesId: number
      entityId: number
      isRecursive: number
    }): Promise<string> {
      const token = Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
      const now = Date.now()
      await storage.write('full', (tx) =>
        tx
          .insertInto('glpi_plugin_callmanager_sessions')
          .values({
            token_hash: hash('sha256', token),
            users_id: owner.usersId,
            profiles_id: owner.profilesId,
            entities_id: owner.entityId,
            is_recursive: owner.isRecursive,
            created_at: now,
            seen_at: now,
          })
          .execute(),
      )
      return token
    },
    /** The live session of a token. Throws `session-invalid`. */
    async find(token: string): Promise<SessionRow> {
      if (!TOKEN.test(token)) throw new AppError('session-invalid')
      return shared(token)
    },
    /** Makes another profile or entity the active one. */
    async change(
      session: SessionRow,
      to: { profilesId: number; entityId: number; isRecursive: number },
    ): Promise<void> {
      await storage.write('full', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_sessions')
          .set({
            profiles_id: to.profilesId,
            entities_id: to.entityId,
            is_recursive: to.isRecursive,
          })
          .where('token_hash', '=', session.token_hash)
          .execute(),
      )
    },
    async end(token: string): Promise<void> {
      const session = await this.find(token)
      const [result] = await storage.write('full', (tx) =>
        tx
          .deleteFrom('glpi_plugin_callmanager_sessions')
          .where('token_hash', '=', session.token_hash)
          .execute(),
      )
      if (result?.numDeletedRows !== 1n) throw new AppError('session-invalid')
    },
    async purgeExpired(): Promise<void> {
      await storage.write('normal', (tx) =>
        tx
          .deleteFrom('glpi_plugin_callmanager_sessions')
          .where('seen_at', '<', Date.now() - idleMs)
          .execute(),
      )
    },
  }
}

export type SessionStore = ReturnType<typeof createSessionStore>
