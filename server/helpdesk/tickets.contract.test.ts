import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { TicketSort } from '../../contract/tickets.ts'
import { asHost } from '../../test/support/as-host.ts'
import { noting } from '../../test/support/explain.ts'
import { EVERYTHING, NOTHING, type People, PROFILES, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import { type TestTicket, ticketsIn } from '../../test/support/tickets.ts'
import type { Rights } from '../domain/rights.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent } from './helpdesk.ts'
import { createTicketReads, type TicketReads } from './tickets.ts'

const LYON = 1
const BRON = 2
const LILLE = 3
/** The agent of these tests, and another. */
const BOB = 2
const DORA = 20
const EVE = 21

forEachEngine((engine) => {
  let storage: Storage
  let people: People
  let tickets: ReturnType<typeof ticketsIn>
  let reads: TicketReads
  /** Sees everything in Lyon alone. */
  let bob: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    tickets = ticketsIn(storage)
    await people.addEntity(LYON, 'Lyon')
    await people.addEntity(BRON, 'Bron', LYON)
    await people.addEntity(LILLE, 'Lille')
    // As a host before GLPI 11 stores it.
    const decodeText = (stored: string) => stored.replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    reads = createTicketReads({ storage, helpdesk: { decodeText, decodeContent: decodeText } })
    await people.addUser({ id: BOB, login: 'bob', realname: 'Martin', firstname: 'Bob' })
    await people.addUser({ id: DORA, login: 'dora', memberships: [{ entity: LYON }] })
    await people.addUser({ id: EVE, login: 'eve', memberships: [{ entity: LILLE }] })
    bob = await people.agent([LYON], EVERYTHING, BOB)
  })

  const withRights = (rights: Partial<Rights>, profileId: number = PROFILES.selfService): Agent => ({
    ...bob,
    profileId,
    rights: { ...EVERYTHING, ...rights },
  })
  const ASKED = { status: 'all', sort: 'open', limit: 100, cursor: undefined } as const
  type Asked = Omit<Parameters<TicketReads['ofUser']>[2], never>
  const list = (agent: Agent, asked: Partial<Asked> = {}) => reads.ofUser(agent, DORA, { ...ASKED, ...asked })
  const idsIn = async (agent: Agent, asked: Partial<Asked> = {}) =>
    (await list(agent, asked)).items.map(({ id }) => id)
  const ofDora = (more: TestTicket = {}): TestTicket => ({
    entity: LYON,
    ...more,
    users: { requester: [DORA], ...more.users },
  })

  describe('the list of a person’s tickets', () => {
    it('shows each as it is', async () => {
      const category = await tickets.addCategory({ name: 'Phones', completename: 'Hardware &gt; Phones' })
      const id = await tickets.addTicket(
        ofDora({
          title: engine.asStored('No &lt;b&gt; tone for O’Brien 👩‍💻'),
          type: 2,
          status: 4,
          urgency: 5,
          impact: 2,
          priority: 6,
          itilcategories_id: category,
          date: '2026-02-03 04:05:06',
          date_mod: '2026-02-04 04:05:06',
        }),
      )
      expect(await list(bob)).toEqual({
        items: [
          {
            id,
            title: engine.asStored('No <b> tone for O’Brien 👩‍💻'),
            type: 'request',
            status: 'pending',
            urgency: 5,
            impact: 2,
            priority: 6,
            category: { id: category, name: 'Phones', path: 'Hardware > Phones' },
            entity: { id: LYON, name: 'Lyon' },
            openedAt: '2026-02-03T04:05:06Z',
            changedAt: '2026-02-04T04:05:06Z',
            technicians: [],
            groups: [],
          },
        ],
        cursor: null,
        counts: {
          open: 1,
          new: 0,
          assigned: 0,
          planned: 0,
          pending: 1,
          solved: 0,
          closed: 0,
          complete: true,
        },
      })
    })

    it('holds those that the person has asked for, once each, and nothing that is gone', async () => {
      const [asked] = await tickets.addTickets([
        ofDora({ users: { requester: [DORA, DORA, EVE] } }),
        { entity: LYON, users: { requester: [EVE], observer: [DORA], assigned: [DORA] } },
        ofDora({ is_deleted: 1 }),
        ofDora({ id: 900 }),
      ])
      // A link that outlived its ticket.
      await asHost(storage).write('normal', (tx) =>
        tx.deleteFrom('glpi_tickets').where('id', '=', 900).execute(),
      )
      expect(await list(bob)).toMatchObject({ items: [{ id: asked }], counts: { open: 1, new: 1 } })
    })

    it('names who is assigned to each, once and in order, as the ticket itself does', async () => {
      const phones = await tickets.addGroup('Phones &lt;b&gt;', LILLE, 0)
      const [ofBoth = 0, ofNobody = 0, ofEve = 0] = await tickets.addTickets([
        ofDora({
          id: 30,
          users: { requester: [DORA], assigned: [EVE, BOB, EVE, 0, 4711], observer: [DORA] },
          groups: { assigned: [phones, 4711], requester: [phones] },
        }),
        ofDora({ id: 20, groups: { observer: [phones] } }),
        ofDora({ id: 10, users: { requester: [DORA], assigned: [EVE] } }),
      ])
      const { items } = await list(bob)
      expect(items).toMatchObject([
        {
          id: ofBoth,
          technicians: [
            { id: BOB, name: 'Martin Bob' },
            { id: EVE, name: 'eve' },
          ],
          groups: [{ id: phones, name: 'Phones <b>' }],
        },
        { id: ofNobody, technicians: [], groups: [] },
        { id: ofEve, technicians: [{ id: EVE, name: 'eve' }], groups: [] },
      ])
      for (const item of items) expect((await reads.one(bob, item.id)).ticket).toMatchObject(item)
    })

    it('names a hundred at most of those who are assigned to one', async () => {
      const team = await people.addUsers(101, (number) => ({ login: `technician ${number}` }))
      await tickets.addTicket(ofDora({ users: { requester: [DORA], assigned: team } }))
      const [ticket] = (await list(bob)).items
      expect(ticket?.technicians.map(({ id }) => id)).toEqual(team.slice(0, 100))
    })

    it('asks the database as often for a hundred tickets as for one', async () => {
      const { storage: noted, asked } = noting(storage)
      const decodeText = (stored: string) => stored
      const counting = createTicketReads({
        storage: noted,
        helpdesk: { decodeText, decodeContent: decodeText },
      })
      await tickets.addTickets(
        Array.from({ length: 100 }, () => ofDora({ users: { requester: [DORA], assigned: [BOB, EVE] } })),
      )
      const askedFor = async (limit: number) => {
        const before = asked.length
        expect((await counting.ofUser(bob, DORA, { ...ASKED, limit })).items).toHaveLength(limit)
        return asked.length - before
      }
      expect(await askedFor(100)).toBe(await askedFor(1))
    })

    it('counts by status; what an administrator has added counts as open', async () => {
      const statuses = [1, 2, 2, 3, 4, 5, 5, 5, 6, 11]
      await tickets.addTickets(statuses.map((status) => ofDora({ status })))
      const { counts, items } = await list(bob, { status: 'closed', limit: 2 })
      expect(counts).toEqual({
        open: 6,
        new: 1,
        assigned: 2,
        planned: 1,
        pending: 1,
        solved: 3,
        closed: 1,
        complete: true,
      })
      expect(items).toHaveLength(2)
      const seen = async (status: 'open' | 'closed') =>
        (await list(bob, { status })).items.map((ticket) => ticket.status).sort()
      expect(await seen('closed')).toEqual(['closed', 'solved', 'solved', 'solved'])
      expect(await seen('open')).toEqual(['assigned', 'assigned', 'new', 'other', 'pending', 'planned'])
    })

    describe('in order', () => {
      // id: [status, opened on, changed on, priority]
      const ROWS: Record<number, [status: number, opened: number, changed: number, priority: number]> = {
        1: [6, 9, 9, 1],
        2: [1, 1, 8, 5],
        3: [5, 9, 1, 3],
        4: [4, 5, 2, 3],
        5: [2, 5, 8, 3],
        6: [11, 2, 7, 6],
      }
      beforeEach(async () => {
        const day = (number: number) => `2026-01-0${number} 08:00:00`
        await tickets.addTickets(
          Object.entries(ROWS).map(([id, [status, opened, changed, priority]]) =>
            ofDora({ id: Number(id), status, date: day(opened), date_mod: day(changed), priority }),
          ),
        )
      })

      test.each<[TicketSort, number[]]>([
        ['open', [5, 4, 6, 2, 3, 1]],
        ['openedAt', [2, 6, 4, 5, 1, 3]],
        ['-openedAt', [3, 1, 5, 4, 6, 2]],
        ['changedAt', [3, 4, 6, 2, 5, 1]],
        ['-changedAt', [1, 5, 2, 6, 4, 3]],
        ['priority', [1, 3, 4, 5, 2, 6]],
        ['-priority', [6, 2, 5, 4, 3, 1]],
      ])('by %s, the same in one page as in pages of two', async (sort, expected) => {
        expect(await idsIn(bob, { sort })).toEqual(expected)
        const read: number[] = []
        let cursor: string | null | undefined
        while (cursor !== null) {
          const page = await list(bob, { sort, limit: 2, cursor })
          expect(page.items.length).toBeLessThanOrEqual(2)
          read.push(...page.items.map(({ id }) => id))
          cursor = page.cursor
        }
        expect(read).toEqual(expected)
      })

      it('neither repeats nor skips one while tickets are added and go', async () => {
        const first = await list(bob, { limit: 2 })
        expect(first.items.map(({ id }) => id)).toEqual([5, 4])
        await tickets.addTickets([
          ofDora({ id: 7, date: '2026-01-09 09:00:00' }),
          ofDora({ id: 8, status: 5, date: '2026-01-09 09:00:00' }),
        ])
        await asHost(storage).write('normal', (tx) =>
          tx.deleteFrom('glpi_tickets').where('id', '=', 4).execute(),
        )
        expect(await idsIn(bob, { cursor: first.cursor ?? '' })).toEqual([6, 2, 8, 3, 1])
      })

      it('refuses a cursor of another order, or of no list', async () => {
        const { cursor } = await list(bob, { limit: 2 })
        const refused = { code: 'value-refused', field: 'cursor' }
        await expect(list(bob, { sort: 'changedAt', cursor: cursor ?? '' })).rejects.toMatchObject(refused)
        await expect(list(bob, { cursor: 'x' })).rejects.toMatchObject(refused)
        const strange = Buffer.from('["open","1",2,3]').toString('base64url')
        await expect(list(bob, { cursor: strange })).rejects.toMatchObject(refused)
      })
    })

    it('is for who may see tickets, and sees the person', async () => {
      const powerless = await people.agent([LYON], NOTHING, BOB)
      await expect(list(powerless)).rejects.toMatchObject({ code: 'right-missing' })
      await expect(list(withRights({ access: 0 }))).rejects.toMatchObject({ code: 'right-missing' })
      await expect(list(withRights({ ticket: 6 }))).rejects.toMatchObject({ code: 'right-missing' })
      await expect(reads.ofUser(bob, EVE, ASKED)).rejects.toMatchObject({ code: 'user-unknown' })
      await expect(reads.ofUser(bob, 4711, ASKED)).rejects.toMatchObject({ code: 'user-unknown' })
    })

    it('of 20,000 tickets holds the newest 10,000, and lets others be answered meanwhile', async () => {
      const total = 20_000
      await tickets.addTickets(
        Array.from({ length: total }, (_, index) =>
          ofDora({ id: index + 1, status: index % 2 === 0 ? 6 : 2 }),
        ),
      )
      let turns = 0
      let reading = true
      const count = () => {
        turns++
        if (reading) setImmediate(count)
      }
      setImmediate(count)
      const page = await list(bob, { limit: 3 })
      reading = false
      expect(page.items.map(({ id }) => id)).toEqual([20_000, 19_998, 19_996])
      expect(page.counts).toMatchObject({ open: 5000, assigned: 5000, closed: 5000, complete: false })
      expect(turns).toBeGreaterThanOrEqual(19)
    })

    it('of exactly 10,000 tickets is complete', async () => {
      await tickets.addTickets(Array.from({ length: 10_000 }, () => ofDora()))
      expect((await list(bob, { limit: 1 })).counts).toMatchObject({ open: 10_000, complete: true })
    })
  })

  describe('seeing by what one is', () => {
    let mine: number
    let recursive: number
    beforeEach(async () => {
      mine = await tickets.addGroup('Phones', LYON, 0, BOB)
      recursive = await tickets.addGroup('Everybody', 0, 1, BOB)
    })

    const READ_GROUP = 2048
    const READ_ASSIGN = 4096
    const OWN = 32_768

    /** Right, ticket, whether it is listed, whether it can be opened. */
    test.each<[string, number, () => TestTicket, boolean, boolean]>([
      ['all', 1024, () => ({}), true, true],
      ['all, elsewhere', 1024, () => ({ entity: LILLE }), false, false],
      ['all, below an entity that is not recursive', 1024, () => ({ entity: BRON }), false, false],
      ['mine, by nothing', 1, () => ({}), false, false],
      ['mine, as requester', 1, () => ({ users: { requester: [DORA, BOB] } }), true, true],
      ['mine, as observer', 1, () => ({ users: { observer: [BOB] } }), true, true],
      ['mine, as author', 1, () => ({ users_id_recipient: BOB }), true, true],
      ['mine, assigned', 1, () => ({ users: { assigned: [BOB] } }), false, false],
      ['my groups’, as requester', READ_GROUP, () => ({ groups: { requester: [mine] } }), true, true],
      ['my groups’, as observer', READ_GROUP, () => ({ groups: { observer: [recursive] } }), true, true],
      ['my groups’, assigned', READ_GROUP, () => ({ groups: { assigned: [mine] } }), false, false],
      ['assigned to me', READ_ASSIGN, () => ({ users: { assigned: [BOB] } }), true, true],
      ['assigned to my group', READ_ASSIGN, () => ({ groups: { assigned: [mine] } }), true, true],
      ['assigned, a new one', READ_ASSIGN, () => ({ status: 1 }), false, false],
      ['to be assigned, a new one', READ_ASSIGN + 8192, () => ({ status: 1 }), true, true],
      ['to be assigned, no longer new', READ_ASSIGN + 8192, () => ({ status: 2 }), false, false],
      ['owned, in lists alone', OWN, () => ({ users: { assigned: [BOB] } }), true, false],
      ['owned, by my group', OWN, () => ({ groups: { assigned: [mine] } }), false, false],
    ])('%s: %#', async (_what, ticket, more, listed, opened) => {
      const id = await tickets.addTicket(ofDora({ status: 2, ...more() }))
      const agent = withRights({ ticket })
      expect(await idsIn(agent)).toEqual(listed ? [id] : [])
      expect((await list(agent)).counts.open).toBe(listed ? 1 : 0)
      if (opened) expect((await reads.one(agent, id)).ticket.id).toBe(id)
      else await expect(reads.one(agent, id)).rejects.toMatchObject({ code: 'ticket-unknown' })
    })

    test.each<[string, number, 0 | 1, boolean]>([
      ['of an active entity', LYON, 0, true],
      ['recursive from above', 0, 1, true],
      ['above and not recursive', 0, 0, false],
      ['recursive elsewhere', LILLE, 1, false],
      ['below', BRON, 1, false],
    ])('counts a group %s: %#', async (_where, entity, isRecursive, seen) => {
      const group = await tickets.addGroup('Some group', entity, isRecursive, BOB)
      const id = await tickets.addTicket(ofDora({ groups: { requester: [group] } }))
      expect(await idsIn(withRights({ ticket: READ_GROUP }))).toEqual(seen ? [id] : [])
    })

    it('lets who approves tickets see those that they were asked about', async () => {
      const [asked, other] = await tickets.addTickets([
        ofDora({ validators: [EVE, BOB] }),
        ofDora({ validators: [EVE] }),
      ])
      const approver = withRights({ ticket: 0 }, PROFILES.superAdmin)
      expect(await idsIn(approver)).toEqual([asked])
      expect((await reads.one(approver, asked ?? 0)).ticket.id).toBe(asked)
      await expect(reads.one(approver, other ?? 0)).rejects.toMatchObject({ code: 'ticket-unknown' })
      // Self-Service has no such right.
      await expect(list(withRights({ ticket: 0 }))).rejects.toMatchObject({ code: 'right-missing' })
    })
  })

  describe('a ticket', () => {
    it('tells who has asked for it, who is on it and what was written', async () => {
      const group = await tickets.addGroup('Phones', LILLE, 0)
      const id = await tickets.addTicket({
        entity: LYON,
        title: 'No tone',
        content: 'Since &lt;b&gt; this morning',
        users_id_recipient: EVE,
        requesttypes_id: 2,
        users: { requester: [DORA, 0, 4711], assigned: [BOB, EVE], observer: [EVE] },
        groups: { assigned: [group], requester: [group] },
      })
      await tickets.addFollowup(id, BOB, 'Called &lt;back&gt;', 1)
      expect(await reads.one(bob, id)).toMatchObject({
        ticket: {
          id,
          title: 'No tone',
          description: 'Since <b> this morning',
          category: null,
          source: 'E-Mail',
          author: { id: EVE, name: 'eve' },
          requesters: [{ id: DORA, name: 'dora' }],
          technicians: [
            { id: BOB, name: 'Martin Bob' },
            { id: EVE, name: 'eve' },
          ],
          groups: [{ id: group, name: 'Phones' }],
        },
        followups: {
          items: [{ content: 'Called <back>', private: true, author: { id: BOB, name: 'Martin Bob' } }],
          cursor: null,
        },
      })
    })

    it('is not there when it is in the bin, elsewhere or nowhere', async () => {
      const [binned = 0, elsewhere = 0] = await tickets.addTickets([
        ofDora({ is_deleted: 1 }),
        ofDora({ entity: LILLE }),
      ])
      for (const id of [binned, elsewhere, 4711]) {
        await expect(reads.one(bob, id)).rejects.toMatchObject({ code: 'ticket-unknown' })
        await expect(reads.followups(bob, id, 25)).rejects.toMatchObject({ code: 'ticket-unknown' })
        await expect(reads.followup(bob, id, 1)).rejects.toMatchObject({ code: 'ticket-unknown' })
      }
    })

    it('is shown to who has just opened it, whatever they may read', async () => {
      const [own = 0, other = 0] = await tickets.addTickets([
        ofDora({ users_id_recipient: BOB }),
        ofDora({ users_id_recipient: EVE }),
      ])
      const writer = withRights({ ticket: 4 })
      expect((await reads.opened(writer, own)).ticket.id).toBe(own)
      await expect(reads.opened(writer, other)).rejects.toMatchObject({ code: 'ticket-unknown' })
      await expect(reads.one(writer, own)).rejects.toMatchObject({ code: 'right-missing' })
    })
  })

  describe('the followups of a ticket', () => {
    let id: number
    beforeEach(async () => {
      id = await tickets.addTicket(ofDora())
      const other = await tickets.addTicket(ofDora())
      await tickets.addFollowup(other, BOB, 'of another ticket')
      await tickets.addFollowup(id, DORA, 'public')
      await tickets.addFollowup(id, EVE, 'private', 1)
      await tickets.addFollowup(id, BOB, 'my own, private', 1)
    })

    test.each<[string, number, string[]]>([
      ['all', 8193, ['my own, private', 'private', 'public']],
      ['private ones alone, which is all', 8192, ['my own, private', 'private', 'public']],
      ['public ones', 1, ['my own, private', 'public']],
      ['none but their own', 0, ['my own, private']],
    ])('are shown newest first to who may see %s', async (_what, followup, expected) => {
      const agent = withRights({ followup })
      const contents = (items: { content: string }[]) => items.map(({ content }) => content)
      expect(contents((await reads.followups(agent, id, 25)).items)).toEqual(expected)
      expect(contents((await reads.one(agent, id)).followups.items)).toEqual(expected)
      const all = (await reads.followups(withRights({ followup: 8192 }), id, 25)).items
      for (const one of all) {
        if (expected.includes(one.content)) expect(await reads.followup(agent, id, one.id)).toEqual(one)
        else
          await expect(reads.followup(agent, id, one.id)).rejects.toMatchObject({ code: 'followup-unknown' })
      }
    })

    it('come in pages that nothing shifts', async () => {
      for (let number = 1; number <= 5; number++) await tickets.addFollowup(id, DORA, `number ${number}`)
      const first = await reads.followups(bob, id, 3)
      await tickets.addFollowup(id, DORA, 'meanwhile')
      const second = await reads.followups(bob, id, 3, first.cursor ?? '')
      const third = await reads.followups(bob, id, 3, second.cursor ?? '')
      const contents = [first, second, third].flatMap(({ items }) => items.map(({ content }) => content))
      expect(contents).toEqual([
        'number 5',
        'number 4',
        'number 3',
        'number 2',
        'number 1',
        'my own, private',
        'private',
        'public',
      ])
      expect(third.cursor).toBeNull()
    })

    it('refuse a cursor that is not theirs', async () => {
      for (const cursor of ['x', Buffer.from('["1"]').toString('base64url'), '']) {
        await expect(reads.followups(bob, id, 3, cursor)).rejects.toMatchObject({
          code: 'value-refused',
          field: 'cursor',
        })
      }
    })
  })
})
