import { type HostDatabase, numberOf, textOf } from './database.ts'
import { hasRight, type Session } from './session.ts'

const CREATE = 4

interface Profile {
  interface: string
  rights: Map<string, number>
}

async function readProfiles(db: HostDatabase): Promise<Map<number, Profile>> {
  const profiles = new Map<number, Profile>()
  for (const row of await db.rows('select id, interface from glpi_profiles')) {
    profiles.set(numberOf(row.id), { interface: textOf(row.interface), rights: new Map() })
  }
  for (const row of await db.rows('select profiles_id, name, rights from glpi_profilerights')) {
    profiles.get(numberOf(row.profiles_id))?.rights.set(textOf(row.name), numberOf(row.rights))
  }
  return profiles
}

function dominates(session: Session, other: Profile): boolean {
  if (other.interface === 'helpdesk') return true
  if (session.interface !== 'central') return false
  return [...other.rights].every(([name, bits]) => (bits & ~(session.rights.get(name) ?? 0)) === 0)
}

/** "More rights than" these profiles (host-contract §2); of none at all only somebody above every profile is. */
export async function hasMoreRightsThan(
  db: HostDatabase,
  session: Session,
  profileIds: readonly number[],
): Promise<boolean> {
  if (hasRight(session, 'profile', CREATE)) return true
  const profiles = await readProfiles(db)
  const asked = profileIds.length === 0 ? [...profiles.keys()] : profileIds
  return asked.every((id) => {
    const profile = profiles.get(id)
    return profile !== undefined && dominates(session, profile)
  })
}

/** The profiles that a user holds. */
export async function profilesOf(db: HostDatabase, userId: number): Promise<number[]> {
  const rows = await db.rows('select distinct profiles_id from glpi_profiles_users where users_id = ?', [
    userId,
  ])
  return rows.map((row) => numberOf(row.profiles_id))
}
