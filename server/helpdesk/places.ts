import { sql } from 'kysely'
import type { Page } from '../../contract/paging.ts'
import type {
  Category,
  CategoryQuery,
  Entity,
  Location,
  RequestType,
  TreeQuery,
} from '../../contract/places.ts'
import { decodeCursor, encodeCursor } from '../domain/cursor.ts'
import type { Scope } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { demandRight, missingForAccess } from '../domain/rights.ts'
import { versionTag } from '../domain/version-tag.ts'
import type { Storage } from '../storage/storage.ts'
import { walk } from '../storage/walk.ts'
import type { Agent } from './helpdesk.ts'

/** A node of one of the host's trees, as stored. */
interface Node {
  id: number
  name: string | null
  completename: string | null
  /** The node above; whatever is no id of a node stands for none. */
  parent: number | null
}

interface OwnedNode extends Node {
  entities_id: number
  is_recursive: number
}

export const entityTag = ({ name, parent }: Pick<Node, 'name' | 'parent'>): string =>
  versionTag([name, parent])

export const locationTag = (row: Pick<OwnedNode, 'name' | 'parent' | 'is_recursive'>): string =>
  versionTag([row.name, row.parent, row.is_recursive])

/** Entities and locations, and what else forms choose from, as the agent may see them. */
export function createPlaceReads({ db }: Storage, decodeText: (stored: string) => string) {
  const text = (stored: string | null): string => (stored === null ? '' : decodeText(stored))
  const toNode = (row: Node, hasParent: boolean): Entity => ({
    id: row.id,
    name: text(row.name),
    path: text(row.completename),
    parentId: hasParent ? row.parent : null,
  })
  const toEntity = (row: Node): Entity => toNode(row, row.parent !== null && row.parent >= 0)
  const toInner = (row: Node): Category => toNode(row, row.parent !== null && row.parent > 0)
  const toLocation = (row: OwnedNode): Location => ({
    ...toInner(row),
    entityId: row.entities_id,
    recursive: row.is_recursive === 1,
  })

  const entities = db
    .selectFrom('glpi_entities')
    .select(['id', 'name', 'completename', 'entities_id as parent'])
  const locations = db
    .selectFrom('glpi_locations')
    .select(['id', 'name', 'completename', 'locations_id as parent', 'entities_id', 'is_recursive'])
  const categories = db
    .selectFrom('glpi_itilcategories')
    .select(['id', 'name', 'completename', 'itilcategories_id as parent', 'entities_id', 'is_recursive'])

  /** A page of a tree in the order of its paths, which stand in no index: these tables are small. */
  async function list<Row extends Node, Item>(
    { limit = 25, cursor, q = '' }: TreeQuery,
    read: (after: Pick<Node, 'id' | 'completename'> | null, count: number) => Promise<Row[]>,
    isSeen: (row: Row) => boolean,
    toItem: (row: Row) => Item,
  ): Promise<Page<Item>> {
    const words = fold(q).split(/\s+/)
    const isWanted = (row: Row): boolean => {
      if (!isSeen(row)) return false
      const path = fold(text(row.completename))
      return words.every((word) => path.includes(word))
    }
    const [completename, id] = decodeCursor(cursor, 2) ?? []
    const from = typeof id === 'number' ? { id, completename: String(completename ?? '') } : null
    const page = await walk<Pick<Node, 'id' | 'completename'>>(
      {
        limit,
        read,
        keep: (rows) => new Set((rows as Row[]).filter(isWanted)),
      },
      from,
    )
    return {
      items: (page.rows as Row[]).map(toItem),
      cursor: page.end === null ? null : encodeCursor([page.end.completename ?? '', page.end.id]),
    }
  }

  /** Behind a path and, of equal ones, an id. */
  const behind = (after: Pick<Node, 'id' | 'completename'> | null) =>
    after === null
      ? sql<boolean>`1 = 1`
      : sql<boolean>`(coalesce(completename, '') > ${after.completename ?? ''}
          or (coalesce(completename, '') = ${after.completename ?? ''} and id > ${after.id}))`
  const inOrder = sql`coalesce(completename, '')`

  const readEntity = (id: number) => entities.where('id', '=', id).executeTakeFirst()
  const readLocation = (id: number) => locations.where('id', '=', id).executeTakeFirst()

  return {
    entities: {
      async list({ rights, scope }: Agent, query: TreeQuery): Promise<Page<Entity>> {
        demandRight(missingForAccess(rights))
        const read = (after: Pick<Node, 'id' | 'completename'> | null, count: number) =>
          entities.where(behind(after)).orderBy(inOrder).orderBy('id').limit(sql.lit(count)).execute()
        return list(query, read, ({ id }) => scope.entities.has(id), toEntity)
      },
      async read({ rights, scope }: Agent, id: number): Promise<{ place: Entity; tag: string }> {
        demandRight(missingForAccess(rights))
        const row = scope.entities.has(id) ? await readEntity(id) : undefined
        if (row === undefined) throw new AppError('entity-unknown')
        return { place: toEntity(row), tag: entityTag(row) }
      },
      /** One that was just written, whether or not it lies in the scope that the writer had before. */
      async made(id: number): Promise<{ place: Entity; tag: string }> {
        const row = await readEntity(id)
        if (row === undefined) throw new AppError('entity-unknown')
        return { place: toEntity(row), tag: entityTag(row) }
      },
    },
    locations: {
      async list({ rights, scope }: Agent, query: TreeQuery): Promise<Page<Location>> {
        demandRight(missingForAccess(rights))
        const read = (after: Pick<Node, 'id' | 'completename'> | null, count: number) =>
          locations.where(behind(after)).orderBy(inOrder).orderBy('id').limit(sql.lit(count)).execute()
        return list(query, read, (row) => isForScope(row, scope), toLocation)
      },
      async read({ rights, scope }: Agent, id: number): Promise<{ place: Location; tag: string }> {
        demandRight(missingForAccess(rights))
        const row = await readLocation(id)
        if (row === undefined || !isForScope(row, scope)) throw new AppError('location-unknown')
        return { place: toLocation(row), tag: locationTag(row) }
      },
      async made(id: number): Promise<{ place: Location; tag: string }> {
        const row = await readLocation(id)
        if (row === undefined) throw new AppError('location-unknown')
        return { place: toLocation(row), tag: locationTag(row) }
      },
    },
    async listCategories({ rights, scope }: Agent, query: CategoryQuery): Promise<Page<Category>> {
      demandRight(missingForAccess(rights))
      const read = (after: Pick<Node, 'id' | 'completename'> | null, count: number) => {
        let rows = categories.where(behind(after)).orderBy(inOrder).orderBy('id').limit(sql.lit(count))
        if (query.type === 'incident') rows = rows.where('is_incident', '=', 1)
        if (query.type === 'request') rows = rows.where('is_request', '=', 1)
        return rows.execute()
      }
      return list(query, read, (row) => isForScope(row, scope), toInner)
    },
    async listRequestTypes({ rights }: Agent): Promise<RequestType[]> {
      demandRight(missingForAccess(rights))
      const rows = await db
        .selectFrom('glpi_requesttypes')
        .select(['id', 'name'])
        .where('is_active', '=', 1)
        .orderBy('id')
        .execute()
      return rows.map(({ id, name }) => ({ id, name: text(name) }))
    },
  }
}

export type PlaceReads = ReturnType<typeof createPlaceReads>

/** Of an entity of the scope, or of one above it and meant for those below. */
export function isForScope(row: { entities_id: number; is_recursive: number }, scope: Scope): boolean {
  return scope.entities.has(row.entities_id) || (row.is_recursive === 1 && scope.above.has(row.entities_id))
}

/** One spelling for all letter cases and accents. */
function fold(value: string): string {
  return value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
