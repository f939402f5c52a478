import { describe, expect, test } from 'vitest'
import { ALICE, startApp, V1 } from '../../../test/support/app.ts'

const it = await startApp()
const alice = await it.logIn('alice')

const read = () => it.askAs(alice, `${V1}/settings`)
const change = (payload: object, headers: Record<string, string> = { 'if-match': '*' }) =>
  it.askAs(alice, `${V1}/settings`, { method: 'PATCH', payload, headers })

const DEFAULTS = {
  rioStorageMethod: 'custom_table',
  sharedRios: 'allowed',
  defaultCountry: 'FR',
  phoneRequestSource: 3,
  ticketTarget: 'quick',
  journalRetentionDays: 180,
}

const history = () =>
  it.services.storage.db
    .selectFrom('glpi_logs')
    .select(['items_id', 'linked_action', 'new_value', 'user_name'])
    .where('itemtype', '=', 'PluginCallmanagerConfig')
    .orderBy('id')
    .execute()

test('the settings are read with their defaults and what entities have of their own', async () => {
  const answer = await read()
  expect(answer.statusCode).toBe(200)
  expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/)
  expect(answer.json()).toEqual({ ...DEFAULTS, countries: expect.any(Object) })
  expect(Object.entries(answer.json().countries)).not.toEqual([])
})

describe('a change', () => {
  test('is kept, seen at once, and leaves a line of history', async () => {
    const { headers } = await read()
    const lines = (await history()).length
    const answer = await change(
      { sharedRios: 'refused', journalRetentionDays: 30, phoneRequestSource: 4 },
      { 'if-match': String(headers.etag) },
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      sharedRios: 'refused',
      journalRetentionDays: 30,
      phoneRequestSource: 4,
    })
    expect(answer.headers.etag).not.toBe(headers.etag)
    expect((await read()).json()).toEqual(answer.json())
    expect(await it.services.settings.read()).toMatchObject({
      shared_rios: 'refused',
      phone_request_source: 4,
    })
    const line = { items_id: 0, linked_action: 12, user_name: `alice (${ALICE.id})` }
    expect((await history()).slice(lines)).toEqual([
      { ...line, new_value: 'shared_rios: allowed → refused' },
      { ...line, new_value: 'journal_retention_days: 180 → 30' },
      { ...line, new_value: 'phone_request_source: 3 → 4' },
    ])
  })

  test('needs to have seen what is there', async () => {
    const { headers } = await read()
    const seen = { 'if-match': String(headers.etag) }
    expect((await change({ journalRetentionDays: 31 }, {})).statusCode).toBe(428)
    expect((await change({ journalRetentionDays: 31 }, seen)).statusCode).toBe(200)
    expect((await change({ journalRetentionDays: 32 }, seen)).statusCode).toBe(412)
    expect((await read()).json().journalRetentionDays).toBe(31)
  })

  test('passes for one of many who have seen the same', async () => {
    const seen = { 'if-match': String((await read()).headers.etag) }
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => change({ journalRetentionDays: 100 + index }, seen)),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(7).fill(412)])
  })

  test('that changes nothing leaves no line', async () => {
    const before = await history()
    expect((await change({ ticketTarget: (await read()).json().ticketTarget })).statusCode).toBe(200)
    expect(await history()).toEqual(before)
  })

  test.each<[object, number, string | undefined]>([
    [{ rioStorageMethod: 'name' }, 422, 'rioStorageMethod'],
    [{ defaultCountry: 'XX' }, 422, 'defaultCountry'],
    [{ countries: { '4711': 'FR' } }, 422, 'countries.4711'],
    [{ countries: { '5': 'XX' } }, 422, 'countries.5'],
    [{ phoneRequestSource: 4711 }, 422, 'phoneRequestSource'],
    [{ journalRetentionDays: 0 }, 400, 'journalRetentionDays'],
    [{ journalRetentionDays: '30' }, 400, 'journalRetentionDays'],
    [{ journalRetentionDays: 1.5 }, 400, 'journalRetentionDays'],
    [{ sharedRios: 'never' }, 400, 'sharedRios'],
    [{ defaultCountry: 'fr' }, 400, 'defaultCountry'],
    [{ defaultCountry: null }, 400, 'defaultCountry'],
    [{ ticketTarget: 0 }, 400, 'ticketTarget'],
    [{ ticketTarget: 'form' }, 400, 'ticketTarget'],
    [{ demoAccounts: [] }, 400, 'demoAccounts'],
    [{ setup_code: 'x' }, 400, 'setup_code'],
    [{}, 400, undefined],
  ])('is refused: %j', async (payload, status, field) => {
    const before = (await read()).json()
    const answer = await change({ ...payload })
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field?.replace(/^countries\/.*/, 'countries')).toBe(field)
    expect((await read()).json()).toEqual(before)
  })

  test('of what is no setting is told so', async () => {
    expect((await change({ default_country: 'FR' })).json()).toMatchObject({
      field: 'default_country',
      detail: 'body has no such field',
    })
  })

  test('that is refused in part is refused as a whole', async () => {
    const before = (await read()).json()
    expect((await change({ journalRetentionDays: 77, phoneRequestSource: 4711 })).statusCode).toBe(422)
    expect((await read()).json()).toEqual(before)
  })

  test('to the method in force is none', async () => {
    expect((await change({ rioStorageMethod: 'custom_table', journalRetentionDays: 90 })).statusCode).toBe(
      200,
    )
  })
})

