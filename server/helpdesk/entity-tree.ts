import { buildEntityTree, type EntityTree } from '../domain/entities.ts'
import { type Remembered, remember } from '../storage/remember.ts'
import type { Storage } from '../storage/storage.ts'

/** The host's entity tree, read from its rows at most once a second. */
export function createEntityTree(storage: Storage): Remembered<EntityTree> {
  const select = storage.prepare((db) => db.selectFrom('glpi_entities').select(['id', 'entities_id']))
  return remember(async () => buildEntityTree(await select({})))
}
