import type { Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { rightsOf, withRights } from '../../domain/profile-rights.ts'
import { demandRight, missingForConfig, RIGHT_NAMES } from '../../domain/rights.ts'
import { hostTime } from '../../domain/times.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import { lockingEnd } from '../../storage/dialect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Helpdesk } from '../helpdesk.ts'
import { authorOf, createOwnHistory } from '../own-history.ts'
import { rightsTag, selectProfiles, storedRights, whyNotEditable } from '../profiles.ts'

const OURS = ['config', 'access'] as const

/** Gives and takes the rights of ours, as ITSM-NG's form of a profile does. */
export function createProfileWrites(storage: Storage): Pick<Helpdesk['profiles'], 'setRights'> {
  const appendHistory = createOwnHistory(storage, (typed) => typed)

  return {
    async setRights(agent, id, rights, seen) {
      demandRight(missingForConfig(agent.rights))
      await storage.write('full', async (tx) => {
        // All of them, since whether somebody can still administer depends on the others.
        const profiles = await selectProfiles(tx).modifyEnd(lockingEnd(storage.engine)).execute()
        const profile = profiles.find((one) => one.id === id)
        if (profile === undefined) throw new AppError('profile-unknown')
        const before = storedRights(profile)
        demandSeen(seen, rightsTag(before))
        const reason = whyNotEditable(profile)
        if (reason !== null) throw new AppError('value-refused', { field: 'id', detail: reason })
        const after = withRights(before, rights)
        if (rightsOf(before).config.update && !rights.config.update) {
          const others = profiles.filter(
            (one) =>
              one.id !== id && whyNotEditable(one) === null && rightsOf(storedRights(one)).config.update,
          )
          await demandAdministrator(
            tx,
            others.map((one) => one.id),
          )
        }
        const changed = OURS.filter((right) => before[right] !== after[right])
        for (const right of changed) await put(tx, id, RIGHT_NAMES[right], after[right])
        const author = await authorOf(tx, agent)
        await appendHistory(
          tx,
          changed.map((right) => ({
            itemtype: 'Profile',
            itemsId: id,
            author,
            what: RIGHT_NAMES[right],
            from: String(before[right]),
            to: String(after[right]),
          })),
        )
      })
    },
  }
}

/** Throws `last-administrator` unless somebody usable holds one of these profiles. */
async function demandAdministrator(tx: Kysely<Tables>, profileIds: number[]): Promise<void> {
  const now = hostTime(new Date())
  const holder = await tx
    .selectFrom('glpi_profiles_users as held')
    .innerJoin('glpi_users as user', 'user.id', 'held.users_id')
    .select('user.id')
    .where('held.profiles_id', 'in', profileIds.length === 0 ? [-1] : profileIds)
    .where('user.is_active', '=', 1)
    .where('user.is_deleted', '=', 0)
    .where(({ eb, or }) => or([eb('user.begin_date', 'is', null), eb('user.begin_date', '<=', now)]))
    .where(({ eb, or }) => or([eb('user.end_date', 'is', null), eb('user.end_date', '>', now)]))
    .limit(1)
    .executeTakeFirst()
  if (holder === undefined) throw new AppError('last-administrator')
}

async function put(tx: Kysely<Tables>, profileId: number, name: string, rights: number): Promise<void> {
  const [updated] = await tx
    .updateTable('glpi_profilerights')
    .set({ rights })
    .where('profiles_id', '=', profileId)
    .where('name', '=', name)
    .execute()
  if (updated?.numUpdatedRows !== 0n) return
  await tx.insertInto('glpi_profilerights').values({ profiles_id: profileId, name, rights }).execute()
}
