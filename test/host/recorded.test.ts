import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type FreshHost, useHost } from './fresh-host.ts'
import { HOST_PROFILES } from './people.ts'

interface Exchange {
  title: string
  request: { method: string; path: string; headers: Record<string, string>; body: string | null }
  answer: { status: number; headers: string[]; body: string }
}

const RECORDED = new URL('../recorded/host-rest.json', import.meta.url)
const exchanges: Exchange[] = JSON.parse(readFileSync(RECORDED, 'utf8'))

/** What the stand-in does not play, and why nothing of ours may ask for it. */
const NOT_PLAYED: Record<string, string> = {
  'core: GET User search by REST': 'we search by SQL: 0.3 s and no index at a million users',
  'core: GET /PluginCallmanager... itemtype':
    "the plugin's classes are not reachable; PHP died with an empty page",
}

/** What is played of it and yet is a test's failure when Call Manager asks it. */
const UNEXPECTED = [
  'GET /apirest.php/nosuch: nobody plays this',
  'POST /apirest.php/changeActiveProfile: it changed the context of a session',
]

/** Whose session a recorded token was, and of which kind. */
const RECORDED_SESSIONS: Record<string, [login: string, kind: 'web' | 'api']> = {
  example0000000000000000001: ['itsm', 'api'],
  example0000000000000000006: ['itsm', 'api'],
  example0000000000000000007: ['itsm', 'web'],
  example0000000000000000017: ['sitea', 'api'],
  example0000000000000000022: ['sitea', 'api'],
  example0000000000000000023: ['itsm', 'api'],
}

/** Settings as they stood while an exchange was recorded, by the beginning of its title. */
const CIRCUMSTANCES: Record<string, (fresh: FreshHost) => Promise<unknown>> = {
  'API disabled': ({ setConfig }) => setConfig('enable_api', '0'),
  'login by credentials disabled': ({ setConfig }) => setConfig('enable_api_login_credentials', '0'),
  'no API client': ({ db }) => db.run('update glpi_apiclients set is_active = 0'),
  'App-Token required': ({ db }) =>
    db.run("update glpi_apiclients set app_token = 'apptok0123456789012345678901234567890123'"),
  'account deactivated': ({ db }) => db.run("update glpi_users set is_active = 0 where name = 'sitea'"),
}

async function backToNormal({ db, setConfig }: FreshHost): Promise<void> {
  await setConfig('enable_api', '1')
  await setConfig('enable_api_login_credentials', '1')
  await db.run('update glpi_apiclients set is_active = 1, app_token = null')
}

/** What differs from one run to the next: tokens, times, and the secrets of forms. */
function withoutChance(body: string): unknown {
  if (body === '') return ''
  return JSON.parse(
    body
      .replaceAll(/example\d{19}|(?<=")[0-9a-v]{26}(?=")/g, 'TOKEN')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
      .replaceAll(/"glpicrontimer":\d+/g, '"glpicrontimer":0')
      .replaceAll(/"glpicsrftokens":(\[\]|\{[^}]*\})/g, '"glpicsrftokens":"SECRET"'),
  )
}

/** The people and places of the recording, by its ids. */
async function fill({ db, addEntity, addPerson, setRight }: FreshHost): Promise<void> {
  const siteA = await addEntity('Site A')
  await addEntity('Site B')
  await db.insert('glpi_locations', { id: 2, name: 'Office', completename: 'Office' })
  await setRight(HOST_PROFILES.superAdmin, 'plugin_callmanager_access', 3)
  await setRight(HOST_PROFILES.superAdmin, 'plugin_callmanager_config', 2)
  await setRight(HOST_PROFILES.technician, 'plugin_callmanager_access', 1)
  await addPerson({
    login: 'itsm',
    password: 'itsm',
    apiToken: 'example-user-token',
    memberships: [{ profile: HOST_PROFILES.superAdmin, recursive: 1 }],
    columns: { id: 2, list_limit: 20 },
  })
  await addPerson({
    login: 'alice',
    lastname: 'Martin',
    firstname: 'Alice',
    phone: '+33 1 02 03 04 05',
    mobile: '0600000001',
    registrationNumber: 'REG-001',
    columns: {
      id: 6,
      locations_id: 2,
      highcontrast_css: null,
      password_last_update: '2026-11-23 01:54:25',
      last_login: '2026-11-23 01:55:52',
    },
  })
  await db.insert('glpi_useremails', { users_id: 6, email: 'alice.second@example.org', is_default: 0 })
  await db.insert('glpi_useremails', { users_id: 6, email: 'alice@example.org', is_default: 1 })
  await addPerson({ login: 'bob', password: 'pw', columns: { id: 7, is_active: 0 } })
  await addPerson({ login: 'carol', password: 'pw', columns: { id: 8, is_deleted: 1 } })
  await addPerson({ login: 'dave', columns: { id: 9 }, memberships: [{ entity: 2 }] })
  await addPerson({
    login: 'sitea',
    password: 'sitea',
    lastname: 'TechSiteA',
    defaultEntity: siteA,
    memberships: [{ profile: HOST_PROFILES.technician, entity: siteA }],
    columns: { id: 23 },
  })
}

describe.skipIf(inject('mariadbSocket') === '')('what a real ITSM-NG 1.4.0 answered', () => {
  const host = useHost()
  const tokens = new Map<string, string>()

  async function logIn(login: string, kind: 'web' | 'api'): Promise<string> {
    if (kind === 'web') return host().host.logIn(login)
    const answer = await fetch(`${host().host.url}/apirest.php/initSession?login=${login}&password=${login}`)
    const { session_token: token }: { session_token: string } = JSON.parse(await answer.text())
    return token
  }

  beforeAll(async () => {
    await fill(host())
    for (const [recorded, [login, kind]] of Object.entries(RECORDED_SESSIONS)) {
      tokens.set(recorded, await logIn(login, kind))
    }
  })

  // The recording asks what nothing of ours may ask; all of it has been noted, and nothing else.
  afterAll(() => {
    const { unexpected } = host().host
    expect(unexpected.splice(0)).toEqual(UNEXPECTED)
  })

  const played = exchanges.filter(({ title }) => NOT_PLAYED[title] === undefined)

  test('covers every recorded exchange but those that nothing of ours may ask', () => {
    expect(exchanges).toHaveLength(56)
    expect(exchanges.filter(({ title }) => title in NOT_PLAYED)).toHaveLength(Object.keys(NOT_PLAYED).length)
  })

  test.each(played)('$title', async ({ title, request, answer }) => {
    const circumstance = Object.keys(CIRCUMSTANCES).find((beginning) => title.startsWith(beginning))
    if (circumstance !== undefined) await CIRCUMSTANCES[circumstance]?.(host())
    const swapped = (text: string) => text.replaceAll(/example\d{19}/g, (token) => tokens.get(token) ?? token)
    const headers = Object.entries(request.headers).map(([name, value]) => [name, swapped(value)])
    const got = await fetch(host().host.url + swapped(request.path), {
      method: request.method,
      headers: Object.fromEntries(headers),
      body: request.body,
    })
    await backToNormal(host())

    expect(got.status).toBe(answer.status)
    const body = await got.text()
    expect(withoutChance(body)).toEqual(withoutChance(answer.body))
    for (const header of answer.headers) {
      const [name = '', ...value] = header.split(': ')
      expect([name, got.headers.get(name)]).toEqual([name, value.join(': ')])
    }
  })
})
