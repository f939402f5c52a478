import { hostTime } from '../../domain/accounts.ts'
import { canChangeUser } from '../../domain/entities.ts'
import { AppError } from '../../domain/errors.ts'
import { CREATE, demandRight, missingForUserWrite, UPDATE } from '../../domain/rights.ts'
import { isUniqueViolation } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agent, Helpdesk, NewUser, UserChange } from '../helpdesk.ts'
import { logCreation, logFieldChange, USER_SEARCH_OPTIONS } from './history.ts'

const MAX_LENGTH = 255

const COLUMNS = {
  login: 'name',
  lastname: 'realname',
  firstname: 'firstname',
  phone: 'phone',
  phone2: 'phone2',
  mobile: 'mobile',
  registrationNumber: 'registration_number',
} as const satisfies Record<keyof UserChange, keyof typeof USER_SEARCH_OPTIONS>

type UserColumn = (typeof COLUMNS)[keyof UserChange]

function demandFit(field: string, value: string): void {
  if ([...value].length <= MAX_LENGTH) return
  throw new AppError('value-refused', { field, detail: `it is longer than ${MAX_LENGTH} characters` })
}

/** The columns to write, checked: a value that does not fit is refused, never cut. */
function columnsOf(user: UserChange): [column: UserColumn, value: string][] {
  const columns: [UserColumn, string][] = []
  for (const [field, column] of Object.entries(COLUMNS) as [keyof UserChange, UserColumn][]) {
    const value = user[field]
    if (value === undefined) continue
    demandFit(field, value)
    if (field === 'login' && value.trim() === '') {
      throw new AppError('value-refused', { field, detail: 'a login cannot be empty' })
    }
    columns.push([column, value])
  }
  return columns
}

function taken(error: unknown): never {
  if (isUniqueViolation(error))
    throw new AppError('conflict', { field: 'login', detail: 'the login is in use' })
  throw error
}

/** Writes users of the embedded helpdesk as ITSM-NG would: rights, scope, history line, `date_mod`. */
export function createUserWrites(storage: Storage): Helpdesk['users'] {
  return {
    async create(agent: Agent, user: NewUser): Promise<number> {
      demandRight(missingForUserWrite(agent.rights, CREATE))
      if (!agent.scope.entities.has(user.entityId)) {
        throw new AppError('value-refused', {
          field: 'entityId',
          detail: 'the entity lies outside your scope',
        })
      }
      const { entityId, email, ...columns } = user
      const values = columnsOf(columns)
      if (email !== undefined) demandFit('email', email)
      const at = hostTime(new Date())
      const insert = storage.write('full', async (tx) => {
        const { insertId } = await tx
          .insertInto('glpi_users')
          .values({
            ...Object.fromEntries(values),
            entities_id: entityId,
            authtype: 1,
            date_mod: at,
            date_creation: at,
          })
          .executeTakeFirstOrThrow()
        const id = Number(insertId)
        const profile = await tx
          .selectFrom('glpi_profiles')
          .select('id')
          .where('is_default', '=', 1)
          .orderBy('id')
          .executeTakeFirst()
        if (profile !== undefined) {
          await tx
            .insertInto('glpi_profiles_users')
            .values({ users_id: id, profiles_id: profile.id, entities_id: entityId, is_recursive: 0 })
            .execute()
        }
        if (email)
          await tx.insertInto('glpi_useremails').values({ users_id: id, is_default: 1, email }).execute()
        await logCreation(tx, { itemtype: 'User', itemsId: id, agentName: agent.name, at })
        return id
      })
      return insert.catch(taken)
    },

    async update(agent: Agent, usersId: number, change: UserChange): Promise<void> {
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      const values = columnsOf(change)
      const at = hostTime(new Date())
      const update = storage.write('full', async (tx) => {
        const before = await tx
          .selectFrom('glpi_users')
          .select(['name', 'realname', 'firstname', 'phone', 'phone2', 'mobile', 'registration_number'])
          .where('id', '=', usersId)
          .executeTakeFirst()
        const memberships = await tx
          .selectFrom('glpi_profiles_users')
          .select(['entities_id', 'is_recursive'])
          .where('users_id', '=', usersId)
          .execute()
        // Out of scope is told as "not there": who asks must not learn that the user exists.
        if (before === undefined || !canChangeUser(agent.scope, memberships))
          throw new AppError('user-unknown')
        const changed = values.filter(([column, value]) => (before[column] ?? '') !== value)
        if (changed.length === 0) return
        await tx
          .updateTable('glpi_users')
          .set({ ...Object.fromEntries(changed), date_mod: at })
          .where('id', '=', usersId)
          .execute()
        for (const [column, to] of changed) {
          await logFieldChange(tx, {
            itemtype: 'User',
            itemsId: usersId,
            agentName: agent.name,
            at,
            searchOption: USER_SEARCH_OPTIONS[column],
            from: before[column] ?? '',
            to,
          })
        }
      })
      await update.catch(taken)
    },
  }
}
