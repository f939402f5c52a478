import type { Insertable, Kysely, Updateable } from 'kysely'
import { buildEntityTree, scopeOf } from '../../server/domain/entities.ts'
import { NO_RIGHTS, type Rights } from '../../server/domain/rights.ts'
import { hostTime } from '../../server/domain/times.ts'
import type { Agent, Caller } from '../../server/helpdesk/helpdesk.ts'
import type { Storage } from '../../server/storage/storage.ts'
import type { Tables } from '../../server/storage/tables.ts'
import { asHost } from './as-host.ts'

/** ITSM-NG's profiles by the ids they are seeded with. */
export const PROFILES = { selfService: 1, superAdmin: 4, technician: 6, readOnly: 8 } as const

/** How the host writes: when its request started, and whether it kept a line of history. */
export interface HostWrite {
  /** `YYYY-MM-DD HH:MM:SS`, UTC; this second where missing. */
  at?: string
  /** False for a write that leaves `date_mod` as its only trace. */
  logged?: boolean
}

type UserColumns = Omit<Insertable<Tables['glpi_users']>, 'name' | 'date_mod' | 'date_creation'>

export interface TestUser extends Partial<UserColumns> {
  login: string
  /** The RIO of our own table. */
  rio?: string | null
  emails?: (string | { email: string; isDefault: 0 | 1 })[]
  /** One in the root entity, not recursive, where missing. */
  memberships?: { entity: number; recursive?: 0 | 1; profile?: number }[]
}

/** `seconds` from now, as the host writes time. */
export function hostTimeIn(seconds: number): string {
  return hostTime(new Date(Date.now() + seconds * 1000))
}

/** Adds history lines straight into the host's table. */
export async function addLogLines(
  tx: Kysely<Tables>,
  usersIds: readonly number[],
  at: string,
): Promise<void> {
  await tx
    .insertInto('glpi_logs')
    .values(
      usersIds.map((id) => ({
        itemtype: 'User',
        items_id: id,
        user_name: 'Alice (2)',
        date_mod: at,
        old_value: '',
        new_value: '',
      })),
    )
    .execute()
}

async function addMemberships(
  tx: Kysely<Tables>,
  id: number,
  memberships: NonNullable<TestUser['memberships']>,
): Promise<void> {
  for (const { entity, recursive = 0, profile = PROFILES.selfService } of memberships) {
    await tx
      .insertInto('glpi_profiles_users')
      .values({ users_id: id, profiles_id: profile, entities_id: entity, is_recursive: recursive })
      .execute()
  }
}

