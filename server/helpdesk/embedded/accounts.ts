import type { Kysely } from 'kysely'
import type { HeldProfile } from '../../../contract/users.ts'
import { isDirectoryOwned } from '../../domain/accounts.ts'
import { AppError } from '../../domain/errors.ts'
import { DELETE, demandRight, missingForUserWrite, PURGE, UPDATE } from '../../domain/rights.ts'
import { hostTime } from '../../domain/times.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import type { SettingsStore } from '../../storage/settings.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { demandPassword } from '../account-text.ts'
import { demandPowerOver } from '../dominance.ts'
import { demandGrantable } from '../grantable.ts'
import type { Accounts, Agent, Caller } from '../helpdesk.ts'
import { demandUserInScope } from '../user-gate.ts'
import { readUserState, userTag } from '../user-state.ts'
import { isFromThisMachine } from './demo-accounts.ts'
import { logPart, logRemoval } from './history.ts'
import { describeMembership, insertMembership } from './memberships.ts'
import { hashPassword } from './passwords.ts'
import { endSessions, holdUser } from './users.ts'

/** Passwords, profiles and the bin of the embedded helpdesk. */
export function createAccounts(storage: Storage, settings: SettingsStore): Accounts {
  /** What the world can log in to on this machine is not for others to change. */
  async function refuseRemote(caller: Caller, usersId: number): Promise<void> {
    const { demoAccounts } = await settings.read()
    if (!demoAccounts.has(usersId) || isFromThisMachine(caller)) return
    throw new AppError('right-missing', { detail: 'demo accounts are managed from this machine only' })
  }

  async function checkedHash(password: string): Promise<string> {
    demandPassword(password)
    return hashPassword(password)
  }

  return {
    hashPassword: checkedHash,

    async setPassword(agent, caller, usersId, password) {
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      // Hashing is dear, so whoever may not is turned away before it; what counts is checked again in the transaction.
      await demandUserInScope(storage.db, agent, usersId, 'change')
      await refuseRemote(caller, usersId)
      const passwordHash = await checkedHash(password)
      const at = hostTime(new Date())
      await storage.write('full', async (tx) => {
        await holdUser(tx, usersId)
        await demandUserInScope(tx, agent, usersId, 'change')
        const { user, memberships } = await readUserState(tx, usersId)
        if (isDirectoryOwned(user.authtype)) throw new AppError('directory-owned', { field: 'password' })
        await demandPowerOver(tx, agent, usersId, memberships)
        await tx
          .updateTable('glpi_users')
          .set({ password: passwordHash, date_mod: at })
          .where('id', '=', usersId)
          .execute()
        await endSessions(tx, usersId, agent.sessionKey)
      })
    },

    async setProfiles(agent, usersId, wanted, seen = '*') {
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      const at = hostTime(new Date())
      await storage.write('full', async (tx) => {
        await holdUser(tx, usersId)
        await demandUserInScope(tx, agent, usersId, 'change')
        const state = await readUserState(tx, usersId)
        demandSeen(seen, userTag(state))
        const stored = state.memberships.map((row) => ({ id: row.id, ...toHeldProfile(row) }))
        // The rows outside the scope are none of this agent's business.
        const within = new Map(
          stored.filter(({ entityId }) => agent.scope.entities.has(entityId)).map((row) => [keyOf(row), row]),
        )
        const future = new Map(wanted.map((profile) => [keyOf(profile), profile]))
        // Who sends back what was read names those as well that are held above the scope.
        const held = new Set(stored.map(keyOf))
        const added = [...future].filter(([key]) => !held.has(key)).map(([, profile]) => profile)
        const removed = [...within].filter(([key]) => !future.has(key)).map(([, profile]) => profile)
        if (added.length === 0 && removed.length === 0) return
        await demandGrantable(tx, agent, [...added, ...removed])
        demandOwnProfileKept(agent, usersId, removed)

        const line = { itemtype: 'User', itemsId: usersId, agentName: agent.name, at } as const
        for (const profile of removed) {
          // By what it says rather than by its id: the table has no unique key, and the same may stand there twice.
          await tx
            .deleteFrom('glpi_profiles_users')
            .where('users_id', '=', usersId)
            .where('profiles_id', '=', profile.profileId)
            .where('entities_id', '=', profile.entityId)
            .where('is_recursive', '=', profile.recursive ? 1 : 0)
            .execute()
          await logPart(tx, line, 'profileRemoved', await describeMembership(tx, profile))
        }
        for (const profile of added) {
          await insertMembership(tx, usersId, profile)
          await logPart(tx, line, 'profileAdded', await describeMembership(tx, profile))
        }
        await tx.updateTable('glpi_users').set({ date_mod: at }).where('id', '=', usersId).execute()
      })
    },

    async bin(agent, caller, usersId) {
      demandRight(missingForUserWrite(agent.rights, DELETE))
      await refuseRemote(caller, usersId)
      const at = hostTime(new Date())
      await storage.write('full', async (tx) => {
        await demandDeletable(tx, agent, usersId)
        const binned = await tx
          .updateTable('glpi_users')
          .set({ is_deleted: 1, date_mod: at })
          .where('id', '=', usersId)
          .where('is_deleted', '=', 0)
          .executeTakeFirst()
        if (binned.numUpdatedRows === 0n) return
        await endSessions(tx, usersId)
        await logRemoval(tx, { itemtype: 'User', itemsId: usersId, agentName: agent.name, at }, 'deleted')
      })
    },

    async purge(agent, caller, usersId) {
      demandRight(missingForUserWrite(agent.rights, PURGE))
      await refuseRemote(caller, usersId)
      const at = hostTime(new Date())
      await storage.write('full', async (tx) => {
        await demandDeletable(tx, agent, usersId)
        await endSessions(tx, usersId)
        // In the host's order: the row, then what belongs to it. Who once wrote a ticket stays named there by id.
        await tx.deleteFrom('glpi_users').where('id', '=', usersId).execute()
        for (const table of OWNED) await tx.deleteFrom(table).where('users_id', '=', usersId).execute()
        await logRemoval(tx, { itemtype: 'User', itemsId: usersId, agentName: agent.name, at }, 'deleted')
      })
    },
  }
}

