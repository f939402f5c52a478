import { answer, type HostAnswer, written } from './answers.ts'
import type { SessionCall } from './call.ts'
import { numberOf, type Row, textOf } from './database.ts'
import { type History, historyOf } from './history.ts'
import { type Input, NO_PERMISSION, numberIn, readInput, type WriteError, writeRefused } from './input.ts'
import { phpMap } from './php-json.ts'
import { hasRight } from './session.ts'
import { addEmail, changeEmail } from './user-emails.ts'
import { reachesUser } from './user-scope.ts'

const UPDATE = 2

const PLAYED = new Set(['id', 'users_id', 'email', 'is_default'])

const logOf = ({ db, session, request }: SessionCall): History => historyOf(db, session, request.at)

const emailIn = ({ sanitise }: SessionCall, input: Input, otherwise: string): string =>
  input.has('email') ? sanitise(String(input.get('email')).trim()) : otherwise

async function mayChange({ db, session }: SessionCall, userId: number): Promise<boolean> {
  return hasRight(session, 'user', UPDATE) && (await reachesUser(db, session, userId, 'change'))
}

/** `POST UserEmail`. Unlike `_useremails` it leaves the user's `date_mod` alone: history alone tells of it. */
export async function createUserEmail(call: SessionCall): Promise<HostAnswer> {
  const input = readInput(call, PLAYED)
  const userId = numberIn(input, 'users_id', 0)
  if (!(await mayChange(call, userId))) throw writeRefused('ERROR_GLPI_ADD', NO_PERMISSION)
  const email = emailIn(call, input, '')
  const id = await addEmail(call.db, logOf(call), userId, email, numberIn(input, 'is_default', 0))
  if (id === 0) throw writeRefused('ERROR_GLPI_ADD', '')
  return answer(phpMap({ id, message: `Item successfully added: ${email}` }), 201, {
    location: `${call.apiUrl}/UserEmail/${id}`,
  })
}

async function demandEmail(call: SessionCall, id: number, code: WriteError): Promise<Row> {
  const row = await call.db.row('select * from glpi_useremails where id = ?', [id])
  if (row === undefined) throw writeRefused(code, null)
  if (await mayChange(call, numberOf(row.users_id))) return row
  throw writeRefused(code, NO_PERMISSION)
}

/** `PUT UserEmail/:id`. */
export async function updateUserEmail(call: SessionCall, id: number): Promise<HostAnswer> {
  const input = readInput(call, PLAYED)
  const row = await demandEmail(call, id, 'ERROR_GLPI_UPDATE')
  const email = emailIn(call, input, textOf(row.email))
  await changeEmail(call.db, logOf(call), row, email, numberIn(input, 'is_default', numberOf(row.is_default)))
  return written(id)
}

/** `DELETE UserEmail/:id`. */
export async function deleteUserEmail(call: SessionCall, id: number): Promise<HostAnswer> {
  const row = await demandEmail(call, id, 'ERROR_GLPI_DELETE')
  await changeEmail(call.db, logOf(call), row, '', 0)
  return written(id)
}
