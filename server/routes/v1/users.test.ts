import { beforeEach, describe, expect, test } from 'vitest'
import type { User } from '../../../contract/users.ts'
import { ALICE, API, BOB, basic, secret, startApp, type TestApp, V1 } from '../../../test/support/app.ts'
import { ATTACHED, attachedOnly, either, embeddedOnly } from '../../../test/support/helpdesk.ts'

const THIERRY = 11
const ISABELLE = 10
const ANY = { 'if-match': '*' }
const EMOJI = '👩‍💻'
const ODD = ['O’Brien', "O'Brien", '<b>Bold</b> & "quoted"', 'é'.repeat(255), ...(ATTACHED ? [] : [EMOJI])]
/** A host keeps them by its own clock, and sets them in its own form. */
const DATES = either({
  embedded: {
    sent: { beginDate: '2020-01-01T00:00:00Z', endDate: '2037-12-31T23:59:59+01:00' },
    shown: { beginDate: '2020-01-01T00:00:00Z', endDate: '2037-12-31T22:59:59Z' },
  },
  attached: { sent: {}, shown: { beginDate: null, endDate: null } },
})

let it: TestApp
let alice: string
let bob: string

beforeEach(async () => {
  it = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
  alice = await it.logIn('alice')
  bob = await it.logIn('bob')
})

const read = (token: string, id: number) => it.askAs(token, `${V1}/users/${id}`)
const create = (token: string, payload: object) => it.askAs(token, `${V1}/users`, { method: 'POST', payload })
const change = (token: string, id: number, payload: object, headers: Record<string, string> = ANY) =>
  it.askAs(token, `${V1}/users/${id}`, { method: 'PATCH', payload, headers })
const lookUp = async (rio: string) => (await it.askAs(alice, `${API}/users/${rio}`)).json().users

describe('the list of users', () => {
  test('shows summaries in pages, whose links lead through everyone', async () => {
    const names: string[] = []
    let url: string | null = `${V1}/users?sort=login&limit=10`
    while (url !== null) {
      const answer = await it.askAs(alice, url)
      expect(answer.statusCode).toBe(200)
      const { items, next }: { items: { login: string }[]; next: string | null } = answer.json()
      names.push(...items.map(({ login }) => login))
      url = next
    }
    expect(names).toEqual([...names].sort())
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('thierry.roux')
  })

  test('has nobody of elsewhere for Bob', async () => {
    const { items } = (await it.askAs(bob, `${V1}/users?limit=100`)).json()
    expect(items.map(({ login }: { login: string }) => login)).toContain('thierry.roux')
    expect(items.map(({ login }: { login: string }) => login)).not.toContain('isabelle.girard')
  })

  test.each([
    ['sort=phone', 400, 'sort'],
    ['limit=0', 400, 'limit'],
    ['limit=101', 400, 'limit'],
    ['entityId=-1', 400, 'entityId'],
    ['entityId=4711', 404, undefined],
    ['rio=maybe', 400, 'rio'],
    ['active=1', 400, 'active'],
    ['cursor=nonsense', 422, 'cursor'],
    ['search=roux', 400, 'search'],
  ])('refuses ?%s', async (query, status, field) => {
    const answer = await it.askAs(alice, `${V1}/users?${query}`)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
  })
})

