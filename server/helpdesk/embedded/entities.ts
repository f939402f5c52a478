import type { Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { CREATE, demandRight, missingForAccess, PURGE, UPDATE, type WriteBit } from '../../domain/rights.ts'
import { hostTime } from '../../domain/times.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import { startRebuildIn } from '../../identifiers/rebuild.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { demandProfileRight, reachesBelow } from '../dominance.ts'
import type { Agent, PlaceWrites } from '../helpdesk.ts'
import { entityTag } from '../places.ts'
import { logCreation, logFieldChange, logRemoval, TREE_SEARCH_OPTIONS } from './history.ts'
import { below, holdTrees, placeName, rewritePaths } from './tree-paths.ts'

const ROOT = 0

/** Writes the entity tree of the embedded helpdesk; `changed` forgets what is remembered of it. */
export function createEntityWrites(storage: Storage, changed: () => void): PlaceWrites['entities'] {
  async function write<T>(agent: Agent, bit: WriteBit, work: (tx: Kysely<Tables>) => Promise<T>): Promise<T> {
    demandRight(missingForAccess(agent.rights))
    const done = await storage.write('full', async (tx) => {
      await holdTrees(tx)
      await demandProfileRight(tx, agent, 'entity', bit)
      return work(tx)
    })
    changed()
    return done
  }

  return {
    create: (agent, { name: typed, parentId }) =>
      write(agent, CREATE, async (tx) => {
        const name = placeName(typed)
        await demandParent(tx, agent, parentId)
        await demandNameFree(tx, name, parentId)
        const at = hostTime(new Date())
        const { last } = await tx
          .selectFrom('glpi_entities')
          .select(({ fn }) => fn.max('id').as('last'))
          .executeTakeFirstOrThrow()
        const id = (last ?? ROOT) + 1
        await tx
          .insertInto('glpi_entities')
          .values({ id, name, entities_id: parentId, completename: name, date_mod: at })
          .execute()
        await rewritePaths(tx, 'glpi_entities', id)
        await logCreation(tx, { itemtype: 'Entity', itemsId: id, agentName: agent.name, at })
        return id
      }),

    change: (agent, id, change, seen) =>
      write(agent, UPDATE, async (tx) => {
        const before = await stored(tx, agent, id)
        demandSeen(seen, entityTag({ name: before.name, parent: before.entities_id }))
        const name = change.name === undefined ? before.name : placeName(change.name)
        const parentId = change.parentId ?? before.entities_id
        const moves = parentId !== before.entities_id
        if (!moves && name === before.name) return
        if (moves) {
          if (id === ROOT) throw refused('parentId', 'the root entity stands above all others')
          await demandParent(tx, agent, parentId)
          if (parentId === id || (await below(tx, 'glpi_entities', id)).has(parentId)) {
            throw refused('parentId', 'it is the entity itself, or lies below it')
          }
        }
        await demandNameFree(tx, name ?? '', parentId, id)
        const at = hostTime(new Date())
        await tx
          .updateTable('glpi_entities')
          .set({ name, entities_id: parentId, date_mod: at })
          .where('id', '=', id)
          .execute()
        await rewritePaths(tx, 'glpi_entities', id)
        const line = { itemtype: 'Entity', itemsId: id, agentName: agent.name, at } as const
        if (name !== before.name) {
          const values = { from: before.name ?? '', to: name ?? '' }
          await logFieldChange(tx, { ...line, ...values, searchOption: TREE_SEARCH_OPTIONS.name })
        }
        if (moves) {
          const values = { from: String(before.entities_id), to: String(parentId) }
          await logFieldChange(tx, { ...line, ...values, searchOption: TREE_SEARCH_OPTIONS.parent })
          // Numbers without a calling code may now be of another country.
          if (await hasCountries(tx)) await startRebuildIn(tx, storage.engine)
        }
      }),

    remove: (agent, id) =>
      write(agent, PURGE, async (tx) => {
        await stored(tx, agent, id)
        if (id === ROOT) throw refused('id', 'the root entity holds everything')
        await demandUnused(tx, id)
        await tx.deleteFrom('glpi_entities').where('id', '=', id).execute()
        await tx
          .deleteFrom('glpi_plugin_callmanager_configs')
          .where('name', '=', `default_country.${id}`)
          .execute()
        const at = hostTime(new Date())
        await logRemoval(tx, { itemtype: 'Entity', itemsId: id, agentName: agent.name, at }, 'deleted')
      }),
  }
}

/** Whether entities have countries of their own. */
async function hasCountries(tx: Kysely<Tables>): Promise<boolean> {
  const country = await tx
    .selectFrom('glpi_plugin_callmanager_configs')
    .select('id')
    .where('name', 'like', 'default_country.%')
    .limit(1)
    .executeTakeFirst()
  return country !== undefined
}

function refused(field: string, detail: string): AppError {
  return new AppError('value-refused', { field, detail })
}

async function stored(tx: Kysely<Tables>, { scope }: Agent, id: number) {
  const row = await tx
    .selectFrom('glpi_entities')
    .select(['name', 'entities_id'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || !scope.entities.has(id)) throw new AppError('entity-unknown')
  return row
}

/** The host's rule: what hangs below an entity is made by whoever also reaches what hangs there. */
async function demandParent(tx: Kysely<Tables>, agent: Agent, parentId: number): Promise<void> {
  const there = await tx
    .selectFrom('glpi_entities')
    .select('id')
    .where('id', '=', parentId)
    .executeTakeFirst()
  if (there === undefined || !agent.scope.entities.has(parentId)) {
    throw refused('parentId', 'the entity lies outside your scope')
  }
  if (!(await reachesBelow(tx, agent, parentId))) {
    throw refused('parentId', 'you do not hold your profile in the entities below it')
  }
}

async function demandNameFree(
  tx: Kysely<Tables>,
  name: string,
  parentId: number,
  except = -1,
): Promise<void> {
  const taken = await tx
    .selectFrom('glpi_entities')
    .select('id')
    .where('entities_id', '=', parentId)
    .where('name', '=', name)
    .where('id', '<>', except)
    .executeTakeFirst()
  if (taken === undefined) return
  throw new AppError('conflict', { field: 'name', detail: 'an entity beside it has this name' })
}

/** What may stand in an entity, in words; each table has an index by entity. */
const USERS = [
  ['glpi_entities', 'entities'],
  ['glpi_profiles_users', 'people'],
  ['glpi_users', 'people'],
  ['glpi_tickets', 'tickets'],
  ['glpi_locations', 'locations'],
  ['glpi_itilcategories', 'categories'],
  ['glpi_groups', 'groups'],
] as const satisfies readonly (readonly [keyof Tables, string])[]

async function demandUnused(tx: Kysely<Tables>, id: number): Promise<void> {
  for (const [table, what] of USERS) {
    const used = await tx
      .selectFrom(table)
      .select('id')
      .where('entities_id', '=', id)
      .limit(1)
      .executeTakeFirst()
    if (used !== undefined) throw new AppError('in-use', { detail: `there are ${what} in it` })
  }
}
