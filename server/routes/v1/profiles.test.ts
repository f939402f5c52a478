import { describe, expect, test } from 'vitest'
import { ALICE, API, DOCUMENTED_RIO, startApp, type TestApp, V1 } from '../../../test/support/app.ts'
import { asHost } from '../../../test/support/as-host.ts'
import { either, embeddedOnly } from '../../../test/support/helpdesk.ts'

const [SELF_SERVICE, SUPER_ADMIN, TECHNICIAN, READ_ONLY] = [1, 4, 6, 8]
const NONE = { config: { update: false }, access: { read: false, update: false } }

const it = await startApp()
const alice = await it.logIn('alice')
const read = (id: number) => it.askAs(alice, `${V1}/profiles/${id}`)

function put(
  id: number,
  payload: object,
  headers: Record<string, string> = { 'if-match': '*' },
  app: TestApp = it,
  token = alice,
) {
  return app.askAs(token, `${V1}/profiles/${id}/rights`, { method: 'PUT', payload, headers })
}

const stored = async (id: number) =>
  Object.fromEntries(
    (
      await it.services.storage.db
        .selectFrom('glpi_profilerights')
        .select(['name', 'rights'])
        .where('profiles_id', '=', id)
        .where('name', 'like', 'plugin_callmanager%')
        .execute()
    ).map(({ name, rights }) => [name, rights]),
  )

test('profiles are listed by id, page by page, with what they give', async () => {
  const first = (await it.askAs(alice, `${V1}/profiles?limit=5`)).json()
  const second = (await it.askAs(alice, first.next)).json()
  const all = [...first.items, ...second.items]
  expect(second.next).toBeNull()
  expect(all.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(all[5]).toEqual({
    id: TECHNICIAN,
    name: 'Technician',
    interface: 'central',
    rights: { config: { update: false }, access: { read: true, update: false } },
    editable: true,
    reason: '',
  })
  expect(all[0]).toMatchObject({
    interface: 'helpdesk',
    editable: false,
    reason: expect.stringContaining('simplified interface'),
  })
  expect((await read(TECHNICIAN)).json()).toEqual(all[5])
})

test('a cursor of another list is refused', async () => {
  expect((await it.askAs(alice, `${V1}/profiles?cursor=nonsense`)).statusCode).toBe(422)
})

describe('giving rights', () => {
  test('works at once in sessions that are open', async () => {
    const bob = await it.logIn('bob')
    const lookUp = async () => (await it.askAs(bob, `${API}/users/${DOCUMENTED_RIO}`)).statusCode
    expect(await lookUp()).toBe(200)
    const answer = await put(TECHNICIAN, NONE, { 'if-match': String((await read(TECHNICIAN)).headers.etag) })
    expect(answer.statusCode).toBe(200)
    expect(answer.json().rights).toEqual({
      config: { update: false },
      access: { read: false, update: false },
    })
    expect(await lookUp()).toBe(403)
    await put(TECHNICIAN, { config: { update: true }, access: { read: true, update: true } })
    expect(await lookUp()).toBe(200)
    expect((await it.askAs(bob, `${V1}/settings`)).statusCode).toBe(200)
    expect(await stored(TECHNICIAN)).toEqual({ plugin_callmanager_access: 3, plugin_callmanager_config: 2 })
    await put(TECHNICIAN, { ...NONE, access: { read: true, update: false } })
  })

  test('keeps the bits that mean nothing to us, adds rows that are missing, and leaves lines of history', async () => {
    await asHost(it.services.storage).write('normal', async (tx) => {
      await tx
        .deleteFrom('glpi_profilerights')
        .where('profiles_id', '=', READ_ONLY)
        .where('name', '=', 'plugin_callmanager_config')
        .execute()
      await tx
        .updateTable('glpi_profilerights')
        .set({ rights: 1 + 8 })
        .where('profiles_id', '=', READ_ONLY)
        .where('name', '=', 'plugin_callmanager_access')
        .execute()
    })
    await put(READ_ONLY, { ...NONE, config: { update: true } })
    expect(await stored(READ_ONLY)).toEqual({ plugin_callmanager_access: 8, plugin_callmanager_config: 2 })
    const lines = await it.services.storage.db
      .selectFrom('glpi_logs')
      .select(['new_value', 'user_name'])
      .where('itemtype', '=', 'Profile')
      .where('items_id', '=', READ_ONLY)
      .execute()
    const by = { user_name: `alice (${ALICE.id})` }
    // A host keeps no history of rights.
    const written = [
      { ...by, new_value: 'plugin_callmanager_config: 0 → 2' },
      { ...by, new_value: 'plugin_callmanager_access: 9 → 8' },
    ]
    expect(lines).toEqual(either({ embedded: written, attached: [] }))
    await put(READ_ONLY, NONE)
  })

  test('needs to have seen what is there', async () => {
    const { etag } = (await read(TECHNICIAN)).headers
    expect((await put(TECHNICIAN, NONE, {})).statusCode).toBe(428)
    await put(TECHNICIAN, { ...NONE, access: { read: true, update: true } })
    expect((await put(TECHNICIAN, NONE, { 'if-match': String(etag) })).statusCode).toBe(412)
    await put(TECHNICIAN, { ...NONE, access: { read: true, update: false } })
  })

  test.each([
    [TECHNICIAN, { ...NONE, access: { read: false, update: true } }, 422, 'access.update'],
    [SELF_SERVICE, { ...NONE, access: { read: true, update: false } }, 422, 'id'],
    [4711, NONE, 404, undefined],
    [TECHNICIAN, { config: { update: true } }, 400, 'access'],
    [TECHNICIAN, { ...NONE, access: { read: 1, update: false } }, 400, 'access.read'],
    [TECHNICIAN, { ...NONE, user: true }, 400, 'user'],
  ])('of profile %i is refused: %j', async (id, payload, status, field) => {
    const before = await stored(id)
    const answer = await put(id, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
    expect(await stored(id)).toEqual(before)
  })
})

embeddedOnly('a host’s administrators can always give its rights again', () => {
  describe('nobody locks everybody out', () => {
    const keep = { ...NONE, config: { update: true } }

    test('the last profile that a usable person administers by keeps the right', async () => {
      const app = await startApp()
      const token = await app.logIn('alice')
      const give = (id: number, rights: object) => put(id, rights, { 'if-match': '*' }, app, token)
      const refused = await give(SUPER_ADMIN, NONE)
      expect(refused.statusCode).toBe(409)
      expect(refused.json()).toMatchObject({
        type: '/problems/last-administrator',
        remedy: expect.any(String),
      })

      // A profile that nobody holds, or only somebody who cannot log in, does not count.
      await give(READ_ONLY, keep)
      const membership = { memberships: [{ entity: 0, profile: READ_ONLY }] }
      await app.people.addUser({ login: 'inactive', is_active: 0, ...membership })
      await app.people.addUser({ login: 'binned', is_deleted: 1, ...membership })
      await app.people.addUser({ login: 'ended', end_date: '2020-01-01 00:00:00', ...membership })
      await app.people.addUser({ login: 'to come', begin_date: '2037-12-31 00:00:00', ...membership })
      expect((await give(SUPER_ADMIN, NONE)).statusCode).toBe(409)
      await app.people.addUser({ login: 'usable', ...membership })
      expect((await give(SUPER_ADMIN, NONE)).statusCode).toBe(200)
      expect((await give(READ_ONLY, NONE)).statusCode).toBe(403)
    })
  })
})
