import type { Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { CREATE, demandRight, missingForAccess, PURGE, UPDATE, type WriteBit } from '../../domain/rights.ts'
import { hostTime } from '../../domain/times.ts'
import { demandSeen } from '../../domain/version-tag.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { demandProfileRight, reachesBelow } from '../dominance.ts'
import type { Agent, PlaceWrites } from '../helpdesk.ts'
import { isForScope, locationTag } from '../places.ts'
import { logCreation, logFieldChange, logRemoval, TREE_SEARCH_OPTIONS } from './history.ts'
import { below, holdTrees, placeName, rewritePaths } from './tree-paths.ts'

/** In the column of the location above. */
const NONE = 0

/** Writes the locations of the embedded helpdesk. */
export function createLocationWrites(storage: Storage): PlaceWrites['locations'] {
  function write<T>(agent: Agent, bit: WriteBit, work: (tx: Kysely<Tables>) => Promise<T>): Promise<T> {
    demandRight(missingForAccess(agent.rights))
    return storage.write('full', async (tx) => {
      await holdTrees(tx)
      await demandProfileRight(tx, agent, 'location', bit)
      return work(tx)
    })
  }

  return {
    create: (agent, { name: typed, parentId, entityId = agent.entityId, recursive = false }) =>
      write(agent, CREATE, async (tx) => {
        const name = placeName(typed)
        const parent = parentId ?? NONE
        if (!agent.scope.entities.has(entityId))
          throw refused('entityId', 'the entity lies outside your scope')
        if (recursive) await demandReach(tx, agent, entityId)
        await demandParent(tx, agent, parent, entityId)
        await demandNameFree(tx, { name, parent, entityId })
        const at = hostTime(new Date())
        const { insertId } = await tx
          .insertInto('glpi_locations')
          .values({
            name,
            entities_id: entityId,
            is_recursive: recursive ? 1 : 0,
            locations_id: parent,
            completename: name,
          })
          .executeTakeFirstOrThrow()
        const id = Number(insertId)
        await rewritePaths(tx, 'glpi_locations', id)
        await logCreation(tx, { itemtype: 'Location', itemsId: id, agentName: agent.name, at })
        return id
      }),

    change: (agent, id, change, seen) =>
      write(agent, UPDATE, async (tx) => {
        const before = await stored(tx, agent, id)
        demandSeen(seen, locationTag(before))
        const name = change.name === undefined ? before.name : placeName(change.name)
        const parent = change.parentId === undefined ? before.parent : (change.parentId ?? NONE)
        const recursive = change.recursive === undefined ? before.is_recursive : change.recursive ? 1 : 0
        if (recursive === 1 && before.is_recursive === 0) await demandReach(tx, agent, before.entities_id)
        if (parent !== before.parent) {
          await demandParent(tx, agent, parent, before.entities_id)
          if (parent === id || (await below(tx, 'glpi_locations', id)).has(parent)) {
            throw refused('parentId', 'it is the location itself, or lies within it')
          }
        }
        await demandNameFree(tx, { name: name ?? '', parent, entityId: before.entities_id }, id)
        await tx
          .updateTable('glpi_locations')
          .set({ name, locations_id: parent, is_recursive: recursive })
          .where('id', '=', id)
          .execute()
        await rewritePaths(tx, 'glpi_locations', id)
        const line = {
          itemtype: 'Location',
          itemsId: id,
          agentName: agent.name,
          at: hostTime(new Date()),
        } as const
        const changes = [
          [TREE_SEARCH_OPTIONS.name, before.name ?? '', name ?? ''],
          [TREE_SEARCH_OPTIONS.parent, before.parent, parent],
          [TREE_SEARCH_OPTIONS.is_recursive, before.is_recursive, recursive],
        ] as const
        for (const [searchOption, from, to] of changes) {
          if (from !== to)
            await logFieldChange(tx, { ...line, searchOption, from: String(from), to: String(to) })
        }
      }),

    remove: (agent, id) =>
      write(agent, PURGE, async (tx) => {
        await stored(tx, agent, id)
        await demandUnused(tx, id)
        await tx.deleteFrom('glpi_locations').where('id', '=', id).execute()
        const at = hostTime(new Date())
        await logRemoval(tx, { itemtype: 'Location', itemsId: id, agentName: agent.name, at }, 'deleted')
      }),
  }
}

function refused(field: string, detail: string): AppError {
  return new AppError('value-refused', { field, detail })
}

/** A location that this agent may change: one from above is there for them to choose, not to edit. */
async function stored(tx: Kysely<Tables>, { scope }: Agent, id: number) {
  const row = await tx
    .selectFrom('glpi_locations')
    .select(['name', 'locations_id as parent', 'entities_id', 'is_recursive'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || !isForScope(row, scope)) throw new AppError('location-unknown')
  if (scope.entities.has(row.entities_id)) return row
  throw new AppError('right-missing', { detail: 'the location belongs to an entity above yours' })
}

async function demandReach(tx: Kysely<Tables>, agent: Agent, entityId: number): Promise<void> {
  if (await reachesBelow(tx, agent, entityId)) return
  throw refused('recursive', 'you do not hold your profile in the entities below')
}

/** A location lies within one of its own entity, or in one from above that is meant for those below. */
async function demandParent(
  tx: Kysely<Tables>,
  { scope }: Agent,
  parent: number,
  entityId: number,
): Promise<void> {
  if (parent === NONE) return
  const row = await tx
    .selectFrom('glpi_locations')
    .select(['entities_id', 'is_recursive'])
    .where('id', '=', parent)
    .executeTakeFirst()
  const fits = row !== undefined && (row.entities_id === entityId || row.is_recursive === 1)
  if (!fits || !isForScope(row, scope)) throw refused('parentId', 'there is no such location for this entity')
}

async function demandNameFree(
  tx: Kysely<Tables>,
  { name, parent, entityId }: { name: string; parent: number; entityId: number },
  except = NONE,
): Promise<void> {
  const taken = await tx
    .selectFrom('glpi_locations')
    .select('id')
    .where('entities_id', '=', entityId)
    .where('locations_id', '=', parent)
    .where('name', '=', name)
    .where('id', '<>', except)
    .executeTakeFirst()
  if (taken === undefined) return
  throw new AppError('conflict', { field: 'name', detail: 'a location beside it has this name' })
}

async function demandUnused(tx: Kysely<Tables>, id: number): Promise<void> {
  for (const [table, what] of [
    ['glpi_locations', 'locations'],
    ['glpi_users', 'people'],
  ] as const) {
    const used = await tx
      .selectFrom(table)
      .select('id')
      .where('locations_id', '=', id)
      .limit(1)
      .executeTakeFirst()
    if (used !== undefined) throw new AppError('in-use', { detail: `there are ${what} in it` })
  }
}