describe('a user', () => {
  test('is shown with all there is to know, and a tag that names it', async () => {
    const answer = await read(alice, THIERRY)
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/)
    expect(answer.json()).toMatchObject({
      id: THIERRY,
      login: 'thierry.roux',
      rio: '1228904',
      registrationNumber: '20011',
      emails: ['thierry.roux@example.org'],
      entity: { id: 5, name: 'Sous-préfecture de Villefranche', path: expect.stringContaining(' > ') },
      location: { id: 4 },
      active: true,
      account: { enabled: true, deleted: false, authType: 'local', directoryOwned: false, lastLoginAt: null },
      profiles: [{ profileId: 1, name: 'Self-Service', entity: { id: 5 }, recursive: false }],
      identifiers: [
        { kind: 'rio', key: '1228904', value: '1228904', source: 'custom_table' },
        { kind: 'extension', key: '4521', value: '4521', source: 'phone' },
      ],
    })
    expect((await read(alice, THIERRY)).headers.etag).toBe(answer.headers.etag)
  })

  test('is not there for whoever may not see them, as if they did not exist', async () => {
    const [elsewhere, nowhere] = [await read(bob, ISABELLE), await read(bob, 4711)]
    expect(elsewhere.statusCode).toBe(404)
    const { requestId: _one, ...one } = elsewhere.json()
    const { requestId: _other, ...other } = nowhere.json()
    expect(one).toEqual(other)
  })

  test('shows no profile that is held where the reader does not see', async () => {
    const id = await it.people.addUser({
      login: 'dora',
      memberships: [
        { entity: 5, profile: 1 },
        { entity: 7, profile: 4 },
        { entity: 0, recursive: 1, profile: 2 },
      ],
    })
    const { profiles }: User = (await read(bob, id)).json()
    expect(profiles.map(({ profileId }) => profileId)).toEqual([2, 1])
  })

  test('logging in does not change the tag', async () => {
    const before = (await read(alice, BOB.id)).headers.etag
    await it.logIn('bob')
    expect((await read(alice, BOB.id)).headers.etag).toBe(before)
  })
})

