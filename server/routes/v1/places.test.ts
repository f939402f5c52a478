import { beforeEach, describe, expect, test } from 'vitest'
import type { Entity, Location } from '../../../contract/places.ts'
import { API, startApp, type TestApp, V1 } from '../../../test/support/app.ts'
import { asHost } from '../../../test/support/as-host.ts'
import { embeddedOnly } from '../../../test/support/helpdesk.ts'

const ANY = { 'if-match': '*' }
const RHONE = 1
const VILLEFRANCHE = 5
const ACCUEIL = 6
const HOTEL = 4
const GUICHET = 5

let it: TestApp
let alice: string
let bob: string

beforeEach(async () => {
  it = await startApp()
  alice = await it.logIn('alice')
  bob = await it.logIn('bob')
})

const get = (token: string, path: string) => it.askAs(token, `${V1}/${path}`)
const post = (token: string, path: string, payload: object) =>
  it.askAs(token, `${V1}/${path}`, { method: 'POST', payload })
const patch = (token: string, path: string, payload: object, headers: Record<string, string> = ANY) =>
  it.askAs(token, `${V1}/${path}`, { method: 'PATCH', payload, headers })
const remove = (token: string, path: string) => it.askAs(token, `${V1}/${path}`, { method: 'DELETE' })

/** The history of a place: action, field by the host's number, old and new value. */
const history = async (itemtype: string, id: number) =>
  (
    await it.services.storage.db
      .selectFrom('glpi_logs')
      .select(['linked_action', 'id_search_option', 'old_value', 'new_value'])
      .where('itemtype', '=', itemtype)
      .where('items_id', '=', id)
      .orderBy('id')
      .execute()
  ).map((line) => Object.values(line))