/** Writes people straight into the tables, as the host would. */
export function peopleIn(storage: Storage) {
  const host = asHost(storage)

  async function addUser(
    user: TestUser,
    { at = hostTimeIn(0), logged = true }: HostWrite = {},
  ): Promise<number> {
    const { login, rio, emails = [], memberships = [{ entity: 0 }], ...columns } = user
    return host.write('normal', async (tx) => {
      const { insertId } = await tx
        .insertInto('glpi_users')
        .values({ authtype: 1, ...columns, name: login, date_mod: at, date_creation: at })
        .executeTakeFirstOrThrow()
      const id = columns.id ?? Number(insertId)
      await addMemberships(tx, id, memberships)
      for (const entry of emails) {
        const { email, isDefault } = typeof entry === 'string' ? { email: entry, isDefault: 0 } : entry
        await tx
          .insertInto('glpi_useremails')
          .values({ users_id: id, email, is_default: isDefault })
          .execute()
      }
      if (rio !== undefined) {
        await tx
          .insertInto('glpi_plugin_callmanager_users')
          .values({ users_id: id, rio_number: rio, date_creation: at, date_mod: at })
          .execute()
      }
      if (logged) await addLogLines(tx, [id], at)
      return id
    })
  }

  return {
    addUser,
    /** Adds many plain users at once: `login` and columns by number, all of one second. */
    async addUsers(
      count: number,
      user: (number: number) => TestUser,
      { at = hostTimeIn(0), logged = true }: HostWrite = {},
    ) {
      const first = await host.write('normal', async (tx) => {
        const { id } = await tx
          .selectFrom('glpi_users')
          .select(({ fn }) => fn.max('id').as('id'))
          .executeTakeFirstOrThrow()
        return (id ?? 0) + 1
      })
      const users = Array.from({ length: count }, (_, index) => ({ ...user(index), id: first + index }))
      const columns = users.flatMap((one) => Object.keys(one)) as (keyof TestUser)[]
      const plain = [...new Set(columns)].filter(
        (name) => !['login', 'rio', 'emails', 'memberships'].includes(name),
      ) as (keyof UserColumns)[]
      await host.write('normal', async (tx) => {
        const rows = users.map((one) => ({
          ...Object.fromEntries(plain.map((name) => [name, one[name] ?? null])),
          name: one.login,
          authtype: 1,
          date_mod: at,
          date_creation: at,
        })) as Insertable<Tables['glpi_users']>[]
        await host.insertMany(tx, 'glpi_users', rows)
        await host.insertMany(
          tx,
          'glpi_profiles_users',
          users.flatMap((one) =>
            (one.memberships ?? [{ entity: 0 }]).map(
              ({ entity, recursive = 0, profile = PROFILES.selfService }) => ({
                users_id: one.id,
                profiles_id: profile,
                entities_id: entity,
                is_recursive: recursive,
              }),
            ),
          ),
        )
        const rios = users.flatMap((one) =>
          one.rio === undefined
            ? []
            : [{ users_id: one.id, rio_number: one.rio, date_creation: at, date_mod: at }],
        )
        await host.insertMany(tx, 'glpi_plugin_callmanager_users', rios)
        if (logged) {
          const lines = users.map(({ id }) => ({ itemtype: 'User', items_id: id, date_mod: at }))
          await host.insertMany(tx, 'glpi_logs', lines as Insertable<Tables['glpi_logs']>[])
        }
      })
      return users.map(({ id }) => id)
    },
    /** Changes columns, `date_mod` and, unless told otherwise, the history: what saving a user's form does. */
    async changeUser(
      id: number,
      change: Updateable<Tables['glpi_users']>,
      { at = hostTimeIn(0), logged = true }: HostWrite = {},
    ): Promise<void> {
      await host.write('normal', async (tx) => {
        await tx
          .updateTable('glpi_users')
          .set({ ...change, date_mod: at })
          .where('id', '=', id)
          .execute()
        if (logged) await addLogLines(tx, [id], at)
      })
    },
    /** A new number in a transaction that began a minute ago and is open until it is released. */
    async changePhoneLate(id: number, phone: string) {
      const written = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      const committed = host.write('normal', async (tx) => {
        const at = hostTimeIn(-60)
        await tx.updateTable('glpi_users').set({ phone, date_mod: at }).where('id', '=', id).execute()
        await addLogLines(tx, [id], at)
        written.resolve()
        await released.promise
      })
      await written.promise
      return { released, committed }
    },
    /** Purging takes the user's history along; nothing is left that would tell of it. */
    async purgeUser(id: number): Promise<void> {
      await host.write('normal', async (tx) => {
        await tx.deleteFrom('glpi_users').where('id', '=', id).execute()
        await tx.deleteFrom('glpi_profiles_users').where('users_id', '=', id).execute()
        await tx.deleteFrom('glpi_useremails').where('users_id', '=', id).execute()
        await tx.deleteFrom('glpi_logs').where('itemtype', '=', 'User').where('items_id', '=', id).execute()
      })
    },
    /** Writes a RIO as the predecessor does: its own row, no history. */
    async setRio(usersId: number, rio: string | null, { at = hostTimeIn(0) }: HostWrite = {}): Promise<void> {
      await host.write('normal', async (tx) => {
        const [updated] = await tx
          .updateTable('glpi_plugin_callmanager_users')
          .set({ rio_number: rio, date_mod: at })
          .where('users_id', '=', usersId)
          .execute()
        if (updated?.numUpdatedRows === 1n) return
        await tx
          .insertInto('glpi_plugin_callmanager_users')
          .values({ users_id: usersId, rio_number: rio, date_creation: at, date_mod: at })
          .execute()
      })
    },
    /** Gives a profile this much of a right. */
    async setRight(profile: number, name: string, rights: number): Promise<void> {
      await host.write('normal', async (tx) => {
        await tx
          .deleteFrom('glpi_profilerights')
          .where('profiles_id', '=', profile)
          .where('name', '=', name)
          .execute()
        await tx.insertInto('glpi_profilerights').values({ profiles_id: profile, name, rights }).execute()
      })
    },
    /** Makes these the memberships of somebody, and no others. */
    async setMemberships(id: number, memberships: NonNullable<TestUser['memberships']>): Promise<void> {
      await host.write('normal', async (tx) => {
        await tx.deleteFrom('glpi_profiles_users').where('users_id', '=', id).execute()
        await addMemberships(tx, id, memberships)
      })
    },
    async addEntity(id: number, name: string, parent = 0): Promise<number> {
      await host.write('normal', (tx) =>
        tx
          .insertInto('glpi_entities')
          .values({ id, name, entities_id: parent, completename: name, date_mod: null })
          .execute(),
      )
      return id
    },
    async addLocation(name: string): Promise<number> {
      const { insertId } = await host.write('normal', (tx) =>
        tx.insertInto('glpi_locations').values({ name, completename: name }).executeTakeFirstOrThrow(),
      )
      return Number(insertId)
    },
    /** An agent whose session covers these entities, and no others. */
    async agent(entities: 'all' | readonly number[], rights: Rights, id = 1): Promise<Agent> {
      const tree = buildEntityTree(
        await storage.db.selectFrom('glpi_entities').select(['id', 'entities_id']).execute(),
      )
      const covered = entities === 'all' ? tree.withDescendants(0) : entities
      return {
        id,
        name: `Agent (${id})`,
        sessionKey: `session of ${id}`,
        profileId: PROFILES.technician,
        rights,
        scope: scopeOf(covered, tree),
        entityId: covered[0] ?? 0,
        isRecursive: false,
        impersonatorId: null,
      }
    },
  }
}

export type People = ReturnType<typeof peopleIn>

/** Super-Admin's rights: Alice's. */
export const EVERYTHING: Rights = { access: 3, config: 2, user: 7327, ticket: 261_151, followup: 15_383 }
/** Technician's rights: Bob's. */
export const TECHNICIAN: Rights = { access: 1, config: 0, user: 1055, ticket: 166_919, followup: 13_319 }
/** Charlie's. */
export const NOTHING = NO_RIGHTS

/** A request from this machine. */
export const LOCAL: Caller = { address: '127.0.0.1', forwarded: false, appToken: undefined }
