import { randomBytes } from 'node:crypto'
import { copyProfile } from './active-profile.ts'
import { type HostDatabase, hostTime, numberOf, type Row, textOf } from './database.ts'
import { type HostEntities, readEntities } from './entity-tree.ts'
import type { HeldEntity, Session } from './session.ts'
import { shownPath } from './text.ts'

const ALPHABET = '0123456789abcdefghijklmnopqrstuv'

/** A session id as PHP makes it. */
function newToken(): string {
  return Array.from(randomBytes(26), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

/** Is this an account that may log in now? */
export function isUsable(user: Row, at: Date): boolean {
  const [begin, end, now] = [textOf(user.begin_date), textOf(user.end_date), hostTime(at)]
  return (
    user.is_active === 1 &&
    user.is_deleted === 0 &&
    (begin === '' || begin <= now) &&
    (end === '' || end > now)
  )
}

/** The profiles of a user by name, each with its entities; where one is held twice in an entity the recursive row wins. */
async function heldProfiles(db: HostDatabase, userId: number): Promise<Session['profiles']> {
  const rows = await db.rows(
    `select p.id, p.name, e.id as entities_id, e.name as entity, held.is_recursive
     from glpi_profiles_users held
     join glpi_profiles p on p.id = held.profiles_id
     join glpi_entities e on e.id = held.entities_id
     where held.users_id = ? order by p.name, e.completename`,
    [userId],
  )
  const profiles = new Map<number, { name: string; entities: Map<number, HeldEntity> }>()
  for (const row of rows) {
    const profile = profiles.get(numberOf(row.id)) ?? { name: textOf(row.name), entities: new Map() }
    const id = numberOf(row.entities_id)
    const isRecursive = numberOf(row.is_recursive)
    if (profile.entities.get(id)?.isRecursive !== 1) {
      profile.entities.set(id, { id, name: textOf(row.entity), isRecursive })
    }
    profiles.set(numberOf(row.id), profile)
  }
  return profiles
}

interface Place {
  active: number
  recursive: number | true
  entities: number[]
  parents: number[]
  isWhole: boolean
}

/** Where a login lands: in the default entity where the profile reaches it, else in all that the profile gives. */
function placeOf(tree: HostEntities, held: ReadonlyMap<number, HeldEntity>, wanted: number): Place {
  const root = held.get(wanted)
  const above = tree.ancestorsOf(wanted).some((id) => held.get(id)?.isRecursive === 1)
  if (root !== undefined || above) {
    const recursive = root === undefined ? true : root.isRecursive
    return {
      active: wanted,
      recursive,
      entities: recursive ? tree.sonsOf(wanted) : [wanted],
      parents: tree.ancestorsOf(wanted),
      isWhole: false,
    }
  }
  const roots = [...held.values()]
  return {
    active: roots[0]?.id ?? 0,
    recursive: roots[0]?.isRecursive ?? 0,
    entities: [...new Set(roots.flatMap(({ id, isRecursive }) => (isRecursive ? tree.sonsOf(id) : [id])))],
    parents: [...new Set(roots.flatMap(({ id }) => tree.ancestorsOf(id)))],
    isWhole: true,
  }
}

/** The groups of a user that are visible from the active entities. */
async function groupsOf(db: HostDatabase, userId: number, { entities, parents }: Place): Promise<number[]> {
  const rows = await db.rows(
    `select g.id, g.entities_id, g.is_recursive from glpi_groups_users gu join glpi_groups g on g.id = gu.groups_id
     where gu.users_id = ? order by g.id`,
    [userId],
  )
  return rows
    .filter(
      ({ entities_id: entity, is_recursive: recursive }) =>
        entities.includes(numberOf(entity)) || (recursive === 1 && parents.includes(numberOf(entity))),
    )
    .map((row) => numberOf(row.id))
}

/** Makes a session of what is true now (host-contract §2, "Login computation"); undefined for somebody without a profile. */
export async function openSession(
  db: HostDatabase,
  config: (name: string) => string,
  user: Row,
  kind: Session['kind'],
  at: Date,
): Promise<Session | undefined> {
  const userId = numberOf(user.id)
  const profiles = await heldProfiles(db, userId)
  const preferred = numberOf(user.profiles_id)
  const profileId = profiles.has(preferred) ? preferred : [...profiles.keys()][0]
  const held = profileId === undefined ? undefined : profiles.get(profileId)
  if (profileId === undefined || held === undefined) return undefined

  const tree = await readEntities(db)
  const place = placeOf(tree, held.entities, numberOf(user.entities_id))
  const profile = await copyProfile(db, profileId, held.entities)
  const suffix = place.isWhole ? ' (full structure)' : place.recursive ? ' (tree structure)' : ''
  await db.run('update glpi_users set last_login = ?, date_mod = ? where id = ?', [
    hostTime(at),
    hostTime(at),
    userId,
  ])
  return {
    token: newToken(),
    kind,
    startedAt: at,
    userId,
    login: textOf(user.name),
    realname: user.realname === null ? null : textOf(user.realname),
    firstname: user.firstname === null ? null : textOf(user.firstname),
    defaultEntity: numberOf(user.entities_id),
    authtype: numberOf(user.authtype),
    language: textOf(user.language) || config('language'),
    listLimit: user.list_limit === null ? config('list_limit') : numberOf(user.list_limit),
    setsDefaultTechnician: numberOf(user.set_default_tech ?? config('set_default_tech')) === 1,
    profiles,
    profileId,
    interface: profile.interface,
    activeProfile: profile.shown,
    rights: profile.rights,
    activeEntities: place.entities,
    parentEntities: place.parents,
    activeEntity: place.active,
    activeEntityRecursive: place.recursive,
    activeEntityName: shownPath(tree.completenameOf(place.active)) + suffix,
    activeEntityShortName: tree.nameOf(place.active) + suffix,
    showsAllEntities: place.entities.length === tree.size,
    groups: await groupsOf(db, userId, place),
    impersonatorId: null,
  }
}
