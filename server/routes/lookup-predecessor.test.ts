import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { sanitiserOf } from '../../test/host/text.ts'
import { type RawRequest, secret, startApp, type TestApp } from '../../test/support/app.ts'
import { asHost } from '../../test/support/as-host.ts'
import { ATTACHED } from '../../test/support/helpdesk.ts'
import { LOCAL, PROFILES, type TestUser } from '../../test/support/people.ts'
import { hashPassword } from '../helpdesk/embedded/passwords.ts'

/** What the PHP plugin answered on a real ITSM-NG 1.4.0, asked again of ours, over a store of the same people. */
interface Recording {
  title: string
  request: Required<RawRequest>
  answer: { status: number; body: string }
}
const recordings: Recording[] = JSON.parse(
  readFileSync(new URL('../../test/recorded/predecessor-api.json', import.meta.url), 'utf8'),
)

/** The people of the recorded host, as far as its answers tell. Nobody of them has a profile unless it says so. */
const PEOPLE: (TestUser & { id: number })[] = [
  { id: 2, login: 'itsm', memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }] },
  {
    id: 6,
    login: 'alice',
    realname: 'Martin',
    firstname: 'Alice',
    phone: '+33 1 02 03 04 05',
    mobile: '0600000001',
    locations_id: 2,
    rio: '1000000001',
    registration_number: 'REG-001',
    emails: ['alice.second@example.org', { email: 'alice@example.org', isDefault: 1 }],
  },
  {
    id: 7,
    login: 'bob',
    realname: 'Inactif',
    firstname: 'Bob',
    is_active: 0,
    rio: '1000000002',
    registration_number: 'REG-002',
  },
  {
    id: 8,
    login: 'carol',
    realname: 'Deleted',
    firstname: 'Carol',
    is_deleted: 1,
    rio: '1000000003',
    registration_number: 'REG-003',
  },
  {
    id: 9,
    login: 'dave',
    realname: 'SiteB',
    firstname: 'Dave',
    phone: '0102',
    entities_id: 2,
    memberships: [{ entity: 2 }],
    rio: '1000000004',
    registration_number: 'REG-004',
    emails: ['dave@example.org'],
  },
  {
    id: 10,
    login: 'eve',
    realname: 'EVE',
    firstname: 'Eve',
    rio: '1000000005',
    registration_number: 'REG-DUP',
    emails: ['eve-a@example.org', 'eve-b@example.org'],
  },
  {
    id: 11,
    login: 'frank',
    realname: 'FRANK',
    firstname: 'Frank',
    rio: '1000000005',
    registration_number: 'REG-DUP',
    emails: [{ email: 'frank-a@example.org', isDefault: 1 }],
  },
  { id: 12, login: 'grace', rio: '1000000006', registration_number: 'REG-006' },
  { id: 13, login: 'obrien', realname: "O'Brien", firstname: 'Pat <b>"&', rio: '1000000007' },
  {
    id: 14,
    login: 'unicode',
    realname: 'Ünïcode',
    firstname: 'Zoë ????',
    rio: 'éàü',
    registration_number: 'éàü',
    emails: ['uni@example.org'],
  },
  { id: 15, login: 'slash', realname: 'Slash', firstname: 'S', rio: 'a/b', registration_number: 'a/b' },
  { id: 16, login: 'percent', realname: 'Pct', firstname: 'P', rio: '%', registration_number: '%' },
  { id: 17, login: 'case', realname: 'Case', firstname: 'C', rio: 'AbC', registration_number: 'abc' },
  { id: 18, login: 'trail', realname: 'Trail', firstname: 'T', rio: 'tr ', registration_number: '  x' },
  { id: 19, login: 'long', realname: 'Long', firstname: 'L', rio: '9'.repeat(255) },
  {
    id: 20,
    login: 'plus',
    realname: 'Plus',
    firstname: 'P',
    rio: '+33612345678',
    registration_number: '+33612345678',
  },
  { id: 21, login: 'norights', memberships: [{ entity: 0, profile: 2 }] },
  { id: 22, login: 'readonly8', memberships: [{ entity: 0, profile: PROFILES.readOnly }] },
  { id: 23, login: 'sitea', memberships: [{ entity: 1, profile: PROFILES.technician }] },
  { id: 24, login: 'updonly', memberships: [{ entity: 0, profile: 7 }] },
]

/** Whose each recorded token was; the others were nobody's. */
const OWNERS: Record<string, string> = {
  example0000000000000000001: 'itsm',
  example0000000000000000006: 'itsm',
  example0000000000000000007: 'itsm',
  example0000000000000000013: 'norights',
  example0000000000000000014: 'readonly8',
  example0000000000000000015: 'alice',
  example0000000000000000016: 'updonly',
  example0000000000000000017: 'sitea',
  example0000000000000000022: 'sitea',
  example0000000000000000023: 'itsm',
  example0000000000000000025: 'norights',
}
const KILLED = 'example0000000000000000006'

