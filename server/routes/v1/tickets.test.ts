import { describe, expect, test } from 'vitest'
import { BOB, secret, startApp, V1 } from '../../../test/support/app.ts'
import { ATTACHED, attachedOnly, either } from '../../../test/support/helpdesk.ts'
import { ticketsIn } from '../../../test/support/tickets.ts'

/** Thierry Roux of Villefranche, whom Bob sees, and John Doe of the prefecture, whom he does not. */
const THIERRY = 11
const JOHN = 1
const VILLEFRANCHE = 5
/** Where Bob's tickets of the demo are, and one that is elsewhere. */
const IN_VILLEFRANCHE = 6
const ELSEWHERE = 3
/** Categories of the demo. */
const [MESSAGING, ACCESS, COUNTERS] = [8, 9, 10]

const it = await startApp()
const bob = await it.logIn('bob')
const alice = await it.logIn('alice')
const tickets = ticketsIn(it.services.storage)

const read = async (token: string, path: string) => (await it.askAs(token, `${V1}${path}`)).json()
const post = (token: string, path: string, payload: object | string, key?: string) =>
  it.askAs(token, `${V1}${path}`, {
    method: 'POST',
    payload,
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
  })

/** An ITSM-NG's columns hold none. */
const EMOJI = ATTACHED ? '☎' : '👩‍💻'

/** What the helpdesk itself makes of a new, urgent ticket of Bob's: a host has a matrix, and gives it to who writes it. */
const BY_RULES = either({
  embedded: { priority: 5, status: 'new', technicians: [] },
  attached: { priority: 4, status: 'assigned', technicians: [{ id: BOB.id }] },
})

const CALL = {
  requesterId: THIERRY,
  title: secret(`Écran noir chez O’Brien <b> ${EMOJI}`),
  description: secret('Depuis ce matin :\n\técran noir & « bip » <b>'),
  type: 'incident',
}

