import { answer, type HostAnswer, refusal } from './answers.ts'
import type { SessionCall } from './call.ts'
import { numberOf, type Row, textOf } from './database.ts'
import { type PhpValue, phpList, phpMap } from './php-json.ts'
import { hasRight } from './session.ts'
import { reachesUser } from './user-scope.ts'

const READ = 1

/** What the host never shows of a user. */
const UNDISCLOSED = new Set(['password', 'personal_token', 'api_token', 'cookie_token'])

/** Columns that lead somewhere, with the type of what they lead to. */
const LINKS: Record<string, string> = {
  locations_id: 'Location',
  profiles_id: 'Profile',
  entities_id: 'Entity',
  usertitles_id: 'UserTitle',
  usercategories_id: 'UserCategory',
  groups_id: 'Group',
  users_id_supervisor: 'User',
  users_id: 'User',
}

function linksOf(row: Row, apiUrl: string): PhpValue[] {
  return Object.entries(row).flatMap(([column, value]) => {
    const type = LINKS[column]
    const leads = typeof value === 'number' && (value > 0 || column === 'entities_id')
    return type !== undefined && leads ? [phpMap({ rel: type, href: `${apiUrl}/${type}/${value}` })] : []
  })
}

/** Reads a user whom the session may see, or refuses as the host does: first whether there is one at all. */
async function demandUser({ db, session, apiUrl }: SessionCall, id: number): Promise<Row> {
  const row = await db.row('select * from glpi_users where id = ?', [id])
  if (row === undefined) throw refusal('ERROR_ITEM_NOT_FOUND', apiUrl)
  if (hasRight(session, 'user', READ) && (await reachesUser(db, session, id, 'see'))) return row
  throw refusal('ERROR_RIGHT_MISSING', apiUrl)
}

/** `GET User/:id`: every column but the secret ones, as stored. */
export async function showUser(call: SessionCall, id: number): Promise<HostAnswer> {
  const row = await demandUser(call, id)
  const shown = Object.entries(row).filter(([column]) => !UNDISCLOSED.has(column))
  const documents = phpMap({
    rel: 'Document_Item',
    href: `${call.apiUrl}/User/${id}/Document_Item/`,
  })
  const links = phpList([...linksOf(row, call.apiUrl), documents])
  const modified = textOf(row.date_mod)
  return answer(
    new Map<string, PhpValue>([...shown, ['links', links]]),
    200,
    modified === '' ? {} : { 'Last-Modified': new Date(`${modified.replace(' ', 'T')}Z`).toUTCString() },
  )
}

/** `GET User/:id/UserEmail`: a page as long as the session's lists are. */
export async function showUserEmails(call: SessionCall, id: number): Promise<HostAnswer> {
  await demandUser(call, id)
  const rows = await call.db.rows('select * from glpi_useremails where users_id = ? order by id', [id])
  const [first, last] = rangeOf(call)
  const page = rows.slice(first, last + 1)
  const end = Math.min(last, rows.length - 1)
  const shown = page.map((row) => {
    const links = phpList(linksOf(row, call.apiUrl))
    return new Map<string, PhpValue>([...Object.entries(row), ['links', links]])
  })
  return answer(phpList(shown), end - first + 1 < rows.length ? 206 : 200, {
    'Accept-Range': 'UserEmail 1000',
    ...(rows.length > 0 && { 'Content-Range': `${first}-${end}/${rows.length}` }),
  })
}

function rangeOf({ request, session }: SessionCall): [first: number, last: number] {
  const asked = /^(\d+)-(\d+)$/.exec(String(request.parameters.get('range') ?? ''))
  return asked === null ? [0, numberOf(session.listLimit)] : [Number(asked[1]), Number(asked[2])]
}