describe('creating a user', () => {
  test('answers 201 with where they are, and a look-up finds them at once', async () => {
    const answer = await create(alice, {
      login: 'dora',
      lastname: 'Durand',
      firstname: 'Dora',
      rio: secret('77 88 990'),
      phone: secret('04 65 71 99 01'),
      emails: ['dora@example.org', 'other@example.org'],
      registrationNumber: '30001',
      entityId: 5,
      locationId: 4,
      language: 'fr_FR',
      ...DATES.sent,
    })
    expect(answer.statusCode).toBe(201)
    const user: User = answer.json()
    expect(answer.headers.location).toBe(`${V1}/users/${user.id}`)
    expect(user).toMatchObject({
      rio: '77 88 990',
      emails: ['dora@example.org', 'other@example.org'],
      language: 'fr_FR',
      location: { id: 4 },
      account: DATES.shown,
      profiles: [{ profileId: 1, entity: { id: 5 } }],
    })
    const again = await it.askAs(alice, String(answer.headers.location))
    expect(again.json()).toEqual(user)
    expect(again.headers.etag).toBe(answer.headers.etag)
    expect(await lookUp('7788990')).toMatchObject([{ id: user.id }])
  })

  test('needs no more than a login', async () => {
    const user: User = (await create(alice, { login: '  dora ' })).json()
    expect(user).toMatchObject({ login: 'dora', rio: '', emails: [], entity: { id: 0 }, location: null })
  })

  test.each(ODD)('keeps text as it was typed: %s', async (text) => {
    const answer = await create(alice, {
      login: 'dora',
      lastname: text,
      firstname: text,
      rio: secret(`r${text}`.slice(0, 255)),
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ lastname: text, firstname: text, rio: `r${text}`.slice(0, 255) })
  })

  attachedOnly(() => {
    test('refuses text that the host would store as question marks', async () => {
      const answer = await create(alice, { login: 'dora', lastname: EMOJI })
      expect([answer.statusCode, answer.json().field]).toEqual([422, 'lastname'])
    })

    test.each([
      [{ password: 'dora-comes-in-here' }, 404, '/problems/done-by-host'],
      [{ beginDate: '2020-01-01T00:00:00Z' }, 422, '/problems/value-refused'],
      [{ endDate: '2037-12-31T22:59:59Z' }, 422, '/problems/value-refused'],
    ])('leaves to the host what is done there: %j', async (payload, status, type) => {
      const answer = await create(alice, { login: 'dora', ...payload })
      expect([answer.statusCode, answer.json().type]).toEqual([status, type])
    })
  })

  embeddedOnly('passwords are the host’s', () => {
    test('makes somebody who can log in, where a password is given', async () => {
      await create(alice, {
        login: 'dora',
        password: secret('dora-comes-in-here'),
        profiles: [{ profileId: 6, entityId: 5, recursive: false }],
      })
      const answer = await it.ask('/apirest.php/initSession', {
        headers: { authorization: basic('dora', 'dora-comes-in-here') },
      })
      expect(answer.statusCode).toBe(200)
    })
  })

  test.each<[object, number, string]>([
    [{}, 422, 'login'],
    [{ login: '  ' }, 422, 'login'],
    [{ login: 'x'.repeat(256) }, 400, 'login'],
    [{ login: 'alice' }, 409, 'login'],
    [{ login: 'ALICE' }, 409, 'login'],
    [{ login: 'dora', rio: 'x'.repeat(256) }, 400, 'rio'],
    [{ login: 'dora', rio: 'a\u0007b' }, 422, 'rio'],
    [{ login: 'dora', lastname: 7 }, 400, 'lastname'],
    [{ login: 'dora', phone: 'x'.repeat(256) }, 400, 'phone'],
    [{ login: 'dora', emails: ['not an address'] }, 422, 'emails'],
    [{ login: 'dora', emails: ['a@b', 'A@B'] }, 422, 'emails'],
    [{ login: 'dora', emails: 'a@b' }, 400, 'emails'],
    [{ login: 'dora', entityId: 4711 }, 422, 'entityId'],
    [{ login: 'dora', locationId: 4711 }, 422, 'locationId'],
    [{ login: 'dora', language: 'French' }, 400, 'language'],
    [{ login: 'dora', beginDate: 'tomorrow' }, 400, 'beginDate'],
    [{ login: 'dora', endDate: '2039-01-01T00:00:00Z' }, 422, 'endDate'],
    [{ login: 'dora', beginDate: '1969-01-01T00:00:00Z' }, 422, 'beginDate'],
    ...either<[object, number, string][]>({
      embedded: [[{ login: 'dora', password: 'short' }, 422, 'password']],
      attached: [],
    }),
    [{ login: 'dora', profiles: [] }, 400, 'profiles'],
    [{ login: 'dora', profiles: [{ profileId: 4711, entityId: 0, recursive: true }] }, 422, 'profiles'],
    [{ login: 'dora', profiles: [{ profileId: 1, entityId: 4711, recursive: true }] }, 422, 'profiles'],
    [{ login: 'dora', is_active: 1 }, 400, 'is_active'],
  ])('refuses %j', async (payload, status, field) => {
    const count = async () =>
      (await it.services.storage.db.selectFrom('glpi_users').select('id').execute()).length
    const before = await count()
    const answer = await create(alice, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
    expect(await count()).toBe(before)
  })

  test('is for whoever may', async () => {
    expect((await create(bob, { login: 'dora' })).statusCode).toBe(403)
    await it.people.setRight(6, 'plugin_callmanager_access', 3)
    const answer = await create(bob, { login: 'dora' })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ entity: { id: 5 } })
    expect((await create(bob, { login: 'eve', entityId: 0 })).json()).toMatchObject({ field: 'entityId' })
    const up = { login: 'eve', profiles: [{ profileId: 4, entityId: 5, recursive: false }] }
    expect((await create(bob, up)).statusCode).toBe(403)
  })

  describe('with the RIO as its login', () => {
    beforeEach(() => it.services.settings.set('rio_storage_method', 'name'))

    test('takes it as the login', async () => {
      const user: User = (await create(alice, { rio: secret('7788990') })).json()
      expect(user).toMatchObject({ login: '7788990', rio: '7788990' })
      expect(await lookUp('7788990')).toMatchObject([{ id: user.id }])
    })

    test('refuses another login beside it', async () => {
      const answer = await create(alice, { rio: secret('7788990'), login: 'dora' })
      expect(answer.statusCode).toBe(422)
      expect(answer.json().field).toBe('login')
    })
  })

  test('with the RIO as its registration number writes it there', async () => {
    await it.services.settings.set('rio_storage_method', 'registration_number')
    const user: User = (await create(alice, { login: 'dora', rio: secret('7788990') })).json()
    expect(user).toMatchObject({ registrationNumber: '7788990', rio: '7788990' })
    const contradiction = { login: 'eve', rio: secret('7788991'), registrationNumber: '1' }
    expect((await create(alice, contradiction)).json().field).toBe('registrationNumber')
  })
})

