import type { UserState } from '../user-state.ts'
import type { HostRest } from './rest.ts'

interface EmailSteps {
  add: { email: string; isDefault: boolean }[]
  /** The id of one that is there and is to be the first. */
  prefer: number | null
  remove: number[]
}

/** What makes a user's addresses these, the default one first. */
export function emailSteps(before: UserState['emails'], after: readonly string[]): EmailSteps {
  const [first] = after
  const known = new Map(before.map((row) => [row.email, row]))
  const preferred = first === undefined ? undefined : known.get(first)
  return {
    add: after.filter((email) => !known.has(email)).map((email) => ({ email, isDefault: email === first })),
    prefer: preferred === undefined || preferred.is_default === 1 ? null : preferred.id,
    remove: before.filter(({ email }) => !after.includes(email ?? '')).map(({ id }) => id),
  }
}

export function changesEmails({ add, prefer, remove }: EmailSteps): boolean {
  return add.length > 0 || prefer !== null || remove.length > 0
}

/**
 * Takes these steps as the agent, each an item of the host's own: within a change of the user, its form's field for them
 * breaks hosts on PHP 8. New ones come first, so that the user has a default address at any time.
 */
export async function writeHostEmails(
  rest: HostRest,
  token: string,
  usersId: number,
  { add, prefer, remove }: EmailSteps,
): Promise<void> {
  for (const { email, isDefault } of add) {
    await rest.send('POST', 'UserEmail', token, { users_id: usersId, email, is_default: isDefault ? 1 : 0 })
  }
  if (prefer !== null) await rest.send('PUT', `UserEmail/${prefer}`, token, { is_default: 1 })
  for (const id of remove) await rest.send('DELETE', `UserEmail/${id}`, token, { id })
}