describe('entities', () => {
  test('are a tree, read from top to bottom in pages', async () => {
    const paths: string[] = []
    for (let url: string | null = `${V1}/entities?limit=2`; url !== null; ) {
      const { items, next }: { items: Entity[]; next: string | null } = (await it.askAs(alice, url)).json()
      paths.push(...items.map(({ path }) => path))
      url = next
    }
    expect(paths).toHaveLength(9)
    expect(paths).toEqual([...paths].sort())
    for (const path of paths) {
      const above = path.split(' > ').slice(0, -1).join(' > ')
      if (above !== '') expect(paths.indexOf(above)).toBeLessThan(paths.indexOf(path))
    }
  })

  test('are those of the session', async () => {
    expect((await get(bob, 'entities')).json()).toEqual({
      items: [
        {
          id: VILLEFRANCHE,
          name: 'Sous-préfecture de Villefranche',
          path: 'Root entity > Préfecture du Rhône > Sous-préfecture de Villefranche',
          parentId: RHONE,
        },
      ],
      next: null,
    })
  })

  test.each([
    ['SOUS-PREFECTURE', 3],
    ['rhone accueil', 1],
    ['nothing of the kind', 0],
    ['%', 0],
  ])('are searched for by %s', async (q, count) => {
    expect((await get(alice, `entities?q=${encodeURIComponent(q)}`)).json().items).toHaveLength(count)
  })

  embeddedOnly('a host has its own pages to write them', () => {
    test('are made below another, and belong to the scope at once', async () => {
      const answer = await post(alice, 'entities', { name: "  Antenne d'Anse ", parentId: VILLEFRANCHE })
      expect(answer.statusCode).toBe(201)
      const made: Entity = answer.json()
      expect(made).toEqual({
        id: 9,
        name: "Antenne d'Anse",
        path: "Root entity > Préfecture du Rhône > Sous-préfecture de Villefranche > Antenne d'Anse",
        parentId: VILLEFRANCHE,
      })
      expect(answer.headers.location).toBe(`${V1}/entities/${made.id}`)
      const again = await it.askAs(alice, String(answer.headers.location))
      expect(again.json()).toEqual(made)
      expect(again.headers.etag).toBe(answer.headers.etag)
      expect(await history('Entity', made.id)).toEqual([[20, 0, '', '']])
      expect((await post(alice, 'users', { login: 'dora', entityId: made.id })).statusCode).toBe(201)
    })

    test.each(['O’Brien', '<b>Bold</b> > & "quoted"', '👩‍💻', 'é'.repeat(255)])(
      'may be called %s',
      async (name) => {
        expect((await post(alice, 'entities', { name, parentId: 0 })).json().name).toBe(name)
      },
    )

    test('many at once each get an id of their own', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, number) =>
          post(alice, 'entities', { name: `E${number}`, parentId: 0 }),
        ),
      )
      expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(10)
    })

    test.each<[object, number, string]>([
      [{ parentId: 0 }, 400, 'name'],
      [{ name: 'x' }, 400, 'parentId'],
      [{ name: '   ', parentId: 0 }, 422, 'name'],
      [{ name: 'x'.repeat(256), parentId: 0 }, 400, 'name'],
      [{ name: 'x', parentId: 4711 }, 422, 'parentId'],
      [{ name: 'Accueil du public', parentId: VILLEFRANCHE }, 409, 'name'],
      [{ name: 'x', parentId: 0, level: 3 }, 400, 'level'],
    ])('are refused as %j', async (payload, status, field) => {
      const answer = await post(alice, 'entities', payload)
      expect(answer.statusCode).toBe(status)
      expect(answer.json().field).toBe(field)
    })

    test('carry the paths of all below when they are renamed or moved', async () => {
      const { etag } = (await get(alice, `entities/${VILLEFRANCHE}`)).headers
      const seen = { 'if-match': String(etag) }
      const answer = await patch(
        alice,
        `entities/${VILLEFRANCHE}`,
        { name: 'Villefranche', parentId: 7 },
        seen,
      )
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject({ path: 'Root entity > La Réunion > Villefranche', parentId: 7 })
      expect((await get(alice, `entities/${ACCUEIL}`)).json().path).toBe(
        'Root entity > La Réunion > Villefranche > Accueil du public',
      )
      const { level } = await it.services.storage.db
        .selectFrom('glpi_entities')
        .select('level')
        .where('id', '=', ACCUEIL)
        .executeTakeFirstOrThrow()
      expect(level).toBe(4)
      expect((await patch(alice, `entities/${VILLEFRANCHE}`, { name: 'x' }, seen)).statusCode).toBe(412)
      expect((await patch(alice, `entities/${VILLEFRANCHE}`, { name: 'x' }, {})).statusCode).toBe(428)
      expect(await history('Entity', VILLEFRANCHE)).toEqual([
        [0, 14, 'Sous-préfecture de Villefranche', 'Villefranche'],
        [0, 13, '1', '7'],
      ])
      expect((await patch(alice, 'entities/0', { name: 'Everything' })).statusCode).toBe(200)
      expect((await get(alice, `entities/${ACCUEIL}`)).json().path).toBe(
        'Everything > La Réunion > Villefranche > Accueil du public',
      )
    })

    test.each<[number, object, number, string | undefined]>([
      [VILLEFRANCHE, { parentId: VILLEFRANCHE }, 422, 'parentId'],
      [VILLEFRANCHE, { parentId: ACCUEIL }, 422, 'parentId'],
      [RHONE, { parentId: ACCUEIL }, 422, 'parentId'],
      [0, { parentId: RHONE }, 422, 'parentId'],
      [VILLEFRANCHE, { parentId: 4711 }, 422, 'parentId'],
      [4, { name: 'Sous-préfecture de Villefranche' }, 409, 'name'],
      [VILLEFRANCHE, {}, 400, undefined],
      [4711, { name: 'x' }, 404, undefined],
    ])('are not to be bent: %i %j', async (id, payload, status, field) => {
      const before = (await get(alice, 'entities?limit=100')).body
      const answer = await patch(alice, `entities/${id}`, payload)
      expect(answer.statusCode).toBe(status)
      expect(answer.json().field).toBe(field)
      expect((await get(alice, 'entities?limit=100')).body).toBe(before)
    })

    test('go only when nothing is in them', async () => {
      const { id }: Entity = (
        await post(alice, 'entities', { name: 'Antenne', parentId: VILLEFRANCHE })
      ).json()
      const user = (await post(alice, 'users', { login: 'dora', entityId: id })).json()
      for (const full of [0, RHONE, VILLEFRANCHE, id]) {
        const answer = await remove(alice, `entities/${full}`)
        expect(answer.statusCode).toBe(full === 0 ? 422 : 409)
        if (full !== 0) expect(answer.json().type).toBe('/problems/in-use')
      }
      await it.askAs(alice, `${V1}/users/${user.id}?purge=true`, { method: 'DELETE' })
      expect((await remove(alice, `entities/${id}`)).statusCode).toBe(204)
      expect((await get(alice, `entities/${id}`)).statusCode).toBe(404)
      expect((await remove(alice, `entities/${id}`)).statusCode).toBe(404)
      expect(await history('Entity', id)).toEqual([
        [20, 0, '', ''],
        [13, 0, '', ''],
      ])
    })

    test('are for whoever holds the right, as far as they reach', async () => {
      const child = { name: 'Antenne', parentId: VILLEFRANCHE }
      expect((await post(bob, 'entities', child)).statusCode).toBe(403)
      await it.people.setRight(6, 'entity', 31)
      expect((await post(bob, 'entities', { ...child, parentId: 7 })).json().field).toBe('parentId')
      // He holds his profile there alone, and what he made he would not see.
      expect((await post(bob, 'entities', child)).json().field).toBe('parentId')
      expect((await patch(bob, 'entities/7', { name: 'x' })).statusCode).toBe(404)
      expect((await remove(bob, 'entities/7')).statusCode).toBe(404)
      expect((await patch(bob, `entities/${VILLEFRANCHE}`, { name: 'Villefranche' })).statusCode).toBe(200)
      expect((await patch(bob, `entities/${VILLEFRANCHE}`, { parentId: 0 })).statusCode).toBe(422)
    })

    test('that move take their people out of a scope', async () => {
      expect((await it.askAs(bob, `${API}/users/1228904`)).json().users).toHaveLength(1)
      await patch(alice, 'session', { entityId: RHONE, recursive: true })
      expect((await it.askAs(alice, `${API}/users/1228904`)).json().users).toHaveLength(1)
      const other = await it.logIn('alice')
      expect((await patch(other, `entities/${VILLEFRANCHE}`, { parentId: 7 })).statusCode).toBe(200)
      expect((await it.askAs(alice, `${API}/users/1228904`)).json().users).toHaveLength(0)
      expect((await it.askAs(bob, `${API}/users/1228904`)).json().users).toHaveLength(1)
    })
  })
})

