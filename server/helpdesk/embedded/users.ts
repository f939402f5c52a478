import type { Kysely } from 'kysely'
import type { HeldProfile } from '../../../contract/users.ts'
import { isUsable } from '../../domain/accounts.ts'
import { AppError } from '../../domain/errors.ts'
import { CREATE, DELETE, demandRight, missingForUserWrite, UPDATE } from '../../domain/rights.ts'
import { hostTime } from '../../domain/times.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { emailsOf, loginTaken } from '../account-text.ts'
import { demandPowerOver } from '../dominance.ts'
import { demandGrantable } from '../grantable.ts'
import type { Agent, Helpdesk, NewUser, UserChange, UserGuard } from '../helpdesk.ts'
import { changedColumns, demandOwnership, givesPower } from '../user-changes.ts'
import { columnsOf, demandPlaces, historyValue, type UserColumns } from '../user-columns.ts'
import { demandUserInScope } from '../user-gate.ts'
import { readUserState, userTag } from '../user-state.ts'
import { logCreation, logFieldChange, logPart, logRemoval, USER_SEARCH_OPTIONS } from './history.ts'
import { insertMembership } from './memberships.ts'
import { emailChanges, writeEmails } from './user-emails.ts'

/** Writes users of the embedded helpdesk as ITSM-NG would: rights, scope, history lines, `date_mod`. */
export function createUserWrites(storage: Storage): Helpdesk['users'] {
  return {
    create: (agent, user) => storage.write('full', (tx) => create(tx, agent, user)),
    update: (agent, usersId, change, guard) =>
      storage.write('full', (tx) => update(tx, agent, usersId, change, guard)),
    within: (tx) => ({
      create: (agent, user) => create(tx, agent, user),
      update: (agent, usersId, change, guard) => update(tx, agent, usersId, change, guard),
    }),
  }
}

/** Everything is checked before the first write, whose unique key is the last check. */
async function create(tx: Kysely<Tables>, agent: Agent, user: NewUser): Promise<number> {
  demandRight(missingForUserWrite(agent.rights, CREATE))
  const { profiles, passwordHash, emails = [], ...fields } = user
  const columns = columnsOf(fields)
  const addresses = emailsOf(emails)
  await demandPlaces(tx, agent, columns)
  if (profiles !== undefined) await demandGrantable(tx, agent, profiles)
  const held = profiles ?? (await defaultProfile(tx, agent, user.entityId))

  const at = hostTime(new Date())
  const { insertId } = await tx
    .insertInto('glpi_users')
    .values({
      ...columns,
      ...(passwordHash !== undefined && { password: passwordHash }),
      authtype: 1,
      date_mod: at,
      date_creation: at,
    })
    .executeTakeFirstOrThrow()
    .catch(loginTaken)
  const id = Number(insertId)
  for (const profile of held) await insertMembership(tx, id, profile)
  await writeEmails(tx, id, [], addresses)
  await logCreation(tx, { itemtype: 'User', itemsId: id, agentName: agent.name, at })
  return id
}

/** The host's rule: without a profile of one's choice a new user holds the default one, or only whoever is at the root may. */
async function defaultProfile(tx: Kysely<Tables>, agent: Agent, entityId: number): Promise<HeldProfile[]> {
  const profile = await tx
    .selectFrom('glpi_profiles')
    .select('id')
    .where('is_default', '=', 1)
    .orderBy('id')
    .executeTakeFirst()
  if (profile !== undefined) return [{ profileId: profile.id, entityId, recursive: false }]
  if (agent.scope.entities.has(0)) return []
  throw new AppError('value-refused', {
    field: 'profiles',
    detail: 'there is no default profile, so one is to be chosen',
  })
}

async function update(
  tx: Kysely<Tables>,
  agent: Agent,
  usersId: number,
  change: UserChange,
  guard?: UserGuard,
): Promise<void> {
  demandRight(missingForUserWrite(agent.rights, UPDATE))
  if (change.deleted === false) demandRight(missingForUserWrite(agent.rights, DELETE))
  const columns = columnsOf(change)
  const addresses = change.emails === undefined ? undefined : emailsOf(change.emails)
  await holdUser(tx, usersId)
  await demandUserInScope(tx, agent, usersId, 'change')
  const before = await readUserState(tx, usersId)
  await guard?.(tx, {
    login: before.user.name ?? '',
    registrationNumber: before.user.registration_number ?? '',
    authtype: before.user.authtype,
    tag: userTag(before),
  })

  const changed = changedColumns(before.user, columns)
  const emails = addresses === undefined ? [] : emailChanges(before.emails, addresses)
  const fields = Object.keys(changed) as (keyof UserColumns)[]
  if (fields.length === 0 && emails.length === 0) return
  demandOwnership(before.user.authtype, fields, emails.length > 0)
  if (emails.length > 0 || givesPower(changed)) {
    await demandPowerOver(tx, agent, usersId, before.memberships)
  }
  await demandPlaces(tx, agent, changed)
  const after = { ...before.user, ...changed }
  const locked = !isUsable(after, new Date())
  if (locked && usersId === agent.id) {
    throw new AppError('value-refused', { field: 'enabled', detail: 'you would lock yourself out' })
  }

  const at = hostTime(new Date())
  await tx
    .updateTable('glpi_users')
    .set({ ...changed, date_mod: at })
    .where('id', '=', usersId)
    .execute()
    .catch(loginTaken)
  if (addresses !== undefined && emails.length > 0) await writeEmails(tx, usersId, before.emails, addresses)
  // Reading the account live ends them too, but not for good: it may be unlocked before they are forgotten.
  if (locked) await endSessions(tx, usersId)

  const line = { itemtype: 'User', itemsId: usersId, agentName: agent.name, at } as const
  for (const column of fields) {
    if (column === 'is_deleted') await logRemoval(tx, line, 'restored')
    else {
      await logFieldChange(tx, {
        ...line,
        searchOption: USER_SEARCH_OPTIONS[column],
        from: await historyValue(tx, column, before.user[column]),
        to: await historyValue(tx, column, after[column]),
      })
    }
  }
  for (const { action, email } of emails) await logPart(tx, line, action, email)
}

/** Holds the row until the commit, so that of two who edit what they have both read, the second finds it changed. */
export async function holdUser(tx: Kysely<Tables>, usersId: number): Promise<void> {
  await tx
    .updateTable('glpi_users')
    // A column without an index, so that SQLite, which needs no lock, has next to nothing to write.
    .set(({ ref }) => ({ is_deleted: ref('is_deleted') }))
    .where('id', '=', usersId)
    .execute()
}

export async function endSessions(
  tx: Kysely<Tables>,
  usersId: number,
  except: string | null = null,
): Promise<void> {
  let sessions = tx.deleteFrom('glpi_plugin_callmanager_sessions').where('users_id', '=', usersId)
  if (except !== null) sessions = sessions.where('token_hash', '<>', except)
  await sessions.execute()
}
