import type { Call } from './call.ts'
import { isDuplicate } from './column-writes.ts'
import { type HostDatabase, hostTime, numberOf, type Row, textOf } from './database.ts'
import { ACTIONS, type History } from './history.ts'
import type { Input } from './input.ts'

const LINK = { itemtype: 'User', link: 'UserEmail' } as const

/**
 * Changes a user's addresses as the host's form does: `_useremails` by the id of each, a new one under a negative number,
 * an empty one to be removed. `_default_email` names the default among them; where it is not sent, an address that is
 * sent stops being it.
 */
export async function writeEmails(
  { db, sanitise, request }: Call,
  log: History,
  userId: number,
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
        ? (await addEmail(db, log, userId, email, isDefault)) > 0
        : await changeEmail(db, log, row, email, isDefault)
    touched ||= written
  }
  if (touched) await db.run('update glpi_users set date_mod = ? where id = ?', [hostTime(request.at), userId])
}

/** Adds an address, which is the default one where it is the first; answers its id, 0 where nothing was added. */
export async function addEmail(
  db: HostDatabase,
  log: History,
  userId: number,
  email: string,
  wanted: number,
): Promise<number> {
  if (email === '') return 0
  const others = await db.row('select count(*) as others from glpi_useremails where users_id = ?', [userId])
  const isDefault = numberOf(others?.others) === 0 ? 1 : wanted
  const id = await db
    .insert('glpi_useremails', { users_id: userId, email, is_default: isDefault })
    .catch(passOver)
  if (id === 0) return 0
  if (isDefault === 1) await unsetOthers(db, userId, id)
  await log({ ...LINK, id: userId, action: ACTIONS.partAdded, to: `${email} (${id})` })
  return id
}

/** Changes an address, or removes it where it is empty; answers whether there was anything to do. */
export async function changeEmail(
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
  const place = [email, isDefault, id]
  await db.run('update glpi_useremails set email = ?, is_default = ? where id = ?', place).catch(passOver)
  if (isDefault === 1) await unsetOthers(db, userId, id)
  const line = { ...LINK, id: userId, action: ACTIONS.partChanged } as const
  if (email !== before) await log({ ...line, from: before, to: email })
  if (isDefault !== row.is_default)
    await log({ ...line, from: textOf(row.is_default), to: String(isDefault) })
  return true
}

/** The host does not look first, and passes over what the unique key refuses. */
function passOver(error: unknown): number {
  if (isDuplicate(error)) return 0
  throw error
}

async function unsetOthers(db: HostDatabase, userId: number, id: number): Promise<void> {
  await db.run('update glpi_useremails set is_default = 0 where users_id = ? and id <> ?', [userId, id])
}