describe('locations', () => {
  test('are those of the session’s entities, and those meant for them from above', async () => {
    const names = async (token: string) =>
      (await get(token, 'locations?limit=100')).json().items.map(({ name }: Location) => name)
    expect(await names(bob)).toEqual(['Cité administrative', 'Bâtiment A', 'Hôtel de la sous-préfecture'])
    expect(await names(alice)).toHaveLength(6)
  })

  embeddedOnly('a host has its own pages to write them', () => {
    test('are made, renamed, moved and deleted', async () => {
      const answer = await post(alice, 'locations', {
        name: 'Salle 12',
        parentId: HOTEL,
        entityId: VILLEFRANCHE,
        recursive: true,
      })
      expect(answer.statusCode).toBe(201)
      const made: Location = answer.json()
      expect(made).toMatchObject({
        path: 'Hôtel de la sous-préfecture > Salle 12',
        parentId: HOTEL,
        entityId: VILLEFRANCHE,
        recursive: true,
      })
      expect(answer.headers.location).toBe(`${V1}/locations/${made.id}`)
      const seen = { 'if-match': String(answer.headers.etag) }
      const moved = await patch(
        alice,
        `locations/${made.id}`,
        { name: 'Salle 14', parentId: null, recursive: false },
        seen,
      )
      expect(moved.json()).toMatchObject({ path: 'Salle 14', parentId: null, recursive: false })
      expect((await patch(alice, `locations/${made.id}`, { name: 'x' }, seen)).statusCode).toBe(412)
      expect(await history('Location', made.id)).toEqual([
        [20, 0, '', ''],
        [0, 14, 'Salle 12', 'Salle 14'],
        [0, 13, String(HOTEL), '0'],
        [0, 86, '1', '0'],
      ])
      expect((await remove(alice, `locations/${made.id}`)).statusCode).toBe(204)
      expect((await get(alice, `locations/${made.id}`)).statusCode).toBe(404)
    })

    test('carry the paths of what lies within', async () => {
      await patch(alice, `locations/${HOTEL}`, { name: 'Hôtel' })
      expect((await get(alice, `locations/${GUICHET}`)).json().path).toBe('Hôtel > Guichet 3')
    })

    test.each<[object, number, string]>([
      [{}, 400, 'name'],
      [{ name: ' ' }, 422, 'name'],
      [{ name: 'x', entityId: 4711 }, 422, 'entityId'],
      [{ name: 'x', parentId: 4711 }, 422, 'parentId'],
      // A room that is not for those below, and of another entity.
      [{ name: 'x', entityId: VILLEFRANCHE, parentId: 3 }, 422, 'parentId'],
      [{ name: 'Hôtel de la sous-préfecture', entityId: VILLEFRANCHE }, 409, 'name'],
      [{ name: 'x', building: 'B' }, 400, 'building'],
    ])('are refused as %j', async (payload, status, field) => {
      const answer = await post(alice, 'locations', payload)
      expect(answer.statusCode).toBe(status)
      expect(answer.json().field).toBe(field)
    })

    test.each<[number, object, number, string | undefined]>([
      [HOTEL, { parentId: HOTEL }, 422, 'parentId'],
      [1, { parentId: 2 }, 422, 'parentId'],
      [4711, { name: 'x' }, 404, undefined],
    ])('are not to be bent: %i %j', async (id, payload, status, field) => {
      const answer = await patch(alice, `locations/${id}`, payload)
      expect(answer.statusCode).toBe(status)
      expect(answer.json().field).toBe(field)
    })

    test('go only when nothing uses them', async () => {
      expect((await remove(alice, `locations/${HOTEL}`)).json().detail).toContain('locations')
      expect((await remove(alice, 'locations/3')).statusCode).toBe(409)
    })

    test('are for whoever holds the right, as far as they reach', async () => {
      expect((await post(bob, 'locations', { name: 'Salle 1' })).statusCode).toBe(403)
      await it.people.setRight(6, 'location', 23)
      expect((await post(bob, 'locations', { name: 'Salle 1' })).json()).toMatchObject({
        entityId: VILLEFRANCHE,
      })
      expect((await post(bob, 'locations', { name: 'Salle 2', recursive: true })).json().field).toBe(
        'recursive',
      )
      // Seen from below, and another entity's to change.
      expect((await get(bob, 'locations/1')).statusCode).toBe(200)
      expect((await patch(bob, 'locations/1', { name: 'x' })).statusCode).toBe(403)
      expect((await patch(bob, 'locations/6', { name: 'x' })).statusCode).toBe(404)
    })
  })
})

