import { verify } from '@node-rs/bcrypt'
import { listEntities } from './active-profile.ts'
import { answer, type HostAnswer, Refusal, refusal } from './answers.ts'
import type { Call, SessionCall } from './call.ts'
import { numberOf, type Row, textOf } from './database.ts'
import { readEntities } from './entity-tree.ts'
import { fullSession } from './full-session.ts'
import { isUsable, openSession } from './log-in.ts'
import { type PhpValue, phpList, phpMap } from './php-json.ts'
import type { Sessions } from './sessions.ts'
import { shownPath } from './text.ts'

const given = (call: Call, name: string): string => String(call.request.parameters.get(name) ?? '')

/** `initSession`: by a token, else by a login and its password where settings allow that. */
export async function initSession(call: Call, sessions: Sessions): Promise<HostAnswer> {
  const session = await openSession(call.db, call.config, await demandUser(call), 'api', call.request.at)
  if (session === undefined) throw loginRefused("You don't have right to connect")
  const token = sessions.add(session)
  const full = call.request.parameters.get('get_full_session') === true
  return answer(
    phpMap({
      session_token: token,
      ...(full && { session: fullSession(session, call.request.at, { isNew: true }) }),
    }),
  )
}

function loginRefused(words: string): Refusal {
  return new Refusal('ERROR_GLPI_LOGIN', words, 401)
}

async function demandUser(call: Call): Promise<Row> {
  const [login, password, token] = [given(call, 'login'), given(call, 'password'), given(call, 'user_token')]
  if ((login === '' || password === '') && token === '') {
    throw refusal('ERROR_LOGIN_PARAMETERS_MISSING', call.apiUrl)
  }
  if (token !== '') {
    const row = await call.db.row('select * from glpi_users where api_token = ?', [token])
    const allowed = numberOf(call.config('enable_api_login_external_token')) === 1
    if (allowed && row !== undefined && isUsable(row, call.request.at)) return row
    throw refusal('ERROR_GLPI_LOGIN_USER_TOKEN', call.apiUrl)
  }
  if (numberOf(call.config('enable_api_login_credentials')) === 0) {
    throw refusal('ERROR_LOGIN_WITH_CREDENTIALS_DISABLED', call.apiUrl)
  }
  const row = await call.db.row('select * from glpi_users where name = ? order by id', [login])
  const hash = textOf(row?.password)
  if (row === undefined || hash === '' || !(await verify(password, hash))) {
    throw loginRefused('Incorrect username or password')
  }
  if (isUsable(row, call.request.at)) return row
  throw loginRefused(
    "You don't have access to this application because your account was deactivated or removed",
  )
}

/** `killSession`. Ours to end are only the sessions that `initSession` gave: a browser's logs its user out. */
export function killSession(call: SessionCall, sessions: Sessions): HostAnswer {
  if (call.session.kind === 'web') call.unexpected('it ended a browser session that it had borrowed')
  sessions.end(call.session.token)
  return answer()
}

export function getFullSession({ session, request }: SessionCall): HostAnswer {
  return answer(phpMap({ session: fullSession(session, request.at) }))
}

export function getActiveProfile({ session }: SessionCall): HostAnswer {
  return answer(phpMap({ active_profile: session.activeProfile }))
}

export function getMyProfiles({ session }: SessionCall): HostAnswer {
  const profiles = [...session.profiles].map(([id, { name, entities }]) =>
    phpMap({ id, name, entities: listEntities(entities) }),
  )
  return answer(phpMap({ myprofiles: phpList(profiles) }))
}

export function getActiveEntities({ session }: SessionCall): HostAnswer {
  const entities = session.activeEntities.map((id) => phpMap({ id }))
  return answer(
    phpMap({
      active_entity: phpMap({
        id: session.activeEntity,
        active_entity_recursive: session.activeEntityRecursive,
        active_entities: phpList(entities),
      }),
    }),
  )
}

/** `getMyEntities`: those of the active profile; with `is_recursive` also what lies below, each before its parent. */
export async function getMyEntities({ db, session, request }: SessionCall): Promise<HostAnswer> {
  const tree = await readEntities(db)
  const recursive = ['1', 1, true].some((yes) => request.parameters.get('is_recursive') === yes)
  const held = session.profiles.get(session.profileId)?.entities ?? new Map()
  const ids = [...held.values()].flatMap(({ id, isRecursive }) => [
    ...(recursive && isRecursive === 1 ? tree.sonsOf(id).filter((son) => son !== id) : []),
    id,
  ])
  const entities = ids.map((id): PhpValue => phpMap({ id, name: shownPath(tree.completenameOf(id)) }))
  return answer(phpMap({ myentities: phpList(entities) }))
}

/** A change of context is a change of what a browser's pages show: never ours to make. */
export function changeContext(call: SessionCall): HostAnswer {
  call.unexpected('it changed the context of a session')
  const profile = numberOf(Number(given(call, 'profiles_id')))
  if (profile !== 0 && !call.session.profiles.has(profile)) throw refusal('ERROR_ITEM_NOT_FOUND', call.apiUrl)
  return answer()
}