describe('changing a user', () => {
  test('writes what is named and tells the new tag', async () => {
    const before = await read(alice, THIERRY)
    const answer = await change(
      alice,
      THIERRY,
      {
        phone: secret('04 65 71 99 02'),
        emails: ['roux@example.org', 'thierry.roux@example.org'],
        locationId: null,
      },
      { 'if-match': String(before.headers.etag) },
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      phone: '04 65 71 99 02',
      lastname: 'Roux',
      emails: ['roux@example.org', 'thierry.roux@example.org'],
      location: null,
    })
    const after = await read(alice, THIERRY)
    expect(after.headers.etag).toBe(answer.headers.etag)
    expect(after.headers.etag).not.toBe(before.headers.etag)
    const { users } = (await it.askAs(alice, `${API}/users/1228904`)).json()
    expect(users).toMatchObject([{ phone: '04 65 71 99 02', email: 'roux@example.org' }])
  })

  test('asks for the tag, and refuses an old one', async () => {
    const seen = { 'if-match': String((await read(alice, THIERRY)).headers.etag) }
    expect((await change(alice, THIERRY, { lastname: 'Roy' }, {})).statusCode).toBe(428)
    expect((await change(alice, THIERRY, { lastname: 'Roy' }, seen)).statusCode).toBe(200)
    expect((await change(alice, THIERRY, { lastname: 'Roi' }, seen)).statusCode).toBe(412)
    expect((await read(alice, THIERRY)).json().lastname).toBe('Roy')
  })

  test('lets one of many who edit the same at once', async () => {
    const seen = { 'if-match': String((await read(alice, THIERRY)).headers.etag) }
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, number) => change(alice, THIERRY, { lastname: `Roux ${number}` }, seen)),
    )
    const statuses = answers.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([200, 412, 412, 412, 412, 412, 412, 412])
  })

  test.each<[object, number, string | undefined]>([
    [{}, 400, undefined],
    [{ login: 'alice' }, 409, 'login'],
    [{ login: '' }, 422, 'login'],
    [{ lastname: 'x'.repeat(256) }, 400, 'lastname'],
    [{ emails: ['nonsense'] }, 422, 'emails'],
    [{ entityId: 4711 }, 422, 'entityId'],
    [{ locationId: 4711 }, 422, 'locationId'],
    [{ endDate: '2039-01-01T00:00:00Z' }, 422, 'endDate'],
    [{ deleted: true }, 400, 'deleted'],
    [{ id: 7 }, 400, 'id'],
    [{ password: 'not here' }, 400, 'password'],
  ])('refuses %j', async (payload, status, field) => {
    const before = (await read(alice, THIERRY)).body
    const answer = await change(alice, THIERRY, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
    expect((await read(alice, THIERRY)).body).toBe(before)
  })

  test.each(['login', 'lastname', 'firstname', 'phone', 'phone2', 'mobile', 'registrationNumber'])(
    'leaves %s to the directory that owns it',
    async (field) => {
      const id = await it.people.addUser({ login: 'ldap', authtype: 3, memberships: [{ entity: 5 }] })
      const answer = await change(alice, id, { [field]: secret('something else'), locationId: 4 })
      expect(answer.statusCode).toBe(409)
      expect(answer.json()).toMatchObject({ type: '/problems/directory-owned', field })
      expect((await change(alice, id, { emails: ['a@example.org'] })).json().field).toBe('emails')
      const same = { [field]: field === 'login' ? 'ldap' : '', locationId: 4 }
      expect((await change(alice, id, same)).statusCode).toBe(200)
    },
  )

  test('changes a login that is the RIO only where that is said', async () => {
    await it.services.settings.set('rio_storage_method', 'name')
    const refused = await change(alice, THIERRY, { login: secret('7788990') })
    expect(refused.statusCode).toBe(422)
    expect(refused.json().field).toBe('changesRio')
    expect((await change(alice, THIERRY, { login: 'thierry.roux', lastname: 'Roy' })).statusCode).toBe(200)
    const answer = await change(alice, THIERRY, { login: '7788990', changesRio: true })
    expect(answer.json()).toMatchObject({ login: '7788990', rio: '7788990' })
  })

  test('ends the sessions of whoever is disabled, at once and for good', async () => {
    expect((await it.askAs(bob, `${V1}/session`)).statusCode).toBe(200)
    expect((await change(alice, BOB.id, { enabled: false })).json().active).toBe(false)
    expect((await it.askAs(bob, `${V1}/session`)).statusCode).toBe(401)
    expect((await change(alice, BOB.id, { enabled: true })).json().active).toBe(true)
    // A host knows nothing of it, and its own session goes on.
    const forGood = either({ embedded: 401, attached: 200 })
    expect((await it.askAs(bob, `${V1}/session`)).statusCode).toBe(forGood)
    expect(await it.logIn('bob')).toBeTruthy()
  })

  test('is for whoever may, where they may', async () => {
    await it.people.setRight(6, 'plugin_callmanager_access', 3)
    expect((await change(bob, THIERRY, { lastname: 'Roy' })).statusCode).toBe(200)
    expect((await change(bob, ISABELLE, { lastname: 'Roy' })).statusCode).toBe(404)
    // Alice is seen from there, as she holds her profile above, but belongs to others.
    expect((await read(bob, ALICE.id)).statusCode).toBe(200)
    expect((await change(bob, ALICE.id, { lastname: 'Roy' })).statusCode).toBe(404)
    expect((await change(bob, ALICE.id, { login: 'mallory' })).statusCode).toBe(404)
  })
})