type World = TestApp & { tokens: Map<string, string> }

/** A store of the recorded people, and sessions of the same owners; `change` comes before anybody asks. */
async function makeWorld(
  change: (it: TestApp) => Promise<unknown> = async () => {},
  needed = Object.keys(OWNERS),
): Promise<World> {
  const it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' }, false)
  const { helpdesk } = it.services
  await it.people.addEntity(1, 'Site A')
  await it.people.addEntity(2, 'Site B')
  await it.people.addLocation('Étage 1')
  const second = await it.people.addLocation('Étage 2')
  const password = await hashPassword('a password for all')
  for (const user of PEOPLE) {
    const locations_id = user.locations_id === undefined ? 0 : second
    await it.people.addUser({ ...user, password, locations_id, ...storedTexts(user) })
  }
  await it.people.setRight(7, 'plugin_callmanager_access', 2)

  const logIn = async (login: string) =>
    it.host?.logIn(login) ?? (await helpdesk.logins?.byPassword(login, 'a password for all', LOCAL)) ?? ''
  const tokens = new Map<string, string>()
  for (const recorded of needed) tokens.set(recorded, secret(await logIn(OWNERS[recorded] ?? '')))
  const killed = tokens.get(KILLED)
  if (killed !== undefined) {
    await helpdesk.logins?.end(killed)
    it.host?.expire(killed)
  }
  await change(it)
  return { ...it, tokens }
}

/** A host keeps its text encoded. */
function storedTexts({ firstname }: TestUser): Pick<TestUser, 'firstname'> {
  return ATTACHED && firstname ? { firstname: sanitiserOf('9.5')(firstname) } : {}
}

async function replay(world: World, { request }: Recording) {
  const withOurs = (text: string) =>
    text.replaceAll(/example\d{19}/g, (recorded) => world.tokens.get(recorded) ?? recorded)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, withOurs(value)])
  const { status, body } = await world.askRaw({
    ...request,
    path: withOurs(request.path),
    headers: Object.fromEntries(headers),
  })
  return { status, body: shapeOf(body) }
}

/** Users and settings to the letter and in order; of an error only that there is one: its words are our own. */
function shapeOf(body: string): string {
  try {
    const parsed = JSON.parse(body)
    if (Object.keys(parsed).join() === 'error' && typeof parsed.error === 'string') return 'an error'
    return JSON.stringify(parsed)
  } catch {
    return body
  }
}

const NOBODY = '{"users":[]}'
const error = (status: number, why: string) => ({ why, status, body: 'an error' })

/** Where ours answers otherwise on purpose, and why. Numbers are those of the list of the predecessor's faults. */
const DIFFERENCES: Record<string, { why: string; status: number; body: string | object[] }> = {
  'custom_table 1000000002': { why: 'S6: an inactive account is not shown', status: 200, body: NOBODY },
  'custom_table 1000000003': { why: 'S6: a deleted account is not shown', status: 200, body: NOBODY },
  'name bob': { why: 'S6: an inactive account is not shown', status: 200, body: NOBODY },
  'name carol': { why: 'S6: a deleted account is not shown', status: 200, body: NOBODY },
  'registration_number REG-002': { why: 'S6: an inactive account is not shown', status: 200, body: NOBODY },
  'registration_number REG-003': { why: 'S6: a deleted account is not shown', status: 200, body: NOBODY },
  'user sitea': { why: 'S6: Alice is not in Site A', status: 200, body: NOBODY },
  'Site A technician asks for Site B user': { why: 'S6: Dave is not in Site A', status: 200, body: NOBODY },
  'name ALICE': {
    why: 'the RIO as it is stored, not as it was asked for',
    status: 200,
    body: [{ id: 6, rio: 'alice' }],
  },
  'name obrien': {
    why: 'text comes as it was typed, not as HTML',
    status: 200,
    body: [{ id: 13, firstname: 'Pat <b>"&' }],
  },
  'API token as Cookie with other name glpi_abc': error(401, 'S13: nobody is logged in'),
  'no token': error(401, 'S13: nobody is logged in'),
  'Session-Token in query': error(401, 'S13: nobody is logged in, and a token in an address is none'),
  'French session: not authenticated message': error(401, 'S13: nobody is logged in'),
  'no token unknown route': error(404, 'which addresses there are is no secret'),
  'App-Token required: plugin without': error(403, 'S9: the App-Token is checked'),
  'App-Token required: plugin wrong': error(403, 'S9: the App-Token is checked'),
  'right removed in DB, same session': error(403, 'a withdrawal works at once'),
  'account deactivated, live session: plugin': error(401, 'a withdrawal works at once'),
  'trailing slash': error(404, 'one address for one thing'),
  'double slash': error(404, 'C25: one address for one thing'),
  'api prefix': error(404, 'C25: one address for one thing'),
  'RIO xapi/y': error(404, 'C25: api/ is not cut out of an identifier'),
  'RIO %2525': { why: 'C25: decoded once', status: 200, body: NOBODY },
  'RIO 1000000001%3Fx': { why: 'C25: decoded once', status: 200, body: NOBODY },
  'RIO %FF': error(400, 'not UTF-8'),
  'RIO %0A': error(400, 'a control character'),
  'RIO 9 x 256': error(400, 'longer than 255'),
  'RIO 9 x 300': error(400, 'longer than 255'),
  'RIO a%2Fb': { why: 'C35: an identifier may hold a slash', status: 200, body: [{ id: 15, rio: 'a/b' }] },
  'reg RIO a%2Fb': {
    why: 'C35: an identifier may hold a slash',
    status: 200,
    body: [{ id: 15, rio: 'a/b' }],
  },
  'RIO ..': { why: 'an identifier like any other', status: 200, body: NOBODY },
  'RIO .': { why: 'an identifier like any other', status: 200, body: NOBODY },
  'RIO %': error(400, 'JSON, where the web server answered HTML'),
  'RIO %00': error(400, 'JSON, where the web server answered HTML'),
  OPTIONS: { why: 'C35: tells the methods', status: 204, body: '' },
  'POST with form body': error(405, 'an honest status'),
}

