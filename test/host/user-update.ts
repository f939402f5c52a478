import { CRASHED, type HostAnswer, written } from './answers.ts'
import type { SessionCall } from './call.ts'
import { changeColumns, isDuplicate } from './column-writes.ts'
import { numberOf, type Value } from './database.ts'
import { ACTIONS, historyOf } from './history.ts'
import { hasNested, type Input, NO_PERMISSION, readInput, writeRefused } from './input.ts'
import { hasMoreRightsThan, profilesOf } from './powers.ts'
import { hasRight } from './session.ts'
import { columnsIn, historyValue, rewrite, SEARCH_OPTIONS } from './user-columns.ts'
import { writeEmails } from './user-emails.ts'
import { reachesUser, userEntities } from './user-scope.ts'

const UPDATE = 2

const PLAYED = new Set([...Object.keys(SEARCH_OPTIONS), 'id', '_useremails', '_default_email'])

/** What the host drops without a word where the user has more rights than whoever writes. */
const PROTECTED = ['_useremails', 'is_active'] as const

/** What of an input the host goes on with. */
async function heeded(call: SessionCall, userId: number, input: Input): Promise<Input> {
  const { db, session } = call
  const kept = new Map(input)
  const touchesProtected = PROTECTED.some((name) => kept.has(name))
  if (userId !== session.userId && touchesProtected) {
    const above = await hasMoreRightsThan(db, session, await profilesOf(db, userId))
    if (!above) for (const name of PROTECTED) kept.delete(name)
  }
  if (kept.has('entities_id')) {
    const own = await userEntities(db, userId, true)
    if (!own.includes(Number(kept.get('entities_id')))) kept.delete('entities_id')
  }
  if (kept.get('language') === call.config('language')) kept.set('language', 'NULL')
  return kept
}

async function isTaken(
  call: SessionCall,
  userId: number,
  columns: ReadonlyMap<string, Value>,
): Promise<boolean> {
  const name = columns.get('name')
  if (name === undefined) return false
  const other = await call.db.row(
    `select other.id from glpi_users other join glpi_users this
     on other.authtype = this.authtype and other.auths_id = this.auths_id and other.id <> this.id
     where this.id = ? and other.name = ?`,
    [userId, name],
  )
  return other !== undefined
}

/** `PUT User/:id`, as the session's user. That it answers `true` does not mean that all of it was written. */
export async function updateUser(call: SessionCall, userId: number): Promise<HostAnswer> {
  const { db, session, request } = call
  const input = readInput(call, PLAYED)
  const row = await db.row('select * from glpi_users where id = ?', [userId])
  if (row === undefined) throw writeRefused('ERROR_GLPI_UPDATE', null)
  if (!hasRight(session, 'user', UPDATE) || !(await reachesUser(db, session, userId, 'change'))) {
    throw writeRefused('ERROR_GLPI_UPDATE', NO_PERMISSION)
  }
  if (call.nestedInput === 'crashed' && hasNested(input)) return CRASHED
  const kept = await heeded(call, userId, input)
  const columns = columnsIn(kept, call.sanitise)
  if (call.rewrites) rewrite(columns)
  if (await isTaken(call, userId, columns)) {
    if (call.takenLogins === 'refused') throw writeRefused('ERROR_GLPI_UPDATE', '')
    if (call.takenLogins === 'crashed')
      return { status: 500, headers: { 'Content-Type': 'text/html' }, body: '' }
  }

  const log = historyOf(db, session, request.at)
  let complaint = ''
  const place = { table: 'glpi_users', row, at: request.at }
  const changed = await changeColumns(db, place, columns, (error) => {
    if (!isDuplicate(error)) return false
    complaint = error.message
    return true
  })
  for (const { column, from, to } of changed) {
    await log({
      itemtype: 'User',
      id: userId,
      action: ACTIONS.changed,
      option: numberOf(SEARCH_OPTIONS[column]),
      from: await historyValue(db, column, from),
      to: await historyValue(db, column, to),
    })
  }
  await writeEmails(call, log, userId, kept)
  return written(userId, complaint)
}