describe('countries', () => {
  test('of entities are given and taken away, and the numbers there are read by them at once', async () => {
    const id = await it.people.addUser({ login: 'reunion', phone: '0470 12 34 56', entities_id: 5 })
    const keys = async () => {
      const { lookups } = it.services
      await lookups.follow()
      await it.services.ensureIndexed()
      const rows = await it.services.storage.db
        .selectFrom('glpi_plugin_callmanager_identifiers')
        .select('identifier_key')
        .where('users_id', '=', id)
        .where('kind', '=', 'phone')
        .execute()
      return rows.map((row) => row.identifier_key)
    }
    const { countries } = (await read()).json()
    expect((await change({ countries: { '5': 'BE' } })).json().countries).toEqual({ ...countries, '5': 'BE' })
    expect(await keys()).toEqual(['+32470123456'])
    expect((await change({ countries: { '5': null } })).json().countries).toEqual(countries)
    expect(await keys()).toEqual(['+33470123456'])
  })
})

describe('the ticket target', () => {
  const stored = async () =>
    (
      await it.services.storage.db
        .selectFrom('glpi_plugin_callmanager_configs')
        .select('value')
        .where('name', '=', 'formcreator_form_id')
        .execute()
    ).map(({ value }) => value)

  test('is the predecessor’s row where that means a form, which is kept while another is chosen', async () => {
    for (const [target, row] of [
      [12, ['12']],
      ['native', ['12']],
      ['formcreator_wizard', ['0']],
      ['quick', ['0']],
    ] as const) {
      expect((await change({ ticketTarget: target })).json().ticketTarget).toBe(target)
      expect(await stored()).toEqual(row)
    }
  })

  test.each([
    ['', 'native'],
    ['0', 'formcreator_wizard'],
    ['7', 7],
    ['nonsense', 'quick'],
  ])('is read from the predecessor: %j is %s', async (value, target) => {
    const other = await startApp()
    await other.services.storage.write('normal', (tx) =>
      tx
        .insertInto('glpi_plugin_callmanager_configs')
        .values({ name: 'formcreator_form_id', value })
        .execute(),
    )
    other.services.settings.forget()
    const answer = await other.askAs(await other.logIn('alice'), `${V1}/settings`)
    expect(answer.json().ticketTarget).toBe(target)
  })
})
