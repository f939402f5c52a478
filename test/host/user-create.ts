import { answer, type HostAnswer } from './answers.ts'
import type { SessionCall } from './call.ts'
import { hostTime, numberOf, textOf } from './database.ts'
import { ACTIONS, historyOf } from './history.ts'
import { NO_PERMISSION, numberIn, readInput, writeRefused } from './input.ts'
import { phpMap } from './php-json.ts'
import { hasMoreRightsThan } from './powers.ts'
import { hasRight } from './session.ts'
import { friendlyName } from './text.ts'
import { columnsIn, rewrite, SEARCH_OPTIONS } from './user-columns.ts'
import { writeEmails } from './user-emails.ts'

const CREATE = 4

const PLAYED = new Set([
  ...Object.keys(SEARCH_OPTIONS),
  'authtype',
  '_useremails',
  '_default_email',
  '_profiles_id',
  '_entities_id',
  '_is_recursive',
])

const LOGIN = /^[\p{L}\p{N}@.\-_ ]+$/u

/**
 * `POST User`. A profile that is more than the session's own gives way to the default one without a word, which then
 * holds in the entity that was asked for all the same.
 */
export async function createUser(call: SessionCall): Promise<HostAnswer> {
  const { db, session, request, apiUrl } = call
  const input = readInput(call, PLAYED)
  const fallback = await db.row('select id from glpi_profiles where is_default = 1 order by id')
  const wanted = numberIn(input, '_profiles_id', 0)
  const grants = wanted > 0 && (await hasMoreRightsThan(db, session, [wanted]))
  const entity = numberIn(input, '_entities_id', session.activeEntity)
  const allowed =
    (grants && input.has('_entities_id') && session.activeEntities.includes(entity)) ||
    session.activeEntities.includes(0) ||
    fallback !== undefined
  if (!hasRight(session, 'user', CREATE) || !allowed) throw writeRefused('ERROR_GLPI_ADD', NO_PERMISSION)

  const columns = columnsIn(input, call.sanitise)
  if (call.rewrites) rewrite(columns)
  const name = textOf(columns.get('name'))
  if (!LOGIN.test(name)) {
    throw writeRefused('ERROR_GLPI_ADD', 'The login is not valid. Unable to add the user.')
  }
  const authtype = numberIn(input, 'authtype', 1)
  const taken = await db.row(
    'select id from glpi_users where name = ? and authtype = ? and auths_id = 0 limit 1',
    [name, authtype],
  )
  if (taken !== undefined) throw writeRefused('ERROR_GLPI_ADD', 'Unable to add. The user already exists.')

  const at = hostTime(request.at)
  const id = await db.insert('glpi_users', {
    // The API fills in the active entity where none is named.
    entities_id: session.activeEntity,
    ...Object.fromEntries(columns),
    authtype,
    date_mod: at,
    date_creation: at,
  })
  const log = historyOf(db, session, request.at)
  await writeEmails(call, log, id, input)
  const profile = grants ? wanted : numberOf(fallback?.id)
  if (profile > 0) {
    await db.insert('glpi_profiles_users', {
      users_id: id,
      profiles_id: profile,
      entities_id: entity,
      is_recursive: numberIn(input, '_is_recursive', 0),
      is_dynamic: grants ? 0 : 1,
      is_default_profile: grants ? 0 : 1,
    })
    const held = await db.row('select name from glpi_profiles where id = ?', [profile])
    await log({
      itemtype: 'User',
      id,
      action: ACTIONS.relationAdded,
      link: 'Profile',
      to: `${textOf(held?.name)} (${profile})`,
    })
  }
  await log({ itemtype: 'User', id, action: ACTIONS.created, link: '0' })
  const shown = friendlyName({
    name,
    realname: textOf(columns.get('realname')),
    firstname: textOf(columns.get('firstname')),
  })
  return answer(phpMap({ id, message: `Item successfully added: ${shown}` }), 201, {
    location: `${apiUrl}/User/${id}`,
  })
}
