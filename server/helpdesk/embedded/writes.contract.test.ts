import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import {
  EVERYTHING,
  NOTHING,
  type People,
  PROFILES,
  peopleIn,
  TECHNICIAN,
} from '../../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../../test/support/storages.ts'
import { type TestTicket, ticketsIn } from '../../../test/support/tickets.ts'
import type { Rights } from '../../domain/rights.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import type { Storage } from '../../storage/storage.ts'
import { createEntityTree } from '../entity-tree.ts'
import type { Agent, NewTicket } from '../helpdesk.ts'
import { readUserState, userTag } from '../user-state.ts'
import { createTicketWrites } from './tickets.ts'
import { createUserWrites } from './users.ts'

const TABLES = [
  'glpi_users',
  'glpi_useremails',
  'glpi_profiles_users',
  'glpi_tickets',
  'glpi_tickets_users',
  'glpi_itilfollowups',
  'glpi_logs',
] as const

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let people: People
  let users: ReturnType<typeof createUserWrites>
  let tickets: ReturnType<typeof createTicketWrites>
  /** Everything, everywhere. */
  let alice: Agent
  /** Writes users and tickets in Lyon (1) alone. */
  let bob: Agent
  /** Nothing. */
  let charlie: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addEntity(1, 'Lyon')
    await people.addEntity(2, 'Bron', 1)
    await people.addEntity(3, 'Lille')
    users = createUserWrites(storage)
    tickets = createTicketWrites({
      storage,
      entityTree: createEntityTree(storage),
      phoneSource: async () => 3,
    })
    alice = await people.agent('all', EVERYTHING)
    bob = await people.agent([1], { ...EVERYTHING, config: 0 }, 2)
    charlie = await people.agent('all', NOTHING, 3)
  })

  /** Everything that a refused write must leave as it was. */
  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        TABLES.map((table) => storage.db.selectFrom(table).selectAll().orderBy('id').execute()),
      ),
    )

  async function refused(writing: () => Promise<unknown>, expected: object): Promise<void> {
    const before = await everything()
    await expect(writing()).rejects.toMatchObject({ name: 'AppError', ...expected })
    expect(await everything()).toBe(before)
  }

  const history = () =>
    storage.db
      .selectFrom('glpi_logs')
      .select([
        'itemtype',
        'items_id',
        'linked_action',
        'id_search_option',
        'old_value',
        'new_value',
        'user_name',
      ])
      .orderBy('id')
      .execute()

  describe('creating a user', () => {
    it('writes the row, its membership, its address and a line of history', async () => {
      const id = await users.create(bob, {
        login: 'dora',
        lastname: 'Durand',
        phone: '0123456789',
        registrationNumber: '0012',
        emails: ['dora@example.org'],
        entityId: 1,
      })
      expect(
        await storage.db.selectFrom('glpi_users').selectAll().where('id', '=', id).executeTakeFirst(),
      ).toMatchObject({
        name: 'dora',
        realname: 'Durand',
        phone: '0123456789',
        registration_number: '0012',
        entities_id: 1,
        password: null,
        is_active: 1,
        date_mod: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      })
      expect(await storage.db.selectFrom('glpi_profiles_users').selectAll().execute()).toMatchObject([
        { users_id: id, profiles_id: PROFILES.selfService, entities_id: 1, is_recursive: 0 },
      ])
      expect(await storage.db.selectFrom('glpi_useremails').selectAll().execute()).toMatchObject([
        { users_id: id, email: 'dora@example.org', is_default: 1 },
      ])
      expect(await history()).toMatchObject([
        { itemtype: 'User', items_id: id, linked_action: 20, user_name: bob.name },
      ])
    })

    test.each<[string, Partial<Rights>]>([
      ['UPDATE on plugin_callmanager_access', { access: 1 }],
      ['READ on plugin_callmanager_access', { access: 2 }],
      ['CREATE on user', { user: 3 }],
    ])('needs %s', async (_right, rights) => {
      const agent = { ...alice, rights: { ...EVERYTHING, ...rights } }
      await refused(() => users.create(agent, { login: 'dora', entityId: 0 }), { code: 'right-missing' })
    })

    it('stays within the scope', async () => {
      await refused(() => users.create(bob, { login: 'dora', entityId: 0 }), {
        code: 'value-refused',
        field: 'entityId',
      })
      await refused(() => users.create(bob, { login: 'dora', entityId: 2 }), {
        code: 'value-refused',
        field: 'entityId',
      })
      await refused(() => users.create(alice, { login: 'dora', entityId: 99 }), {
        code: 'value-refused',
        field: 'entityId',
      })
    })

    test.each(['alice', 'ALICE'])('refuses the login %s where alice is there', async (login) => {
      await people.addUser({ login: 'alice' })
      await refused(() => users.create(alice, { login, entityId: 0 }), { code: 'conflict', field: 'login' })
    })

    test.each(['login', 'lastname', 'firstname', 'phone', 'phone2', 'mobile', 'registrationNumber'] as const)(
      'refuses a value of %s that does not fit, rather than cut it',
      async (field) => {
        const tooLong = { login: 'dora', entityId: 0, [field]: 'é'.repeat(256) }
        await refused(() => users.create(alice, tooLong), { code: 'value-refused', field })
        const longest = { login: 'dora', entityId: 0, [field]: '📞'.repeat(255) }
        expect(await users.create(alice, longest)).toBeGreaterThan(0)
      },
    )

    test.each(['a\u0000b', 'a\nb', 'a\u0085b', 'a\ud800'])(
      'refuses %j, which no import or search would take',
      async (text) => {
        for (const field of ['login', 'lastname', 'phone', 'registrationNumber']) {
          const odd = { login: 'dora', entityId: 0, [field]: text }
          await refused(() => users.create(alice, odd), { code: 'value-refused', field })
        }
        const emails = [`${text}@example.org`]
        await refused(() => users.create(alice, { login: 'dora', entityId: 0, emails }), {
          code: 'value-refused',
          field: 'emails',
        })
      },
    )

    test.each(['', '   '])('refuses %j as a login', async (login) => {
      await refused(() => users.create(alice, { login, entityId: 0 }), {
        code: 'value-refused',
        field: 'login',
      })
    })
  })

  describe('many users in one transaction', () => {
    it('are written together, and one that is refused leaves the others', async () => {
      await people.addUser({ login: 'taken' })
      const outcomes = await storage.write('full', async (tx) => {
        const within = users.within?.(tx)
        const done: string[] = []
        for (const login of ['one', 'taken', '', 'two', 'one']) {
          await within?.create(alice, { login, entityId: 0, emails: [`${login}@example.org`] }).then(
            () => done.push('made'),
            (error: { code: string }) => done.push(error.code),
          )
        }
        return done
      })
      expect(outcomes).toEqual(['made', 'conflict', 'value-refused', 'made', 'conflict'])
      const logins = await storage.db.selectFrom('glpi_users').select('name').orderBy('id').execute()
      expect(logins.map(({ name }) => name)).toEqual(['taken', 'one', 'two'])
      expect(await storage.db.selectFrom('glpi_useremails').select('id').execute()).toHaveLength(2)
    })
  })

  describe('changing a user', () => {
    it('writes what changed, with a line of history each', async () => {
      const id = await people.addUser(
        { login: 'dora', phone: '0123456789', realname: 'Durand' },
        { at: '2020-01-01 00:00:00', logged: false },
      )
      await users.update(alice, id, { phone: '0123456780', lastname: 'Durand', registrationNumber: '0012' })
      const row = await storage.db
        .selectFrom('glpi_users')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      expect(row).toMatchObject({
        name: 'dora',
        phone: '0123456780',
        realname: 'Durand',
        registration_number: '0012',
      })
      expect(row.date_mod && row.date_mod > '2026').toBe(true)
      expect(await history()).toMatchObject([
        {
          itemtype: 'User',
          items_id: id,
          linked_action: 0,
          id_search_option: 6,
          old_value: '0123456789',
          new_value: '0123456780',
          user_name: alice.name,
        },
        {
          itemtype: 'User',
          items_id: id,
          linked_action: 0,
          id_search_option: 22,
          old_value: '',
          new_value: '0012',
        },
      ])
    })

    it('lets one of many who have seen the same state', async () => {
      const id = await people.addUser({ login: 'dora', realname: 'Durand' })
      const tag = userTag(await readUserState(storage.db, id))
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, number) =>
          users.update(alice, id, { lastname: `Durand ${number}` }, async (_tx, user) =>
            demandSeen(new Set([tag]), user.tag),
          ),
        ),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'changed-meanwhile' })
      }
    })

    it('makes these the addresses, the first the default one', async () => {
      const id = await people.addUser({ login: 'dora', emails: ['old@example.org', 'kept@example.org'] })
      await users.update(alice, id, { emails: ['new@example.org', 'kept@example.org'] })
      await users.update(alice, id, { emails: ['Kept@example.org', 'new@example.org'] })
      const addresses = async () =>
        (await readUserState(storage.db, id)).emails.map(({ email, is_default }) => [email, is_default])
      expect(await addresses()).toEqual([
        ['Kept@example.org', 1],
        ['new@example.org', 0],
      ])
      const before = await everything()
      await users.update(alice, id, { emails: ['Kept@example.org', 'new@example.org'] })
      expect(await everything()).toBe(before)
      await users.update(alice, id, { emails: [] })
      expect(await addresses()).toEqual([])
    })

    it('writes nothing where nothing changes', async () => {
      const id = await people.addUser(
        { login: 'dora', phone: '0123456789', mobile: null },
        { at: '2020-01-01 00:00:00' },
      )
      const before = await everything()
      await users.update(alice, id, { login: 'dora', phone: '0123456789', mobile: '' })
      await users.update(alice, id, {})
      expect(await everything()).toBe(before)
    })

    it('keeps long values whole, and 180 characters of them in the history', async () => {
      const id = await people.addUser({ login: 'dora' }, { logged: false })
      await users.update(alice, id, { lastname: '📞'.repeat(255) })
      expect(
        (await storage.db.selectFrom('glpi_users').select('realname').executeTakeFirst())?.realname,
      ).toBe('📞'.repeat(255))
      const [line] = await history()
      expect(line?.new_value?.isWellFormed()).toBe(true)
      expect('📞'.repeat(180).startsWith(line?.new_value ?? 'x')).toBe(true)
    })

    it('needs the rights', async () => {
      const id = await people.addUser({ login: 'dora' })
      await refused(() => users.update(charlie, id, { phone: '1' }), { code: 'right-missing' })
      await refused(
        () => users.update({ ...alice, rights: { ...EVERYTHING, user: 1 } }, id, { phone: '1' }),
        { code: 'right-missing' },
      )
      await refused(
        () => users.update({ ...alice, rights: { ...EVERYTHING, access: 1 } }, id, { phone: '1' }),
        { code: 'right-missing' },
      )
    })

    test.each([
      ['belongs to the scope', [{ entity: 1 }], true],
      ['belongs to the scope among others', [{ entity: 3 }, { entity: 1 }], true],
      ['is seen by recursion from above', [{ entity: 0, recursive: 1 as const }], false],
      ['belongs elsewhere', [{ entity: 3, recursive: 1 as const }], false],
      ['belongs nowhere', [], false],
    ])('of one entity, a user who %s: %#', async (_where, memberships, allowed) => {
      const id = await people.addUser({ login: 'dora', memberships })
      if (!allowed) return refused(() => users.update(bob, id, { phone: '1' }), { code: 'user-unknown' })
      await users.update(bob, id, { phone: '1' })
      expect((await storage.db.selectFrom('glpi_users').select('phone').executeTakeFirst())?.phone).toBe('1')
    })

    it('tells of a user who does not exist as of one out of scope', async () => {
      await refused(() => users.update(alice, 4711, { phone: '1' }), { code: 'user-unknown' })
    })

    it('refuses a login that is taken, and a value that does not fit', async () => {
      await people.addUser({ login: 'alice' })
      const id = await people.addUser({ login: 'dora' })
      await refused(() => users.update(alice, id, { phone: '1', login: 'Alice' }), {
        code: 'conflict',
        field: 'login',
      })
      await refused(() => users.update(alice, id, { phone: '1', lastname: 'x'.repeat(256) }), {
        code: 'value-refused',
        field: 'lastname',
      })
      await refused(() => users.update(alice, id, { login: ' ' }), { code: 'value-refused', field: 'login' })
    })
  })

  describe('opening a ticket', () => {
    const ticket = (requesterId: number, more: Partial<NewTicket> = {}): NewTicket => ({
      requesterId,
      title: 'No dial tone',
      description: 'Since <this morning> & no tone',
      type: 'incident',
      urgency: 4,
      categoryId: 0,
      ...more,
    })

    it('writes the ticket, its requester and a line of history', async () => {
      const dora = await people.addUser(
        { login: 'dora', entities_id: 1, memberships: [{ entity: 1 }] },
        { logged: false },
      )
      const { id } = await tickets.create(bob, ticket(dora))
      expect(await storage.db.selectFrom('glpi_tickets').selectAll().execute()).toMatchObject([
        {
          id,
          entities_id: 1,
          name: 'No dial tone',
          content: 'Since <this morning> & no tone',
          status: 1,
          type: 1,
          urgency: 4,
          users_id_recipient: bob.id,
          requesttypes_id: 3,
        },
      ])
      expect(await storage.db.selectFrom('glpi_tickets_users').selectAll().execute()).toMatchObject([
        { tickets_id: id, users_id: dora, type: 1 },
      ])
      expect(await history()).toMatchObject([
        { itemtype: 'Ticket', items_id: id, linked_action: 20, user_name: bob.name },
      ])
    })

    test.each([
      ['the default entity of the caller where the scope covers it', 3, [{ entity: 1 }, { entity: 3 }], 3],
      ['another entity of the caller where the default is not one', 2, [{ entity: 1 }, { entity: 3 }], 1],
      ['the agent’s entity where the caller leaves no choice', 0, [], 0],
    ])('takes %s', async (_what, entityId, memberships, expected) => {
      const dora = await people.addUser({ login: 'dora', entities_id: entityId, memberships })
      await tickets.create(alice, ticket(dora))
      expect(await storage.db.selectFrom('glpi_tickets').select('entities_id').execute()).toEqual([
        { entities_id: expected },
      ])
    })

    it('takes an entity of the scope for a caller who is seen by recursion from above', async () => {
      const dora = await people.addUser({
        login: 'dora',
        entities_id: 0,
        memberships: [{ entity: 0, recursive: 1 }],
      })
      await tickets.create(bob, ticket(dora))
      expect(await storage.db.selectFrom('glpi_tickets').select('entities_id').execute()).toEqual([
        { entities_id: 1 },
      ])
    })

    it('stays within the scope', async () => {
      const here = await people.addUser({ login: 'dora', memberships: [{ entity: 1 }] })
      const elsewhere = await people.addUser({ login: 'eve', memberships: [{ entity: 3 }] })
      await refused(() => tickets.create(bob, ticket(elsewhere)), { code: 'user-unknown' })
      await refused(() => tickets.create(alice, ticket(4711)), { code: 'user-unknown' })
      await refused(() => tickets.create(bob, ticket(here, { entityId: 3 })), {
        code: 'value-refused',
        field: 'entityId',
      })
    })

    it('needs the right', async () => {
      const dora = await people.addUser({ login: 'dora' })
      await refused(() => tickets.create(charlie, ticket(dora)), { code: 'right-missing' })
    })

    test.each<[string, Partial<NewTicket>]>([
      ['title', { title: '  ' }],
      ['title', { title: 'x'.repeat(256) }],
      ['urgency', { urgency: 0 }],
      ['urgency', { urgency: 6 }],
      ['urgency', { urgency: 2.5 }],
      ['title', { title: 'two\nlines' }],
      ['description', { description: 'é'.repeat(40_000) }],
      ['categoryId', { categoryId: 4711 }],
    ])('refuses a %s that does not fit: %#', async (field, more) => {
      const dora = await people.addUser({ login: 'dora' })
      await refused(() => tickets.create(alice, ticket(dora, more)), { code: 'value-refused', field })
    })

    test.each<[string, Partial<Parameters<ReturnType<typeof ticketsIn>['addCategory']>[0]>, boolean]>([
      ['its own entity', { entities_id: 2, is_recursive: 0 }, true],
      ['an entity above, recursive', { entities_id: 1, is_recursive: 1 }, true],
      ['the root, recursive', { entities_id: 0, is_recursive: 1 }, true],
      ['an entity above, not recursive', { entities_id: 1, is_recursive: 0 }, false],
      ['an entity beside', { entities_id: 3, is_recursive: 1 }, false],
      ['its own entity, for requests alone', { entities_id: 2, is_incident: 0 }, false],
      ['its own entity, for incidents alone', { entities_id: 2, is_request: 0 }, true],
    ])('with a category of %s', async (_where, category, fits) => {
      const dora = await people.addUser({ login: 'dora', memberships: [{ entity: 2 }] })
      const categoryId = await ticketsIn(storage).addCategory(category)
      const asked = ticket(dora, { categoryId, entityId: 2 })
      if (!fits)
        return refused(() => tickets.create(alice, asked), { code: 'value-refused', field: 'categoryId' })
      await tickets.create(alice, asked)
      expect(await storage.db.selectFrom('glpi_tickets').select('itilcategories_id').execute()).toEqual([
        { itilcategories_id: categoryId },
      ])
    })

    it('takes 4-byte characters and what looks like SQL or HTML', async () => {
      const dora = await people.addUser({ login: 'dora' })
      const text = `'; drop table glpi_users; -- <script>alert("📞")</script>\\`
      await tickets.create(alice, ticket(dora, { title: text, description: text }))
      expect(await storage.db.selectFrom('glpi_tickets').select(['name', 'content']).execute()).toEqual([
        { name: text, content: text },
      ])
    })
  })

  describe('adding a followup', () => {
    async function ticketIn(entity: number): Promise<number> {
      const { insertId } = await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_tickets')
          .values({
            entities_id: entity,
            name: 'No dial tone',
            date: null,
            date_mod: '2020-01-01 00:00:00',
            date_creation: null,
            content: '',
          })
          .executeTakeFirstOrThrow(),
      )
      return Number(insertId)
    }

    it('writes it and touches the ticket', async () => {
      const ticketId = await ticketIn(1)
      const { id } = await tickets.addFollowup(bob, { ticketId, content: 'Called back', isPrivate: true })
      expect(await storage.db.selectFrom('glpi_itilfollowups').selectAll().execute()).toMatchObject([
        {
          id,
          itemtype: 'Ticket',
          items_id: ticketId,
          users_id: bob.id,
          content: 'Called back',
          is_private: 1,
        },
      ])
      const touched = await storage.db.selectFrom('glpi_tickets').selectAll().executeTakeFirstOrThrow()
      expect(touched).toMatchObject({ users_id_lastupdater: bob.id })
      expect(touched.date_mod && touched.date_mod > '2026').toBe(true)
    })

    it('needs the right, the scope, a ticket that is there, and a text that fits', async () => {
      const [here, elsewhere, binned] = [await ticketIn(1), await ticketIn(3), await ticketIn(1)]
      await ticketsIn(storage).update(binned, { is_deleted: 1 })
      const add =
        (agent: Agent, ticketId: number, content = 'Called back') =>
        () =>
          tickets.addFollowup(agent, { ticketId, content, isPrivate: false })
      await refused(add(charlie, here), { code: 'right-missing' })
      await refused(add({ ...bob, rights: { ...TECHNICIAN, access: 0 } }, here), { code: 'right-missing' })
      await refused(add({ ...bob, rights: { ...TECHNICIAN, followup: 8195 } }, here), {
        code: 'right-missing',
      })
      await refused(add({ ...bob, rights: { ...TECHNICIAN, followup: 5 } }, here), { code: 'right-missing' })
      await refused(add(bob, elsewhere), { code: 'ticket-unknown' })
      await refused(add(bob, binned), { code: 'ticket-unknown' })
      await refused(add(bob, 4711), { code: 'ticket-unknown' })
      await refused(add(bob, here, ' \n'), { code: 'value-refused', field: 'content' })
      await refused(add(bob, here, 'é'.repeat(40_000)), { code: 'value-refused', field: 'content' })
    })

    it('needs the right to see private ones for a private one', async () => {
      const ticketId = await ticketIn(1)
      const agent = { ...bob, rights: { ...TECHNICIAN, followup: 4097 } }
      const add = (isPrivate: boolean) => tickets.addFollowup(agent, { ticketId, content: 'Call', isPrivate })
      await refused(() => add(true), { code: 'right-missing' })
      expect((await add(false)).replayed).toBe(false)
    })

    test.each<[string, number, (group: number) => TestTicket, boolean]>([
      ['all: anybody’s', 4096, () => ({}), true],
      ['mine: asked for by me', 4, () => ({ users: { requester: [2] } }), true],
      ['mine: typed in by me', 4, () => ({ users_id_recipient: 2 }), true],
      ['mine: assigned to me', 4, () => ({ users: { assigned: [2] } }), false],
      ['my group’s: asked for by it', 2048, (group) => ({ groups: { requester: [group] } }), true],
      ['my group’s: assigned to it', 2048, (group) => ({ groups: { assigned: [group] } }), false],
      ['assigned: to me', 16_384, () => ({ users: { assigned: [2] } }), true],
      ['assigned: to my group', 16_384, (group) => ({ groups: { assigned: [group] } }), true],
      ['assigned: to somebody else', 16_384, () => ({ users: { assigned: [3] } }), false],
    ])('with the right to add to %s', async (_what, followup, ticket, allowed) => {
      const group = await ticketsIn(storage).addGroup('Phones', 1, 0, bob.id)
      const ticketId = await ticketsIn(storage).addTicket({ entity: 1, ...ticket(group) })
      const agent = { ...bob, rights: { ...TECHNICIAN, followup } }
      const add = () => tickets.addFollowup(agent, { ticketId, content: 'Call', isPrivate: false })
      if (allowed) expect((await add()).id).toBeGreaterThan(0)
      else await refused(add, { code: 'right-missing' })
    })

    test.each([1, 4, 5, 6, 11])('to a ticket of status %i', async (status) => {
      const ticketId = await ticketsIn(storage).addTicket({ entity: 1, status })
      const add = () => tickets.addFollowup(bob, { ticketId, content: 'Call', isPrivate: false })
      if (status === 6) return refused(add, { code: 'ticket-closed' })
      await add()
      expect(await storage.db.selectFrom('glpi_tickets').select('status').execute()).toEqual([{ status }])
    })
  })
})
