import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { showEntities } from './active-profile.ts'
import { hostTime } from './database.ts'
import { type PhpValue, phpList, phpMap, toPhp } from './php-json.ts'
import type { Session } from './session.ts'
import { friendlyName } from './text.ts'

interface Exchange {
  title: string
  answer: { body: string }
}

const RECORDED = new URL('../recorded/host-rest.json', import.meta.url)

/** The session of the recorded Super-Admin: its keys, and whatever of it is the same for everybody. */
const template: [string, unknown][] = readTemplate()

function readTemplate(): [string, unknown][] {
  const exchanges: Exchange[] = JSON.parse(readFileSync(RECORDED, 'utf8'))
  const recorded = exchanges.find(({ title }) => title === 'getFullSession')
  if (recorded === undefined) throw new Error('the recording has lost its getFullSession')
  const { session }: { session: Record<string, unknown> } = JSON.parse(recorded.answer.body)
  return Object.entries(session)
}

/** What the first request after the login adds. */
const LATER = new Set([
  'INCOMING',
  'ASSIGNED',
  'PLANNED',
  'WAITING',
  'SOLVED',
  'CLOSED',
  'MESSAGE_AFTER_REDIRECT',
])

/** `$_SESSION` as `getFullSession` shows it, its secrets included. `isNew` is the one that `initSession` shows. */
export function fullSession(session: Session, at: Date, { isNew = false } = {}): PhpValue {
  const own = ownKeys(session, at)
  const entries = template
    .filter(([key]) => !(isNew && LATER.has(key)) && !(session.kind === 'web' && key === 'noAUTO'))
    .map(([key, value]) => [key, own.has(key) ? (own.get(key) ?? null) : toPhp(value)] as const)
  return new Map<string, PhpValue>([
    ...(session.kind === 'web' ? webKeys(session) : []),
    ...entries,
    ...acting(session),
  ])
}

/** What a browser's session holds beside: the marks of its login page, and the secrets of its forms. */
function webKeys({ token, startedAt }: Session): [string, PhpValue][] {
  const csrf = createHash('md5').update(`csrf ${token}`).digest('hex')
  return [
    ['glpicookietest', 'testcookie'],
    ['glpicsrftokens', phpMap({ [csrf]: Math.floor(startedAt.getTime() / 1000) + 7200 })],
  ]
}

function acting({ impersonatorId }: Session): [string, PhpValue][] {
  return impersonatorId === null ? [] : [['impersonator_id', impersonatorId]]
}

function ownKeys(session: Session, at: Date): Map<string, PhpValue> {
  const { login, realname, firstname, activeEntities, parentEntities } = session
  return new Map<string, PhpValue>([
    ['valid_id', session.token],
    ['glpi_currenttime', hostTime(at)],
    ['glpicrontimer', Math.floor(session.startedAt.getTime() / 1000)],
    ['glpiID', session.userId],
    ['glpifriendlyname', friendlyName({ name: login, realname: realname ?? '', firstname: firstname ?? '' })],
    ['glpiname', login],
    ['glpirealname', realname],
    ['glpifirstname', firstname],
    ['glpidefault_entity', session.defaultEntity],
    ['glpiauthtype', session.authtype],
    ['glpilanguage', session.language],
    ['glpilist_limit', session.listLimit],
    ['glpiset_default_tech', session.setsDefaultTechnician ? '1' : '0'],
    [
      'glpiprofiles',
      new Map(
        [...session.profiles].map(([id, { name, entities }]) => [
          id,
          phpMap({ name, entities: showEntities(entities) }),
        ]),
      ),
    ],
    ['glpiactiveprofile', session.activeProfile],
    ['glpiactiveentities', new Map(activeEntities.map((id) => [id, id]))],
    ['glpiactiveentities_string', quoted(activeEntities)],
    ['glpiparententities', new Map(parentEntities.map((id) => [id, id]))],
    ['glpiparententities_string', quotedParents(parentEntities)],
    ['glpiactive_entity', session.activeEntity],
    ['glpiactive_entity_recursive', session.activeEntityRecursive],
    ['glpiactive_entity_name', session.activeEntityName],
    ['glpiactive_entity_shortname', session.activeEntityShortName],
    ['glpishowallentities', session.showsAllEntities ? 1 : 0],
    ['glpigroups', phpList(session.groups)],
  ])
}

const quoted = (ids: readonly number[]): string => `'${ids.join("', '")}'`

/** The text `0`, which is the root alone, counts as empty in PHP and stays without quotes. */
function quotedParents(ids: readonly number[]): string {
  const joined = ids.join("', '")
  return joined === '' || joined === '0' ? joined : `'${joined}'`
}
