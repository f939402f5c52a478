import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Kysely } from 'kysely'
import { isUsable } from '../../domain/accounts.ts'
import { type EntityTree, entitiesOf } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { hostTime } from '../../domain/times.ts'
import { putSetting, type SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { demandPassword, loginOf, loginTaken } from '../account-text.ts'
import type { Logins, NewAccount } from '../helpdesk.ts'
import { refuseRemoteDemo } from './demo-accounts.ts'
import { logCreation } from './history.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { ALL_ENTITIES, type SessionStore } from './sessions.ts'

const SETUP_CODE = 'setup_code'
const SETUP_VALID_MS = 30 * 60_000

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  sessions: SessionStore
  entityTree: () => Promise<EntityTree>
}

/** The embedded helpdesk's own accounts: logging in and out, and making the first one. */
export function createLogins({ storage, settings, sessions, entityTree }: Dependencies): Logins {
  const accounts = storage.db.selectFrom('glpi_users').selectAll()

  const heldBy = (usersId: number) =>
    storage.db
      .selectFrom('glpi_profiles_users as held')
      .innerJoin('glpi_profiles as profile', 'profile.id', 'held.profiles_id')
      .select(['profile.id', 'held.entities_id', 'held.is_recursive'])
      .where('held.users_id', '=', usersId)
      .orderBy('profile.name')
      .execute()

  async function openSession(usersId: number): Promise<string> {
    const user = await accounts.where('id', '=', usersId).executeTakeFirstOrThrow()
    const held = await heldBy(usersId)
    // The host's order: the default profile if it is held, else the first by name.
    const profileId = held.some(({ id }) => id === user.profiles_id) ? user.profiles_id : held[0]?.id
    if (profileId === undefined || !isUsable(user, new Date())) throw new AppError('account-refused')
    const entity = startingEntity(
      user.entities_id,
      held.filter(({ id }) => id === profileId),
      await entityTree(),
    )
    const token = await sessions.open({ usersId, profilesId: profileId, ...entity })
    await storage.write('normal', (tx) =>
      tx
        .updateTable('glpi_users')
        .set({ last_login: hostTime(new Date()) })
        .where('id', '=', usersId)
        .execute(),
    )
    return token
  }

  async function insertAccount(
    tx: Kysely<Tables>,
    account: { login: string; passwordHash: string },
    profileId: number,
  ): Promise<number> {
    const at = hostTime(new Date())
    const { insertId } = await tx
      .insertInto('glpi_users')
      .values({
        name: account.login,
        password: account.passwordHash,
        authtype: 1,
        date_mod: at,
        date_creation: at,
      })
      .executeTakeFirstOrThrow()
    const id = Number(insertId)
    await tx
      .insertInto('glpi_profiles_users')
      .values({ users_id: id, profiles_id: profileId, entities_id: 0, is_recursive: 1 })
      .execute()
    await logCreation(tx, { itemtype: 'User', itemsId: id, agentName: 'Call Manager', at })
    return id
  }

  async function profileNamed(name: string): Promise<number> {
    const profiles = await storage.db
      .selectFrom('glpi_profiles')
      .select(['id', 'name'])
      .orderBy('id')
      .execute()
    const found = profiles.find((profile) => profile.name?.toLowerCase() === name.toLowerCase())
    if (found !== undefined) return found.id
    const names = profiles.map((profile) => profile.name).join(', ')
    throw new AppError('value-refused', {
      field: 'profile',
      detail: `there is no profile of this name; there are ${names}`,
    })
  }

  async function prepared({ login, password }: NewAccount): Promise<{ login: string; passwordHash: string }> {
    const trimmed = loginOf(login)
    demandPassword(password)
    return { login: trimmed, passwordHash: await hashPassword(password) }
  }

  async function hasAccounts(db: Kysely<Tables>): Promise<boolean> {
    const found = await db
      .selectFrom('glpi_users')
      .select('id')
      .where('password', 'is not', null)
      .limit(1)
      .execute()
    return found.length > 0
  }

  return {
    async byPassword(login, password, caller) {
      const user = await storage.db
        .selectFrom('glpi_users')
        .select(['id', 'password'])
        .where('name', '=', login)
        .where('authtype', '=', 1)
        .executeTakeFirst()
      if (user !== undefined) refuseRemoteDemo((await settings.read()).demoAccounts, user.id, caller)
      const matches = await verifyPassword(password, user?.password ?? null)
      if (user === undefined || !matches) throw new AppError('login-failed')
      return openSession(user.id)
    },

    async byUserToken(userToken, caller) {
      const candidates = await storage.db
        .selectFrom('glpi_users')
        .select(['id', 'api_token'])
        .where('api_token', '=', userToken)
        .execute()
      // The column's collation folds letter case; a token is compared as it is.
      const user = candidates.find(({ api_token: token }) => token !== null && token === userToken)
      if (user === undefined || userToken === '') throw new AppError('user-token-invalid')
      refuseRemoteDemo((await settings.read()).demoAccounts, user.id, caller)
      return openSession(user.id)
    },

    end: (token) => sessions.end(token),
    async change(token, { profileId, entityId, recursive = true, language }) {
      const session = await sessions.find(token)
      const held = await heldBy(session.users_id)
      const chosen = profileId ?? session.profiles_id
      const rows = held.filter(({ id }) => id === chosen)
      if (rows.length === 0) {
        throw new AppError('value-refused', { field: 'profileId', detail: 'you do not hold this profile' })
      }
      const tree = await entityTree()
      if (entityId !== undefined && entityId !== null && !entitiesOf(rows, tree).has(entityId)) {
        const detail = 'the active profile is not held in this entity'
        throw new AppError('value-refused', { field: 'entityId', detail })
      }
      if (profileId !== undefined || entityId !== undefined) {
        const user = await accounts.where('id', '=', session.users_id).executeTakeFirstOrThrow()
        const entity =
          entityId === undefined
            ? startingEntity(user.entities_id, rows, tree)
            : { entityId: entityId ?? ALL_ENTITIES, isRecursive: recursive ? 1 : 0 }
        await sessions.change(session, { profilesId: chosen, ...entity })
      }
      if (language === undefined) return
      await storage.write('full', (tx) =>
        tx.updateTable('glpi_users').set({ language }).where('id', '=', session.users_id).execute(),
      )
    },
    hasAccounts: () => hasAccounts(storage.db),

    async newSetupCode() {
      const code = randomBytes(24).toString('base64url')
      const value = `${hash('sha256', code)} ${Date.now() + SETUP_VALID_MS}`
      await storage.write('full', (tx) => putSetting(tx, SETUP_CODE, value))
      return code
    },

    async setUp(code, account) {
      const values = await prepared(account)
      const profileId = await profileNamed('Super-Admin')
      const write = storage.write('full', async (tx) => {
        const row = await tx
          .selectFrom('glpi_plugin_callmanager_configs')
          .select('value')
          .where('name', '=', SETUP_CODE)
          .executeTakeFirst()
        const [expected = '', until = '0'] = row?.value?.split(' ') ?? []
        const given = hash('sha256', code)
        const matches =
          expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given))
        if (!matches || Date.now() > Number(until) || (await hasAccounts(tx)))
          throw new AppError('setup-refused')
        // Of several who come at the same time with one code, one uses it up.
        const used = await tx
          .deleteFrom('glpi_plugin_callmanager_configs')
          .where('name', '=', SETUP_CODE)
          .executeTakeFirst()
        if (used.numDeletedRows === 0n) throw new AppError('setup-refused')
        await insertAccount(tx, values, profileId)
      })
      await write.catch(loginTaken)
    },

    async addAccount(account, profileName) {
      const values = await prepared(account)
      const profileId = await profileNamed(profileName)
      return storage.write('full', (tx) => insertAccount(tx, values, profileId)).catch(loginTaken)
    },
  }
}

/** The entity that a session of this profile begins in, in the host's order. */
function startingEntity(
  preferred: number,
  rows: readonly { entities_id: number; is_recursive: number }[],
  tree: EntityTree,
): { entityId: number; isRecursive: number } {
  const root = rows
    .filter((row) => row.entities_id === preferred)
    .sort((one, other) => other.is_recursive - one.is_recursive)[0]
  if (root !== undefined) return { entityId: root.entities_id, isRecursive: root.is_recursive }
  if (entitiesOf(rows, tree).has(preferred)) return { entityId: preferred, isRecursive: 1 }
  return { entityId: ALL_ENTITIES, isRecursive: 0 }
}
