import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildEntityTree,
  canChangeUser,
  canDeleteUser,
  canSeeUser,
  type EntityRow,
  entitiesOf,
  type Membership,
  scopeOf,
} from './entities.ts'

/** Root 0; below it 1 and 4; below 1, 2; below 2, 3. */
const ROWS: EntityRow[] = [
  { id: 0, entities_id: -1 },
  { id: 1, entities_id: 0 },
  { id: 2, entities_id: 1 },
  { id: 3, entities_id: 2 },
  { id: 4, entities_id: 0 },
]
const TREE = buildEntityTree(ROWS)
const sorted = (ids: Iterable<number>) => [...ids].sort((one, other) => one - other)

/** Any rows at all: parents may be missing, above themselves, or in a circle. */
const anyRows = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 12 }),
    entities_id: fc.constantFrom(null, -1, 0, 1, 2, 3, 5, 8, 99),
  }),
  {
    selector: ({ id }) => id,
    maxLength: 13,
  },
)
const anyMemberships = fc.array(
  fc.record({ entities_id: fc.integer({ min: 0, max: 13 }), is_recursive: fc.constantFrom(0, 1) }),
  { maxLength: 4 },
)

describe('the entity tree', () => {
  test('knows its size and what it holds', () => {
    expect(TREE.size).toBe(5)
    expect(TREE.has(3)).toBe(true)
    expect(TREE.has(5)).toBe(false)
  })

  test.each([
    [0, [0, 1, 2, 3, 4]],
    [1, [1, 2, 3]],
    [4, [4]],
    [9, []],
  ])('%i with what is below it', (id, expected) => {
    expect(sorted(TREE.withDescendants(id))).toEqual(expected)
  })

  test.each([
    [3, [2, 1, 0]],
    [1, [0]],
    [0, []],
    [9, []],
  ])('what is above %i, nearest first', (id, expected) => {
    expect(TREE.ancestors(id)).toEqual(expected)
  })

  test('takes NULL above the root, as newer hosts have it', () => {
    const tree = buildEntityTree([
      { id: 0, entities_id: null },
      { id: 1, entities_id: 0 },
    ])
    expect(tree.ancestors(1)).toEqual([0])
    expect(tree.withDescendants(0)).toEqual([0, 1])
  })

  test('cuts a circle instead of following it', () => {
    const tree = buildEntityTree([
      { id: 1, entities_id: 2 },
      { id: 2, entities_id: 3 },
      { id: 3, entities_id: 1 },
      { id: 4, entities_id: 4 },
    ])
    expect(sorted(tree.withDescendants(1))).toEqual([1, 2, 3])
    expect(tree.ancestors(1)).toEqual([2, 3])
    expect(tree.ancestors(4)).toEqual([])
    expect(tree.withDescendants(4)).toEqual([4])
  })

  test('ends where a parent is missing', () => {
    expect(buildEntityTree([{ id: 7, entities_id: 6 }]).ancestors(7)).toEqual([])
  })

  test('says the same downwards as upwards, whatever the rows', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const tree = buildEntityTree(rows)
        for (const { id } of rows) {
          for (const above of tree.ancestors(id)) expect(tree.withDescendants(above)).toContain(id)
          for (const below of tree.withDescendants(id)) {
            if (below !== id) expect(tree.ancestors(below)).toContain(id)
          }
        }
      }),
    )
  })
})

describe('entitiesOf', () => {
  test.each<[string, Membership[], number[]]>([
    ['one entity alone', [{ entities_id: 1, is_recursive: 0 }], [1]],
    ['one with what is below', [{ entities_id: 1, is_recursive: 1 }], [1, 2, 3]],
    [
      'several',
      [
        { entities_id: 3, is_recursive: 0 },
        { entities_id: 4, is_recursive: 1 },
      ],
      [3, 4],
    ],
    [
      'one that is gone',
      [
        { entities_id: 9, is_recursive: 1 },
        { entities_id: 9, is_recursive: 0 },
      ],
      [],
    ],
    ['none', [], []],
  ])('of %s', (_, memberships, expected) => {
    expect(sorted(entitiesOf(memberships, TREE))).toEqual(expected)
  })
})

