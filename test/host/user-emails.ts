import { isDuplicate } from './column-writes.ts'
import { type HostDatabase, hostTime, numberOf, type Row, textOf } from './database.ts'
import { ACTIONS, type History } from './history.ts'
import type { Input } from './input.ts'
import { sanitise } from './text.ts'

const LINK = { itemtype: 'User', link: 'UserEmail' } as const

/**
 * Changes a user's addresses as the host's form does: `_useremails` by the id of each, a new one under a negative number,
 * an empty one to be removed. `_default_email` names the default among them; where it is not sent, an address that is
 * sent stops being it.
 */
export async function writeEmails(
  db: HostDatabase,
  log: History,
  { userId, at }: { userId: number; at: Date },
  input: Input,
): Promise<void> {
  const sent = input.get('_useremails')
  if (typeof sent !== 'object' || sent === null) return
  let touched = false
  for (const [key, value] of Object.entries(sent)) {
    const email = sanitise(String(value).trim())
    const isDefault = String(input.get('_default_email') ?? '') === key ? 1 : 0
    const row =
      Number(key) > 0
        ? await db.row('select * from glpi_useremails where id = ? and users_id = ?', [key, userId])
        : undefined
    const written =
      row === undefined
        ? await add(db, log, userId, email, isDefault)
        : await change(db, log, row, email, isDefault)
    touched ||= written
  }
  if (touched) await db.run('update glpi_users set date_mod = ? where id = ?', [hostTime(at), userId])
}

async function add(
  db: HostDatabase,
  log: History,
  userId: number,
  email: string,
  wanted: number,
): Promise<boolean> {
  if (email === '') return false
  const others = await db.row('select count(*) as others from glpi_useremails where users_id = ?', [userId])
  const isDefault = numberOf(others?.others) === 0 ? 1 : wanted
  const id = await db
    .insert('glpi_useremails', { users_id: userId, email, is_default: isDefault })
    .catch((error: unknown) => {
      // The host does not look first, and passes over what the unique key refuses.
      if (isDuplicate(error)) return 0
      throw error
    })
  if (id === 0) return false
  if (isDefault === 1) await unsetOthers(db, userId, id)
  await log({ ...LINK, id: userId, action: ACTIONS.partAdded, to: `${email} (${id})` })
  return true
}

async function change(
  db: HostDatabase,
  log: History,
  row: Row,
  email: string,
  isDefault: number,
): Promise<boolean> {
  const [id, userId, before] = [numberOf(row.id), numberOf(row.users_id), textOf(row.email)]
  if (email === '') {
    await db.run('delete from glpi_useremails where id = ?', [id])
    await log({ ...LINK, id: userId, action: ACTIONS.partRemoved, from: `${before} (${id})` })
    return true
  }
  if (email === before && isDefault === row.is_default) return false
  await db.run('update glpi_useremails set email = ?, is_default = ? where id = ?', [email, isDefault, id])
  if (isDefault === 1) await unsetOthers(db, userId, id)
  const line = { ...LINK, id: userId, action: ACTIONS.partChanged } as const
  if (email !== before) await log({ ...line, from: before, to: email })
  if (isDefault !== row.is_default)
    await log({ ...line, from: textOf(row.is_default), to: String(isDefault) })
  return true
}

async function unsetOthers(db: HostDatabase, userId: number, id: number): Promise<void> {
  await db.run('update glpi_useremails set is_default = 0 where users_id = ? and id <> ?', [userId, id])
}
