import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { UserState } from '../user-state.ts'

interface Line {
  action: 'emailAdded' | 'emailChanged' | 'emailRemoved'
  email: string
}

/** The lines of history that making these a user's addresses would leave; none where they are so already. */
export function emailChanges(stored: UserState['emails'], wanted: readonly string[]): Line[] {
  const before = stored.map(({ email }) => email ?? '')
  const removed = before.filter((email) => !wanted.includes(email))
  const added = wanted.filter((email) => !before.includes(email))
  const [first] = wanted
  const promoted = first !== undefined && before.includes(first) && before[0] !== first ? [first] : []
  return [
    ...removed.map((email): Line => ({ action: 'emailRemoved', email })),
    ...added.map((email): Line => ({ action: 'emailAdded', email })),
    ...promoted.map((email): Line => ({ action: 'emailChanged', email })),
  ]
}

/** Makes these a user's addresses, the first the default one. */
export async function writeEmails(
  tx: Kysely<Tables>,
  usersId: number,
  stored: UserState['emails'],
  wanted: readonly string[],
): Promise<void> {
  const kept = new Map(stored.map(({ id, email }) => [email ?? '', id]))
  for (const [email, id] of kept) {
    // Before anything is added: an address may come back in another letter case, which the unique key folds.
    if (!wanted.includes(email)) await tx.deleteFrom('glpi_useremails').where('id', '=', id).execute()
  }
  for (const [index, email] of wanted.entries()) {
    const is_default = index === 0 ? 1 : 0
    const id = kept.get(email)
    if (id === undefined) {
      await tx.insertInto('glpi_useremails').values({ users_id: usersId, is_default, email }).execute()
    } else {
      await tx.updateTable('glpi_useremails').set({ is_default }).where('id', '=', id).execute()
    }
  }
}