/** What goes with a user. The index follows the line of history. */
const OWNED = [
  'glpi_useremails',
  'glpi_profiles_users',
  'glpi_groups_users',
  'glpi_tickets_users',
  'glpi_plugin_callmanager_users',
] as const satisfies (keyof Tables)[]

async function demandDeletable(tx: Kysely<Tables>, agent: Agent, usersId: number): Promise<void> {
  await holdUser(tx, usersId)
  await demandUserInScope(tx, agent, usersId, 'delete')
  if (usersId === agent.id) {
    throw new AppError('value-refused', { field: 'id', detail: 'nobody deletes themselves' })
  }
  const { memberships } = await readUserState(tx, usersId)
  await demandPowerOver(tx, agent, usersId, memberships)
}

/**
 * Nobody takes from themselves the profile that they act by. So whoever may configure Call Manager cannot be the last one
 * to go: others who could remove them have, by dominance, that right themselves.
 */
function demandOwnProfileKept(agent: Agent, usersId: number, removed: readonly HeldProfile[]): void {
  if (usersId !== agent.id || !removed.some(({ profileId }) => profileId === agent.profileId)) return
  throw new AppError('value-refused', {
    field: 'profiles',
    detail: 'nobody takes from themselves the profile that they act by',
  })
}

function toHeldProfile(row: { profiles_id: number; entities_id: number; is_recursive: number }): HeldProfile {
  return { profileId: row.profiles_id, entityId: row.entities_id, recursive: row.is_recursive === 1 }
}

function keyOf({ profileId, entityId, recursive }: HeldProfile): string {
  return `${profileId}/${entityId}/${recursive}`
}
