import { type Kysely, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Tables } from '../../storage/tables.ts'
import { demandFit } from '../account-text.ts'

/** The host's trees that are edited here, and the column that names the node above. */
const PARENTS = { glpi_entities: 'entities_id', glpi_locations: 'locations_id' } as const
type Tree = keyof typeof PARENTS

/** Between the names of a path, as the host writes it. */
const BETWEEN = ' > '

/** One after another: whoever changes a tree holds the root entity until the commit. First in its transaction. */
export async function holdTrees(tx: Kysely<Tables>): Promise<void> {
  await tx.updateTable('glpi_entities').set({ id: 0 }).where('id', '=', 0).execute()
}

/** The short name of a place. Throws `value-refused`. */
export function placeName(typed: string): string {
  const name = typed.trim()
  demandFit('name', name)
  if (name !== '') return name
  throw new AppError('value-refused', { field: 'name', detail: 'a place needs a name' })
}

/** Everything below a node, level by level; a cycle is cut. */
export async function below(tx: Kysely<Tables>, tree: Tree, id: number): Promise<Set<number>> {
  const found = new Set<number>()
  for (let level = [id]; level.length > 0; ) {
    const children = await childrenOf(tx, tree, level)
    level = children.map((child) => child.id).filter((child) => child !== id && !found.has(child))
    for (const child of level) found.add(child)
  }
  return found
}

/** Writes path and level of a node and of all below it anew, from the names as they are. */
export async function rewritePaths(tx: Kysely<Tables>, tree: Tree, id: number): Promise<void> {
  const parent = sql.ref<number>(PARENTS[tree])
  const top = await tx
    .selectFrom(tree)
    .select(['id', 'name', parent.as('parent')])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const above = await tx
    .selectFrom(tree)
    .select(['completename', 'level'])
    .where('id', '=', top.parent)
    // Entities hang below the root, whose id is 0; to locations 0 is no location.
    .where('id', '<>', tree === 'glpi_locations' ? 0 : -1)
    .executeTakeFirst()
  const paths = new Map([[top.parent, { path: above?.completename ?? null, level: above?.level ?? 0 }]])
  const passed = new Set<number>()
  for (let nodes = [top]; nodes.length > 0; ) {
    for (const node of nodes) {
      const over = paths.get(node.parent)
      const path = over?.path ? `${over.path}${BETWEEN}${node.name ?? ''}` : (node.name ?? '')
      const level = (over?.level ?? 0) + 1
      paths.set(node.id, { path, level })
      passed.add(node.id)
      await tx.updateTable(tree).set({ completename: path, level }).where('id', '=', node.id).execute()
    }
    const children = await childrenOf(
      tx,
      tree,
      nodes.map((node) => node.id),
    )
    nodes = children.filter((child) => !passed.has(child.id))
  }
}

/** Nodes named in one question. */
const AT_ONCE = 500

async function childrenOf(tx: Kysely<Tables>, tree: Tree, ids: readonly number[]) {
  const parent = sql.ref<number>(PARENTS[tree])
  const found: { id: number; name: string | null; parent: number }[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const rows = await tx
      .selectFrom(tree)
      .select(['id', 'name', parent.as('parent')])
      .where(parent, 'in', ids.slice(from, from + AT_ONCE))
      .execute()
    found.push(...rows)
  }
  return found
}
