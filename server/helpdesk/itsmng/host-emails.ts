import type { UserState } from '../user-state.ts'

/**
 * A user's addresses as the host's form sends them: `_useremails` by id, '' to delete one, and negative numbers for new
 * ones; `_default_email` names the first of them. Empty where nothing changes.
 */
export function emailInput(
  before: UserState['emails'],
  after: readonly string[],
): { _useremails?: Record<string, string>; _default_email?: string } {
  const same = before.length === after.length && before.every(({ email }, index) => email === after[index])
  if (same && (before.length === 0 || before[0]?.is_default === 1)) return {}
  const keys = new Map<string, string>()
  for (const { id, email } of before) if (email !== null) keys.set(email, String(id))
  const inputs: Record<string, string> = {}
  for (const { id, email } of before) inputs[id] = after.includes(email ?? '') ? (email ?? '') : ''
  after.forEach((email, index) => {
    if (keys.has(email)) return
    const key = String(-1 - index)
    keys.set(email, key)
    inputs[key] = email
  })
  const first = after[0] === undefined ? undefined : keys.get(after[0])
  return { _useremails: inputs, ...(first !== undefined && { _default_email: first }) }
}