describe('the history of a user', () => {
  test('tells what happened in words, the newest first', async () => {
    await change(alice, THIERRY, { lastname: 'Roy', emails: [], locationId: null, enabled: false })
    await change(alice, THIERRY, { enabled: true, emails: ['roy@example.org'] })
    // A host has its own form for the bin.
    const binned = either({
      embedded: [
        ['restored', '', '', ''],
        ['deleted', '', '', ''],
      ],
      attached: [],
    })
    await it.askAs(alice, `${V1}/users/${THIERRY}`, { method: 'DELETE' })
    await change(alice, THIERRY, { deleted: false })
    const answer = await it.askAs(alice, `${V1}/users/${THIERRY}/history`)
    const lines = answer.json().items
    expect(
      lines.map((line: Record<string, string>) => [line.action, line.field, line.old, line.new]),
    ).toEqual([
      ...binned,
      ['added', 'email', '', 'roy@example.org'],
      ['changed', 'enabled', '0', '1'],
      ['removed', 'email', 'thierry.roux@example.org', ''],
      ['changed', 'enabled', '1', '0'],
      ['changed', 'locationId', 'Hôtel de la sous-préfecture (4)', ''],
      ['changed', 'lastname', 'Roux', 'Roy'],
      ['created', '', '', ''],
    ])
    expect(lines[0]).toMatchObject({ who: 'alice (101)', happenedAt: expect.stringMatching(/^\d{4}-.*Z$/) })
  })

  test('comes in pages', async () => {
    for (const lastname of ['A', 'B', 'C']) await change(alice, THIERRY, { lastname })
    const first = (await it.askAs(alice, `${V1}/users/${THIERRY}/history?limit=3`)).json()
    expect(first.items.map((line: { new: string }) => line.new)).toEqual(['C', 'B', 'A'])
    const second = (await it.askAs(alice, first.next)).json()
    expect(second).toMatchObject({ items: [{ action: 'created' }], next: null })
  })

  test('is not told of whoever is out of scope', async () => {
    expect((await it.askAs(bob, `${V1}/users/${ISABELLE}/history`)).statusCode).toBe(404)
  })
})