describe('the tickets of a person', () => {
  test('are listed with their counts, what is open first', async () => {
    const { items, next, counts } = await read(alice, `/users/${JOHN}/tickets`)
    expect(items.map((ticket: { status: string }) => ticket.status)).toEqual([
      'new',
      'pending',
      'assigned',
      'solved',
      'closed',
    ])
    expect(items[2]).toEqual({
      id: ELSEWHERE,
      title: 'Pas de tonalité au poste 4521',
      type: 'incident',
      status: 'assigned',
      urgency: 4,
      impact: 3,
      priority: 4,
      category: { id: 5, name: 'Poste fixe', path: 'Téléphonie > Poste fixe' },
      entity: { id: 1, name: 'Préfecture du Rhône' },
      openedAt: '2024-01-16T08:03:00Z',
      changedAt: '2024-01-17T10:03:00Z',
      technicians: [{ id: 4, name: 'tech' }],
      groups: [{ id: 2, name: 'Réseaux et téléphonie' }],
    })
    expect(next).toBeNull()
    expect(counts).toEqual({
      open: 3,
      new: 1,
      assigned: 1,
      planned: 0,
      pending: 1,
      solved: 1,
      closed: 1,
      complete: true,
    })
  })

  test('are read page by page, by the address that the page before gives', async () => {
    let next: string | null = `${V1}/users/${JOHN}/tickets?status=all&sort=-priority&limit=2`
    const ids: number[] = []
    while (next !== null) {
      const page: { items: { id: number }[]; next: string | null } = (await it.askAs(alice, next)).json()
      ids.push(...page.items.map(({ id }) => id))
      expect(page.next ?? 'sort=-priority&limit=2').toContain('sort=-priority&limit=2')
      next = page.next
    }
    expect(ids).toEqual([5, 3, 2, 1, 4])
  })

  test('are none of somebody out of scope, as of nobody', async () => {
    for (const id of [JOHN, 4711]) {
      const answer = await it.askAs(bob, `${V1}/users/${id}/tickets`)
      expect(answer.statusCode).toBe(404)
      expect(answer.json().type).toBe('/problems/user-unknown')
    }
  })

  test.each([
    ['status=some', 'status'],
    ['sort=title', 'sort'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['page=2', ''],
  ])('are not asked for by %s', async (query, field) => {
    const answer = await it.askAs(alice, `${V1}/users/${JOHN}/tickets?${query}`)
    expect(answer.statusCode).toBe(400)
    if (field !== '') expect(answer.json().field).toBe(field)
  })

  test('are not gone through with a cursor that was made up', async () => {
    const answer = await it.askAs(alice, `${V1}/users/${JOHN}/tickets?cursor=abc`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json().field).toBe('cursor')
  })
})

describe('a ticket', () => {
  test('is read with who is on it and its followups, newest first', async () => {
    const ticket = await read(alice, `/tickets/${ELSEWHERE}`)
    expect(ticket).toMatchObject({
      title: 'Pas de tonalité au poste 4521',
      description: 'Depuis ce matin.\nLe combiné a été échangé avec celui du voisin : même panne.',
      source: 'Phone',
      author: { id: 2, name: 'itsm' },
      requesters: [{ id: JOHN, name: 'Doe John' }],
      technicians: [{ id: 4, name: 'tech' }],
      groups: [{ id: 2, name: 'Réseaux et téléphonie' }],
      followups: { next: null },
    })
    expect(ticket.followups.items.map((followup: { private: boolean }) => followup.private)).toEqual([
      false,
      true,
      false,
    ])
  })

  test('goes on with its followups where the first page ends', async () => {
    const id = await tickets.addTicket({ entity: VILLEFRANCHE, users: { requester: [THIERRY] } })
    for (let number = 1; number <= 30; number++) await tickets.addFollowup(id, BOB.id, `number ${number}`)
    const { followups } = await read(bob, `/tickets/${id}`)
    expect(followups.items).toHaveLength(25)
    const rest = (await it.askAs(bob, followups.next)).json()
    expect(rest.items.map(({ content }: { content: string }) => content)).toEqual([
      'number 5',
      'number 4',
      'number 3',
      'number 2',
      'number 1',
    ])
    expect(rest.next).toBeNull()
    const first = await read(bob, `/tickets/${id}/followups?limit=3`)
    expect(first.next).toMatch(/followups\?limit=3&cursor=/)
  })

  test.each([ELSEWHERE, 4711])('is not there out of scope, as nowhere: %i', async (id) => {
    for (const path of [`/tickets/${id}`, `/tickets/${id}/followups`, `/tickets/${id}/followups/1`]) {
      const answer = await it.askAs(bob, `${V1}${path}`)
      expect(answer.statusCode).toBe(404)
      expect(answer.json().type).toBe('/problems/ticket-unknown')
    }
  })
})

describe('opening a ticket', () => {
  test('answers it, and where it stands: the caller asks, the agent writes, by telephone', async () => {
    const answer = await post(bob, '/tickets', { ...CALL, categoryId: COUNTERS, urgency: 5 })
    expect(answer.statusCode).toBe(201)
    const ticket = answer.json()
    expect(answer.headers.location).toBe(`${V1}/tickets/${ticket.id}`)
    expect(answer.headers['idempotency-replayed']).toBeUndefined()
    expect(ticket).toMatchObject({
      title: CALL.title,
      description: CALL.description,
      type: 'incident',
      urgency: 5,
      impact: 3,
      category: { id: COUNTERS, name: 'Guichets' },
      entity: { id: VILLEFRANCHE },
      source: 'Phone',
      author: { id: BOB.id },
      requesters: [{ id: THIERRY }],
      groups: [],
      followups: { items: [], next: null },
      ...BY_RULES,
    })
    expect(await read(bob, `/tickets/${ticket.id}`)).toEqual(ticket)
  })

  test('is of medium urgency, without category and where the caller is, when not told otherwise', async () => {
    const ticket = (await post(alice, '/tickets', CALL)).json()
    expect(ticket).toMatchObject({ urgency: 3, category: null, entity: { id: VILLEFRANCHE } })
  })

  const LONGEST = secret((ATTACHED ? 'é' : '👩').repeat(255))
  test.each<[string, object, number]>([
    ['requesterId', { requesterId: '11' }, 400],
    ['requesterId', { requesterId: undefined }, 400],
    ['title', { title: '' }, 400],
    ['title', { title: 7 }, 400],
    ['title', { title: `${LONGEST}x` }, 400],
    ['title', { title: '  ' }, 422],
    ['title', { title: 'two\nlines' }, 422],
    ['description', { description: null }, 400],
    ['type', { type: 'problem' }, 400],
    ['urgency', { urgency: 0 }, 400],
    ['urgency', { urgency: 6 }, 400],
    ['urgency', { urgency: '3' }, 400],
    ['categoryId', { categoryId: -1 }, 400],
    ['categoryId', { categoryId: 4711 }, 422],
    ['categoryId', { categoryId: ACCESS }, 422],
    ['categoryId', { categoryId: MESSAGING, type: 'request' }, 422],
    ['entityId', { entityId: 1 }, 422],
    ['entityId', { entityId: 2.5 }, 400],
  ])('refuses %s: %#', async (field, change, status) => {
    const before = await it.services.storage.db.selectFrom('glpi_tickets').select('id').execute()
    const answer = await post(bob, '/tickets', { ...CALL, ...change })
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
    expect(await it.services.storage.db.selectFrom('glpi_tickets').select('id').execute()).toEqual(before)
  })

  test('takes the longest title, of characters as wide as the helpdesk holds', async () => {
    expect((await post(bob, '/tickets', { ...CALL, title: LONGEST })).json().title).toBe(LONGEST)
  })

  attachedOnly(() => {
    test.each(['title', 'description'])(
      'refuses a %s that the host would store as question marks',
      async (field) => {
        const answer = await post(bob, '/tickets', { ...CALL, [field]: 'Écran 👩‍💻' })
        expect([answer.statusCode, answer.json().field]).toEqual([422, field])
      },
    )
  })

  test('refuses what is not a ticket at all, or too long for any', async () => {
    expect((await post(bob, '/tickets', '{')).statusCode).toBe(400)
    expect((await post(bob, '/tickets', { ...CALL, status: 5 })).statusCode).toBe(400)
    expect((await post(bob, '/tickets', { ...CALL, description: 'x'.repeat(70_000) })).statusCode).toBe(413)
  })

  test('knows nobody out of scope', async () => {
    const answer = await post(bob, '/tickets', { ...CALL, requesterId: JOHN })
    expect(answer.statusCode).toBe(404)
    expect(answer.json().type).toBe('/problems/user-unknown')
  })
})

describe('adding a followup', () => {
  const CONTENT = secret(`Rappelé à 14 h : <b>résolu</b> ${EMOJI}`)

  test('answers it, and where it stands', async () => {
    const answer = await post(bob, `/tickets/${IN_VILLEFRANCHE}/followups`, {
      content: CONTENT,
      private: true,
    })
    expect(answer.statusCode).toBe(201)
    const followup = answer.json()
    expect(followup).toMatchObject({ content: CONTENT, private: true, author: { id: BOB.id } })
    expect(answer.headers.location).toBe(`${V1}/tickets/${IN_VILLEFRANCHE}/followups/${followup.id}`)
    expect((await it.askAs(bob, answer.headers.location ?? '')).json()).toEqual(followup)
    expect((await read(bob, `/tickets/${IN_VILLEFRANCHE}`)).followups.items[0]).toEqual(followup)
  })

  test('is not done on a closed ticket, and says what to do instead', async () => {
    const answer = await post(alice, '/tickets/1/followups', { content: CONTENT, private: false })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({
      type: '/problems/ticket-closed',
      remedy: expect.stringContaining('new ticket'),
    })
  })

  test('is not done on a ticket out of scope, as on none', async () => {
    for (const id of [ELSEWHERE, 4711]) {
      const answer = await post(bob, `/tickets/${id}/followups`, { content: CONTENT, private: false })
      expect(answer.statusCode).toBe(404)
    }
  })

  test.each<[string, object, number]>([
    ['content', { content: '' }, 400],
    ['content', { content: ' \n' }, 422],
    ['content', { content: 7 }, 400],
    ['private', { private: 'yes' }, 400],
    ['private', { private: undefined }, 400],
  ])('refuses %s: %#', async (field, change, status) => {
    const asked = { content: CONTENT, private: false, ...change }
    const answer = await post(bob, `/tickets/${IN_VILLEFRANCHE}/followups`, asked)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
  })
})

describe('an Idempotency-Key', () => {
  test('makes a repeated ticket one, however its properties are ordered', async () => {
    const first = await post(bob, '/tickets', CALL, 'call-1')
    const { requesterId, ...rest } = CALL
    const again = await post(bob, '/tickets', { ...rest, requesterId }, 'call-1')
    expect(again.statusCode).toBe(201)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.headers.location).toBe(first.headers.location)
    expect(again.json()).toEqual(first.json())
    expect((await post(alice, '/tickets', CALL, 'call-1')).json().id).not.toBe(first.json().id)
  })

  test('makes a repeated followup one', async () => {
    const asked = { content: secret('Une seule fois, promis'), private: false }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        post(bob, `/tickets/${IN_VILLEFRANCHE}/followups`, asked, 'followup-1'),
      ),
    )
    // While a host makes it, nobody knows of it yet.
    const early = answers.filter((answer) => answer.json().type === '/problems/request-under-way')
    if (!ATTACHED) expect(early).toEqual([])
    const made = answers.filter((answer) => !early.includes(answer))
    expect(new Set(made.map((answer) => `${answer.statusCode} ${answer.json().id}`)).size).toBe(1)
    expect(made.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
  })

  test('is not used again for another request: body, ticket or operation', async () => {
    const followup = { content: secret('Un suivi quelconque'), private: false }
    await post(alice, `/tickets/${IN_VILLEFRANCHE}/followups`, followup, 'once')
    const others: [string, object][] = [
      [`/tickets/${IN_VILLEFRANCHE}/followups`, { ...followup, private: true }],
      [`/tickets/${ELSEWHERE}/followups`, followup],
      ['/tickets', CALL],
    ]
    for (const [path, body] of others) {
      const answer = await post(alice, path, body, 'once')
      expect(answer.statusCode).toBe(422)
      expect(answer.json().type).toBe('/problems/idempotency-key-reused')
    }
  })

  test('is still good after a request that failed', async () => {
    expect((await post(bob, '/tickets', { ...CALL, entityId: 1 }, 'retry')).statusCode).toBe(422)
    const answer = await post(bob, '/tickets', CALL, 'retry')
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['idempotency-replayed']).toBeUndefined()
  })

  test('answers nothing of a ticket that has left the scope', async () => {
    const first = await post(bob, '/tickets', CALL, 'moved')
    await tickets.update(first.json().id, { entities_id: 1 })
    expect((await post(bob, '/tickets', CALL, 'moved')).statusCode).toBe(404)
  })

  test.each(['', 'é', 'two words', 'x'.repeat(256)])('is refused as %j', async (key) => {
    const answer = await post(bob, '/tickets', CALL, key)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().field).toBe('idempotency-key')
  })
})

