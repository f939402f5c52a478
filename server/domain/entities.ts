/** The entity tree: who contains whom. Entity 0 is the root. */
export interface EntityTree {
  readonly size: number
  has(id: number): boolean
  /** The entity and everything below it. */
  withDescendants(id: number): number[]
  /** What contains the entity, nearest first, without itself. */
  ancestors(id: number): number[]
}

export interface EntityRow {
  id: number
  /** The parent: -1 or NULL above the root, as hosts differ. */
  entities_id: number | null
}

/** Builds the tree from its rows. The host's own caches may be stale, so they are not read; a cycle is cut, not followed. */
export function buildEntityTree(rows: readonly EntityRow[]): EntityTree {
  const parents = new Map<number, number>()
  const children = new Map<number, number[]>()
  for (const { id, entities_id: parent } of rows) {
    parents.set(id, parent ?? -1)
    if (parent === null || parent < 0 || parent === id) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [id])
    else siblings.push(id)
  }
  return {
    size: parents.size,
    has: (id) => parents.has(id),
    withDescendants(id) {
      if (!parents.has(id)) return []
      const found = new Set([id])
      for (const entity of found) for (const child of children.get(entity) ?? []) found.add(child)
      return [...found]
    },
    ancestors(id) {
      const found = new Set<number>()
      let parent = parents.get(id) ?? -1
      while (parents.has(parent) && parent !== id && !found.has(parent)) {
        found.add(parent)
        parent = parents.get(parent) ?? -1
      }
      return [...found]
    },
  }
}

/** A user's standing in an entity: one row of `glpi_profiles_users`. */
export interface Membership {
  entities_id: number
  is_recursive: number
}

/** Where a user belongs whose rows are joined with those of `glpi_profiles_users`, one for each membership. */
export function membershipsOf(
  rows: readonly { member_entity: number | null; member_recursive: number | null }[],
): Membership[] {
  return rows.flatMap(({ member_entity: entity, member_recursive: recursive }) =>
    entity === null ? [] : [{ entities_id: entity, is_recursive: recursive ?? 0 }],
  )
}

/** What an agent's session covers. */
export interface Scope {
  /** Every entity there is: such an agent also sees users who belong to none. */
  all: boolean
  entities: ReadonlySet<number>
  /** The entities above those: a user who is recursive there is a user here too. */
  above: ReadonlySet<number>
}

/** The scope that covers these entities of the tree. */
export function scopeOf(entities: Iterable<number>, tree: EntityTree): Scope {
  const covered = new Set<number>()
  const above = new Set<number>()
  for (const entity of entities) {
    if (!tree.has(entity)) continue
    covered.add(entity)
    for (const ancestor of tree.ancestors(entity)) above.add(ancestor)
  }
  return { all: covered.size > 0 && covered.size === tree.size, entities: covered, above }
}

/**
 * The entities that a profile gives: each row's entity, and what is below it where the row is recursive.
 */
export function entitiesOf(memberships: readonly Membership[], tree: EntityTree): Set<number> {
  const entities = new Set<number>()
  for (const { entities_id: entity, is_recursive: recursive } of memberships) {
    for (const id of recursive ? tree.withDescendants(entity) : [entity]) if (tree.has(id)) entities.add(id)
  }
  return entities
}

/**
 * May an agent of this scope see a user of these memberships? The host's rule (host-contract §2): the user's entities,
 * expanded by their recursion, meet the scope; a user without any is seen by whoever sees all. The user's own
 * `entities_id` plays no part.
 */
export function canSeeUser(scope: Scope, memberships: readonly Membership[]): boolean {
  if (scope.all) return true
  return memberships.some(
    ({ entities_id: entity, is_recursive: recursive }) =>
      scope.entities.has(entity) || (recursive === 1 && scope.above.has(entity)),
  )
}

/** May an agent of this scope change that user? As seeing, but the user's entities are not expanded. */
export function canChangeUser(scope: Scope, memberships: readonly Membership[]): boolean {
  return scope.all || memberships.some(({ entities_id: entity }) => scope.entities.has(entity))
}

/** May an agent of this scope delete that user? Only where it covers all of the user's entities. */
export function canDeleteUser(scope: Scope, memberships: readonly Membership[]): boolean {
  if (scope.all) return true
  return memberships.length > 0 && memberships.every(({ entities_id: entity }) => scope.entities.has(entity))
}
