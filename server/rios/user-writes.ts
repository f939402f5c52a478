import type { Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { NewUser, UserChange } from '../../contract/users.ts'
import { AppError } from '../domain/errors.ts'
import { CREATE, demandRight, missingForUserWrite } from '../domain/rights.ts'
import { readRio } from '../domain/rio-value.ts'
import { hostTime } from '../domain/times.ts'
import { demandSeen, type Seen } from '../domain/version-tag.ts'
import type { Agent, GuardedUser, Helpdesk, UserChange as HelpdeskChange } from '../helpdesk/helpdesk.ts'
import type { SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { DemandRioFree } from './policy.ts'
import { createRioTurns } from './rio-turns.ts'
import { demandStorable } from './stored-rio.ts'

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
  policy(): Promise<DemandRioFree>
}

/** Creates and changes people with an eye on the RIO, which is one of their own columns in two of the three methods. */
export function createUserEdits({ storage, settings, helpdesk, policy }: Dependencies) {
  const inTurn = createRioTurns({ storage, settings, helpdesk })

  /** In one transaction where the helpdesk's tables are ours to write; else one after the other. */
  async function createWith(
    agent: Agent,
    user: Parameters<Helpdesk['users']['create']>[1],
    rio: string | null,
    method: RioStorageMethod,
  ): Promise<number> {
    const { users } = helpdesk
    if (rio !== null && method === 'custom_table') demandStorable(rio, helpdesk)
    return inTurn({ rio }, async () => {
      // Within the turn: whom a host made in the one before, though its answer was lost, only the index tells.
      const demandRioFree = await policy()
      const before = async (tx: Kysely<Tables>) => {
        if (rio !== null) await demandRioFree(tx, { usersId: 0, rio, method })
      }
      const after = async (tx: Kysely<Tables>, usersId: number) => {
        if (rio === null) return
        if (method === 'custom_table') await insertRio(tx, usersId, helpdesk.encodeText(rio))
        await demandRioFree(tx, { usersId, rio, method })
      }
      const { within } = users
      if (within !== undefined) {
        return storage.write('full', async (tx) => {
          await before(tx)
          const id = await within(tx).create(agent, user)
          await after(tx, id)
          return id
        })
      }
      await storage.write('full', before)
      const id = await users.create(agent, user)
      await storage.write('full', (tx) => after(tx, id))
      return id
    })
  }

  return {
    /** Creates a user as this agent, with a RIO if there is one; answers the new id. */
    async create(agent: Agent, { rio: typed, password, ...fields }: NewUser): Promise<number> {
      // Hashing is dear, so whoever may not is turned away before it.
      demandRight(missingForUserWrite(agent.rights, CREATE))
      const { rio_storage_method: method } = await settings.read()
      const wanted = typed === undefined || typed.trim() === '' ? null : readRio(typed)
      const columns = wanted === null ? fields : withRio(fields, wanted, method)
      const user = {
        ...columns,
        login: columns.login ?? '',
        entityId: fields.entityId ?? agent.entityId,
        ...(password !== undefined && { passwordHash: await hashed(helpdesk, password) }),
      }
      const rio = method === 'custom_table' ? wanted : rioOf(user, method)
      return createWith(agent, user, rio, method)
    },

    /** Changes a user as this agent who has seen this state of them. */
    async update(
      agent: Agent,
      usersId: number,
      { changesRio = false, ...change }: UserChange,
      seen: Seen,
    ): Promise<void> {
      const { rio_storage_method: method } = await settings.read()
      const rio = rioOf(change, method)
      const guard =
        (demandRioFree: DemandRioFree) =>
        async (tx: Kysely<Tables>, user: GuardedUser): Promise<void> => {
          demandSeen(seen, user.tag)
          if (rio === null || rio === rioOf(user, method)) return
          if (method === 'name' && !changesRio) {
            throw new AppError('value-refused', {
              field: 'changesRio',
              detail: 'the login is the RIO; to change both, say so',
            })
          }
          await demandRioFree(tx, { usersId, rio, method })
        }
      await inTurn({ usersId, rio }, async () =>
        helpdesk.users.update(agent, usersId, change, guard(await policy())),
      )
    },
  }
}

export type UserEdits = ReturnType<typeof createUserEdits>

/** The columns with the RIO among them. Throws `value-refused` where two fields say two things of one column. */
function withRio<Fields extends Pick<NewUser, 'login' | 'registrationNumber'>>(
  fields: Fields,
  rio: string,
  method: RioStorageMethod,
): Fields {
  if (method === 'custom_table') return fields
  const field = method === 'name' ? 'login' : 'registrationNumber'
  const said = fields[field]?.trim()
  if (said === undefined || said === rio) return { ...fields, [field]: rio }
  throw new AppError('value-refused', { field, detail: 'RIOs are kept in this field, and it says another' })
}

/** The RIO that stands in the columns themselves; null where it does not, or where they do not say. */
function rioOf(
  { login, registrationNumber }: Pick<HelpdeskChange, 'login' | 'registrationNumber'>,
  method: RioStorageMethod,
): string | null {
  const rio = method === 'name' ? login : method === 'registration_number' ? registrationNumber : undefined
  return rio === undefined ? null : rio.trim()
}

async function hashed({ accounts }: Helpdesk, password: string): Promise<string> {
  if (accounts === undefined) throw new AppError('done-by-host')
  return accounts.hashPassword(password)
}

async function insertRio(tx: Kysely<Tables>, usersId: number, rio: string): Promise<void> {
  const at = hostTime(new Date())
  await tx
    .insertInto('glpi_plugin_callmanager_users')
    .values({ users_id: usersId, rio_number: rio, date_creation: at, date_mod: at })
    .execute()
}