test('a right that is withdrawn works at once', async () => {
  const app = await startApp()
  const token = await app.logIn('alice')
  const profile = (name: string, rights: number) => app.people.setRight(4, name, rights)
  const ask = async (method: 'GET' | 'POST', path: string, payload?: object) =>
    (await app.askAs(token, `${V1}${path}`, { method, ...(payload !== undefined && { payload }) })).statusCode
  await profile('ticketvalidation', 0)
  await profile('ticket', 4)
  expect(await ask('GET', '/tickets/3')).toBe(403)
  expect(await ask('GET', '/users/1/tickets')).toBe(403)
  // Who may only open tickets is shown what they have opened.
  expect(await ask('POST', '/tickets', CALL)).toBe(201)
  await profile('ticket', 1024)
  expect(await ask('GET', '/tickets/3')).toBe(200)
  expect(await ask('POST', '/tickets', CALL)).toBe(403)
  await profile('followup', 4097)
  expect(await ask('POST', '/tickets/3/followups', { content: 'x', private: true })).toBe(403)
  expect(await ask('POST', '/tickets/3/followups', { content: 'x', private: false })).toBe(201)
  await profile('plugin_callmanager_access', 0)
  expect(await ask('GET', '/tickets/3')).toBe(403)
  expect(await ask('POST', '/tickets/3/followups', { content: 'x', private: false })).toBe(403)
})
