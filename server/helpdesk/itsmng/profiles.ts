import { AppError } from '../../domain/errors.ts'
import { withRights } from '../../domain/profile-rights.ts'
import { demandRight, missingForConfig, RIGHT_NAMES, UPDATE } from '../../domain/rights.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import type { Storage } from '../../storage/storage.ts'
import { demandProfileRight } from '../dominance.ts'
import type { Agent, Helpdesk } from '../helpdesk.ts'
import { rightsTag, selectProfiles, storedRights, whyNotEditable } from '../profiles.ts'
import type { HostRest } from './rest.ts'

const OURS = ['config', 'access'] as const

interface Options {
  storage: Storage
  rest: HostRest
  tokenOf(agent: Agent): string
}

/** Gives and takes the rights of ours as the host's form of a profile does: the host writes them, as the agent. */
export function createHostProfiles({
  storage,
  rest,
  tokenOf,
}: Options): Pick<Helpdesk['profiles'], 'setRights'> {
  async function readRights(id: number) {
    const profile = await selectProfiles(storage.db).where('profile.id', '=', id).executeTakeFirst()
    if (profile === undefined) throw new AppError('profile-unknown')
    return profile
  }

  return {
    async setRights(agent, id, rights, seen) {
      demandRight(missingForConfig(agent.rights))
      await demandProfileRight(storage.db, agent, 'profile', UPDATE)
      const profile = await readRights(id)
      const before = storedRights(profile)
      demandSeen(seen, rightsTag(before))
      const reason = whyNotEditable(profile)
      if (reason !== null) throw new AppError('value-refused', { field: 'id', detail: reason })
      const after = withRights(before, rights)
      const changed = OURS.filter((right) => before[right] !== after[right])
      if (changed.length === 0) return
      // Whoever administers the host can always give these rights again, so the last one may be taken.
      const input = Object.fromEntries(
        changed.map((right) => [`_${RIGHT_NAMES[right]}`, bitsOf(after[right])]),
      )
      await rest.send('PUT', `Profile/${id}`, tokenOf(agent), input)
      const stored = storedRights(await readRights(id))
      // A host that has never been told of a right ignores it.
      const lost = OURS.find((right) => stored[right] !== after[right])
      if (lost !== undefined) throw new AppError('stored-otherwise', { field: lost })
    },
  }
}

/** The bits that a host's forms know, and more; a list that named every one would be endless. */
const BITS = Array.from({ length: 16 }, (_, at) => 1 << at)

/**
 * A list whose places are bits, those that mean nothing to us included: an object in it would break hosts on PHP 8, and a
 * number is taken for 1.
 */
function bitsOf(rights: number): (0 | 1)[] {
  const held = BITS.filter((bit) => (rights & bit) !== 0)
  return Array.from({ length: Math.max(2, ...held) + 1 }, (_, place) => (held.includes(place) ? 1 : 0))
}