describe('scopeOf', () => {
  test('covers what it is given, and knows what is above', () => {
    const scope = scopeOf([2, 4, 9], TREE)
    expect(sorted(scope.entities)).toEqual([2, 4])
    expect(sorted(scope.above)).toEqual([0, 1])
    expect(scope.all).toBe(false)
  })

  test('of every entity there is, is all', () => {
    expect(scopeOf([0, 1, 2, 3, 4], TREE).all).toBe(true)
  })

  test('of nothing is not all, even where there is nothing', () => {
    expect(scopeOf([], TREE).all).toBe(false)
    expect(scopeOf([], buildEntityTree([])).all).toBe(false)
  })
})

describe('who is seen and who may be changed', () => {
  const at2 = scopeOf([2], TREE)
  const everything = scopeOf([0, 1, 2, 3, 4], TREE)

  test.each<[string, Membership[], boolean, boolean]>([
    ['in the entity', [{ entities_id: 2, is_recursive: 0 }], true, true],
    ['above, recursive', [{ entities_id: 1, is_recursive: 1 }], true, false],
    ['above, not recursive', [{ entities_id: 1, is_recursive: 0 }], false, false],
    ['below', [{ entities_id: 3, is_recursive: 1 }], false, false],
    ['beside, recursive', [{ entities_id: 4, is_recursive: 1 }], false, false],
    [
      'beside and in it',
      [
        { entities_id: 4, is_recursive: 0 },
        { entities_id: 2, is_recursive: 0 },
      ],
      true,
      true,
    ],
    ['nowhere', [], false, false],
  ])('of entity 2, somebody %s', (_, memberships, seen, changed) => {
    expect(canSeeUser(at2, memberships)).toBe(seen)
    expect(canChangeUser(at2, memberships)).toBe(changed)
  })

  test('who sees all sees and changes even somebody who belongs nowhere', () => {
    expect(canSeeUser(everything, [])).toBe(true)
    expect(canChangeUser(everything, [])).toBe(true)
  })

  test('sees exactly those whose expanded entities meet the scope: the host’s own wording', () => {
    fc.assert(
      fc.property(
        anyRows,
        fc.array(fc.integer({ min: 0, max: 13 })),
        anyMemberships,
        (rows, ids, memberships) => {
          const tree = buildEntityTree(rows)
          const scope = scopeOf(ids, tree)
          fc.pre(!scope.all)
          const expanded = [...entitiesOf(memberships, tree)]
          expect(canSeeUser(scope, memberships)).toBe(expanded.some((id) => scope.entities.has(id)))
        },
      ),
    )
  })

  test('who may be changed is always seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 })), anyMemberships, (ids, memberships) => {
        const scope = scopeOf(ids, TREE)
        if (canChangeUser(scope, memberships)) expect(canSeeUser(scope, memberships)).toBe(true)
      }),
    )
  })
})

describe('deleting a user', () => {
  const scope = scopeOf([1, 2], TREE)
  test.each<[string, Membership[], boolean]>([
    ['of an entity of the scope', [{ entities_id: 1, is_recursive: 1 }], true],
    [
      'of several of them',
      [
        { entities_id: 1, is_recursive: 0 },
        { entities_id: 2, is_recursive: 0 },
      ],
      true,
    ],
    [
      'of another one as well',
      [
        { entities_id: 1, is_recursive: 0 },
        { entities_id: 4, is_recursive: 0 },
      ],
      false,
    ],
    ['of one above, recursively', [{ entities_id: 0, is_recursive: 1 }], false],
    ['of none', [], false],
  ])('%s', (_, memberships, expected) => {
    expect(canDeleteUser(scope, memberships)).toBe(expected)
    expect(canDeleteUser(scopeOf([0, 1, 2, 3, 4], TREE), memberships)).toBe(true)
  })

  test('is never allowed where changing is not', () => {
    fc.assert(
      fc.property(anyRows, anyMemberships, fc.array(fc.nat(13)), (rows, memberships, entities) => {
        const any = scopeOf(entities, buildEntityTree(rows))
        return !canDeleteUser(any, memberships) || canChangeUser(any, memberships)
      }),
    )
  })
})