describe('categories and request types', () => {
  beforeEach(async () => {
    await asHost(it.services.storage).write('normal', async (tx) => {
      await tx.deleteFrom('glpi_itilcategories').execute()
      const rows = [
        [1, 'Matériel', 0, 1, 1, 1],
        [2, 'Accès', 0, 1, 0, 1],
        [3, 'Panne', VILLEFRANCHE, 0, 1, 0],
        [4, 'Ailleurs', 7, 1, 1, 1],
        [5, 'Siège', 0, 0, 1, 1],
      ] as const
      for (const [id, name, entities_id, is_recursive, is_incident, is_request] of rows) {
        const place = {
          id,
          name,
          completename: name,
          entities_id,
          is_recursive,
          itilcategories_id: 0,
          level: 1,
        }
        await tx
          .insertInto('glpi_itilcategories')
          .values({ ...place, is_incident, is_request })
          .execute()
      }
    })
  })

  test.each([
    ['', ['Accès', 'Matériel', 'Panne']],
    ['?type=incident', ['Matériel', 'Panne']],
    ['?type=request', ['Accès', 'Matériel']],
    ['?q=acces', ['Accès']],
  ])('categories%s of an entity and from above it', async (query, names) => {
    const { items, next } = (await get(bob, `categories${query}`)).json()
    expect(items.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(next).toBeNull()
  })

  test('refuse what they do not know', async () => {
    expect((await get(bob, 'categories?type=problem')).json().field).toBe('type')
  })

  test('request types are the active ones', async () => {
    await asHost(it.services.storage).write('normal', (tx) =>
      tx.updateTable('glpi_requesttypes').set({ is_active: 0 }).where('id', '=', 5).execute(),
    )
    expect((await get(bob, 'request-types')).json()).toEqual({
      items: [
        { id: 1, name: 'Helpdesk' },
        { id: 2, name: 'E-Mail' },
        { id: 3, name: 'Phone' },
        { id: 4, name: 'Direct' },
        { id: 6, name: 'Other' },
      ],
      next: null,
    })
  })
})
