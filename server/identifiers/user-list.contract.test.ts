import fc from 'fast-check'
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { UserListQuery, UserSort } from '../../contract/users.ts'
import { asHost } from '../../test/support/as-host.ts'
import { EVERYTHING, type People, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createUserReads } from './user-reads.ts'

const SORTS: UserSort[] = ['name', '-name', 'login', '-login', 'id', '-id']
const LYON = 1
const BRON = 2
const LILLE = 3

/** Names that sort alike, not at all, or oddly. */
const NAMES = ['Martin', 'Martin', 'O’Brien', null, '', 'Zoé', '👩‍💻', 'martin', null, 'Dupont']

forEachEngine((engine) => {
  let storage: Storage
  let people: People
  let list: ReturnType<typeof createUserReads>['list']
  let alice: Agent
  let bob: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addEntity(LYON, 'Lyon')
    await people.addEntity(BRON, 'Bron', LYON)
    await people.addEntity(LILLE, 'Lille')
    const names = NAMES.map((name) => (name === null ? null : engine.asStored(name)))
    // More than one step of the walk, so that pages end within steps and at their ends.
    await people.addUsers(700, (number) => ({
      login: `user ${String(number * 7919).padStart(8, '0')}`,
      realname: names[number % names.length] ?? null,
      is_active: number % 5 === 0 ? 0 : 1,
      is_deleted: number % 50 === 49 ? 1 : 0,
      ...(number % 3 === 0 && { rio: String(1_000_000 + number) }),
      memberships: number % 10 === 9 ? [] : [{ entity: number % 4 }],
    }))
    await people.addUser({ login: 'the same', memberships: [{ entity: LYON }], authtype: 1 })
    await people.addUser({ login: 'the same', memberships: [{ entity: LYON }], authtype: 3 })
    await people.addUser({ login: 'from above', memberships: [{ entity: 0, recursive: 1 }] })
    await people.addUser({
      login: 'twice',
      memberships: [{ entity: LYON }, { entity: LYON, recursive: 1 }, { entity: LILLE }],
    })
    await asHost(storage).write('normal', async (tx) => {
      for (let nameless = 0; nameless < 3; nameless++) {
        const { insertId } = await tx
          .insertInto('glpi_users')
          .values({ name: null, realname: 'Nobody', authtype: 1 })
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('glpi_profiles_users')
          .values({ users_id: Number(insertId), profiles_id: 1, entities_id: LYON, is_recursive: 0 })
          .execute()
      }
    })
    const settings = createSettings(storage)
    const entityTree = createEntityTree(storage)
    ;({ list } = createUserReads({ storage, settings, entityTree, decodeText: (stored) => stored }))
    alice = await people.agent('all', EVERYTHING)
    bob = await people.agent([LYON], EVERYTHING)
  })

  /** All pages, one after another. */
  async function ids(agent: Agent, query: UserListQuery): Promise<number[]> {
    const found: number[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 1000; pages++) {
      const page = await list(agent, { ...query, ...(cursor !== undefined && { cursor }) })
      expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 25)
      found.push(...page.items.map(({ id }) => id))
      if (page.cursor === null) return found
      cursor = page.cursor
    }
    throw new Error('the list has no end')
  }

  const present = async () =>
    (
      await storage.db
        .selectFrom('glpi_users')
        .select('id')
        .where('is_deleted', '=', 0)
        .orderBy('id')
        .execute()
    ).map(({ id }) => id)

  describe('the list', () => {
    test.each(SORTS)(
      'by %s shows everyone who is not in the bin once, whatever the size of a page',
      async (sort) => {
        const everyone = await present()
        const whole = await ids(alice, { sort, limit: 100 })
        expect([...whole].sort((one, other) => one - other)).toEqual(everyone)
        for (const limit of [1, 7, 25]) {
          if (limit === 1 && sort !== '-login') continue
          expect(await ids(alice, { sort, limit })).toEqual(whole)
        }
      },
    )

    test.each(['name', 'login', 'id'] as const)('by %s backwards is the same turned round', async (sort) => {
      const forwards = await ids(alice, { sort, limit: 100 })
      expect(await ids(alice, { sort: `-${sort}`, limit: 100 })).toEqual(forwards.toReversed())
    })

    it('is in the order of names, those without one first', async () => {
      const order = await ids(alice, { limit: 100 })
      const rows = await storage.db
        .selectFrom('glpi_users')
        .select('id')
        .where('is_deleted', '=', 0)
        .orderBy('realname')
        .orderBy('id')
        .execute()
      expect(order).toEqual(rows.map(({ id }) => id))
      const first = await storage.db
        .selectFrom('glpi_users')
        .select('realname')
        .where('id', '=', order[0] ?? 0)
        .executeTakeFirst()
      expect(first).toEqual({ realname: null })
    })

    test.each(SORTS)('by %s keeps to the scope', async (sort) => {
      const members = await storage.db
        .selectFrom('glpi_profiles_users as member')
        .innerJoin('glpi_users as user', 'user.id', 'member.users_id')
        .select('user.id')
        .distinct()
        .where('user.is_deleted', '=', 0)
        .where((where) =>
          where.or([
            where('member.entities_id', '=', LYON),
            where.and([where('member.entities_id', '=', 0), where('member.is_recursive', '=', 1)]),
          ]),
        )
        .execute()
      const seen = await ids(bob, { sort, limit: 10 })
      expect([...seen].sort((one, other) => one - other)).toEqual(
        members.map(({ id }) => id).sort((one, other) => one - other),
      )
      // The order is that of everyone's list.
      const everyone = await ids(alice, { sort, limit: 100 })
      expect(seen).toEqual(everyone.filter((id) => seen.includes(id)))
    })

    it('shows the same whether a scope is gathered or walked', async () => {
      // As many members of a sister entity as make it too large to gather.
      const wide = { ...bob, scope: { ...bob.scope, entities: new Set([LYON, 900, 901]) } }
      const gathered = await ids(wide, {})
      const many = {
        ...bob,
        scope: {
          ...bob.scope,
          entities: new Set([LYON, ...Array.from({ length: 600 }, (_, n) => 1000 + n)]),
        },
      }
      expect(await ids(many, {})).toEqual(gathered)
    })

    it('may be of an entity itself, or with those below it', async () => {
      const own = await ids(alice, { entityId: LYON, limit: 100 })
      const below = await ids(alice, { entityId: BRON, limit: 100 })
      const both = await ids(alice, { entityId: LYON, entityRecursive: true, limit: 100 })
      expect(new Set(both)).toEqual(new Set([...own, ...below]))
      const fromAbove = await storage.db
        .selectFrom('glpi_users')
        .select('id')
        .where('name', '=', 'from above')
        .executeTakeFirstOrThrow()
      expect(own).not.toContain(fromAbove.id)
      expect(await ids(bob, {})).toContain(fromAbove.id)
    })

    test.each([LILLE, BRON, 0, 4711])('is not of an entity outside of the scope: %i', async (entityId) => {
      await expect(list(bob, { entityId })).rejects.toMatchObject({
        code: 'entity-unknown',
      })
    })

    it('may be of those with a RIO, or without', async () => {
      const [everyone, having, lacking] = await Promise.all([
        ids(alice, { limit: 100 }),
        ids(alice, { rio: 'with', limit: 100 }),
        ids(alice, { rio: 'without', limit: 100 }),
      ])
      expect(having.length).toBeGreaterThan(200)
      expect(everyone.filter((id) => !lacking.includes(id))).toEqual(having)
      const { items } = await list(alice, { rio: 'with' })
      for (const { rio } of items) expect(rio).not.toBe('')
    })

    it('may be of usable accounts, or of the others', async () => {
      const [everyone, usable, others] = await Promise.all([
        ids(alice, { limit: 100 }),
        ids(alice, { active: true, limit: 100 }),
        ids(alice, { active: false, limit: 100 }),
      ])
      expect(others.length).toBeGreaterThan(100)
      expect(everyone.filter((id) => !others.includes(id))).toEqual(usable)
      for (const { active } of (await list(alice, { active: false })).items) expect(active).toBe(false)
    })

    it('shifts nothing when somebody is added meanwhile', async () => {
      const first = await list(alice, { sort: 'login', limit: 10 })
      await people.addUser({ login: 'aaaaa', memberships: [] })
      const cursor = first.cursor ?? ''
      const second = await list(alice, { sort: 'login', limit: 10, cursor })
      expect(second.items.map(({ id }) => id)).not.toContain(first.items.at(-1)?.id)
      await asHost(storage).write('normal', (tx) =>
        tx.deleteFrom('glpi_users').where('name', '=', 'aaaaa').execute(),
      )
    })

    it('refuses a cursor of another order, or one that was made up', async () => {
      const { cursor } = await list(alice, { sort: 'id', limit: 1 })
      const made = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')
      for (const wrong of [
        cursor ?? '',
        made(['name', 'x', 'y', 'z']),
        made([]),
        'nonsense',
        made(['name', 'Martin', 1, 'x']),
      ]) {
        await expect(list(alice, { sort: 'name', cursor: wrong })).rejects.toMatchObject({
          code: 'value-refused',
          field: 'cursor',
        })
      }
    })

    it('answers any cursor of the right shape, without falling', async () => {
      const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.integer())
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...SORTS),
          value,
          value,
          fc.integer(),
          async (sort, one, other, id) => {
            const columns = sort.endsWith('name')
              ? [one, id]
              : sort.endsWith('id')
                ? [id]
                : [one, other, other]
            const cursor = Buffer.from(JSON.stringify([sort, ...columns, id])).toString('base64url')
            const page = await list(alice, { sort, cursor, limit: 2 }).catch((error: unknown) => {
              expect(error).toMatchObject({ code: 'value-refused', field: 'cursor' })
            })
            if (page) expect(page.items.length).toBeLessThanOrEqual(2)
          },
        ),
        { numRuns: 60 },
      )
    })

    it('needs the right to look up', async () => {
      const without = { ...alice, rights: { ...EVERYTHING, user: 0 } }
      await expect(list(without, {})).rejects.toMatchObject({ code: 'right-missing' })
    })
  })
})
