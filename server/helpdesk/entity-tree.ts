import { buildEntityTree, type EntityTree } from '../domain/entities.ts'
import type { Storage } from '../storage/storage.ts'

/** How old the remembered tree may be; entities move rarely, and a second is what settings take too. */
const MAX_AGE_MS = 1000

/** The host's entity tree, read from its rows at most once a second. */
export function createEntityTree(storage: Storage): () => Promise<EntityTree> {
  const select = storage.prepare((db) => db.selectFrom('glpi_entities').select(['id', 'entities_id']))
  let known: { at: number; tree: Promise<EntityTree> } | undefined
  return () => {
    const now = performance.now()
    if (known !== undefined && now - known.at < MAX_AGE_MS) return known.tree
    const tree = select({}).then(buildEntityTree)
    known = { at: now, tree }
    tree.catch(() => {
      known = undefined
    })
    return tree
  }
}