/** What has no counterpart in a helpdesk of our own. */
const WITHOUT_COUNTERPART: Record<string, string> = {
  'API disabled: plugin': 'its REST API cannot be turned off',
  'API disabled: plugin no token': 'its REST API cannot be turned off',
  'plugin deactivated': 'nothing is plugged in',
  'RIO +33 612':
    'no HTTP request: the parser refuses the space before anything of ours runs (see lookup.test.ts)',
}

const SETUPS: Record<string, (it: TestApp) => Promise<unknown>> = {
  'no API client: plugin': ({ services }) =>
    asHost(services.storage).write('normal', (tx) =>
      tx.updateTable('glpi_apiclients').set({ is_active: 0 }).execute(),
    ),
  'App-Token required: plugin without': requireAppToken,
  'App-Token required: plugin wrong': requireAppToken,
  'right removed in DB, same session': ({ services }) =>
    asHost(services.storage).write('normal', (tx) =>
      tx
        .updateTable('glpi_profilerights')
        .set({ rights: 0 })
        .where('name', '=', 'plugin_callmanager_access')
        .execute(),
    ),
  'account deactivated, live session: plugin': ({ people }) => people.changeUser(23, { is_active: 0 }),
}

function requireAppToken({ services }: TestApp): Promise<unknown> {
  const client = { app_token: secret('the-app-token-of-the-host') }
  return asHost(services.storage).write('normal', (tx) =>
    tx.updateTable('glpi_apiclients').set(client).execute(),
  )
}

describe('what the predecessor answered', () => {
  const methodOf = ({ title }: Recording) =>
    title.startsWith('name ')
      ? 'name'
      : /^(registration_number|reg) /.test(title)
        ? 'registration_number'
        : 'custom_table'
  const replayed = recordings.filter(({ title }) => WITHOUT_COUNTERPART[title] === undefined)
  const cases = replayed.map((recording) => [recording.title, recording] as const)

  const worlds = new Map<string, World>()
  beforeAll(async () => {
    for (const method of ['custom_table', 'name', 'registration_number']) {
      const world = await makeWorld()
      await world.services.settings.set('rio_storage_method', method)
      worlds.set(method, world)
    }
  })

  async function answerOf(recording: Recording) {
    const setup = SETUPS[recording.title]
    const world =
      setup === undefined
        ? worlds.get(methodOf(recording))
        : await makeWorld(
            setup,
            Object.values(recording.request.headers).filter((value) => value in OWNERS),
          )
    if (world === undefined) throw new Error('no world')
    return replay(world, recording)
  }

  test.each(cases.filter(([title]) => DIFFERENCES[title] === undefined))(
    'we answer to: %s',
    async (_, recording) => {
      const { status, body } = recording.answer
      expect(await answerOf(recording)).toEqual({ status, body: shapeOf(body) })
    },
  )

  test.each(
    cases
      .filter(([title]) => DIFFERENCES[title] !== undefined)
      .map(([title, recording]) => {
        const { why = '', status = 0, body = '' } = DIFFERENCES[title] ?? {}
        return [title, why, recording, { status, body }] as const
      }),
  )('we do not answer to %s, because: %s', async (_title, _why, recording, { status, body }) => {
    const answer = await answerOf(recording)
    expect(answer.status).toBe(status)
    if (typeof body === 'string') expect(answer.body).toBe(body)
    else expect(JSON.parse(answer.body).users).toMatchObject(body)
    // A difference that is none any more would hide the next one.
    expect(answer).not.toEqual({ status: recording.answer.status, body: shapeOf(recording.answer.body) })
  })

  test('is told apart by titles that exist', () => {
    const titles = recordings.map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const list of [DIFFERENCES, WITHOUT_COUNTERPART, SETUPS]) {
      expect(Object.keys(list).filter((title) => !titles.includes(title))).toEqual([])
    }
  })
})
