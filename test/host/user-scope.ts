import { type HostDatabase, numberOf } from './database.ts'
import { readEntities } from './entity-tree.ts'
import type { Session } from './session.ts'

/** The entities that a user is a member of; `expanded` by what lies below the recursive ones. */
export async function userEntities(db: HostDatabase, userId: number, expanded: boolean): Promise<number[]> {
  const rows = await db.rows(
    'select entities_id, is_recursive from glpi_profiles_users where users_id = ? order by id',
    [userId],
  )
  if (!expanded) return rows.map((row) => numberOf(row.entities_id))
  const tree = await readEntities(db)
  return rows.flatMap((row) =>
    row.is_recursive === 1 ? tree.sonsOf(numberOf(row.entities_id)) : [numberOf(row.entities_id)],
  )
}

/** Do the session's entities meet the user's? Seeing takes them expanded, changing does not. */
export async function reachesUser(
  db: HostDatabase,
  session: Session,
  userId: number,
  to: 'see' | 'change',
): Promise<boolean> {
  if (session.showsAllEntities) return true
  const entities = await userEntities(db, userId, to === 'see')
  return entities.some((id) => session.activeEntities.includes(id))
}
