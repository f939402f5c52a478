import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { DEFAULT_PAGE, type Page, type PageQuery } from '../../contract/paging.ts'
import type {
  Category,
  CategoryQuery,
  Entity,
  Location,
  RequestType,
  TreeQuery,
} from '../../contract/places.ts'
import { decodeCursor, encodeCursor, idBehind, pageById, refuseCursor } from '../domain/cursor.ts'
import type { Scope } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { demandRight, missingForAccess } from '../domain/rights.ts'
import { versionTag } from '../domain/version-tag.ts'
import { fold } from '../domain/words.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { walk } from '../storage/walk.ts'
import { holdable } from '../storage/wide-text.ts'
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
export function createPlaceReads(storage: Storage, decodeText: (stored: string) => string) {
  const { db } = storage
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
    nodes: SelectQueryBuilder<Tables, keyof Tables, Row>,
    { limit = DEFAULT_PAGE, cursor, q = '' }: TreeQuery,
    isSeen: (row: Row) => boolean,
    toItem: (row: Row) => Item,
  ): Promise<Page<Item>> {
    const words = fold(q).split(/\s+/)
    const isWanted = (row: Row): boolean => {
      if (!isSeen(row)) return false
      const path = fold(text(row.completename))
      return words.every((word) => path.includes(word))
    }
    const read = async (after: Position | null, count: number): Promise<Row[]> => {
      const rows = after === null ? nodes : nodes.where(behind(after))
      return (await rows.orderBy(PATH).orderBy(sql`id`).limit(sql.lit(count)).execute()) as Row[]
    }
    const page = await walk(
      { limit, read, keep: (rows) => new Set(rows.filter(isWanted)) },
      await positionIn(storage, cursor),
    )
    return {
      items: page.rows.map(toItem),
      cursor: page.end === null ? null : encodeCursor([page.end.completename ?? '', page.end.id]),
    }
  }

  async function entity(id: number): Promise<{ place: Entity; tag: string }> {
    const row = await entities.where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new AppError('entity-unknown')
    return { place: toEntity(row), tag: entityTag(row) }
  }

  async function location(id: number, scope?: Scope): Promise<{ place: Location; tag: string }> {
    const row = await locations.where('id', '=', id).executeTakeFirst()
    if (row === undefined || (scope !== undefined && !isForScope(row, scope))) {
      throw new AppError('location-unknown')
    }
    return { place: toLocation(row), tag: locationTag(row) }
  }

  return {
    entities: {
      async list({ rights, scope }: Agent, query: TreeQuery): Promise<Page<Entity>> {
        demandRight(missingForAccess(rights))
        return list(entities, query, ({ id }) => scope.entities.has(id), toEntity)
      },
      async read({ rights, scope }: Agent, id: number) {
        demandRight(missingForAccess(rights))
        if (!scope.entities.has(id)) throw new AppError('entity-unknown')
        return entity(id)
      },
      /** One that was just written, whether or not it lies in the scope that the writer had before. */
      made: entity,
    },
    locations: {
      async list({ rights, scope }: Agent, query: TreeQuery): Promise<Page<Location>> {
        demandRight(missingForAccess(rights))
        return list(locations, query, (row) => isForScope(row, scope), toLocation)
      },
      async read({ rights, scope }: Agent, id: number) {
        demandRight(missingForAccess(rights))
        return location(id, scope)
      },
      made: (id: number) => location(id),
    },
    async listCategories({ rights, scope }: Agent, query: CategoryQuery): Promise<Page<Category>> {
      demandRight(missingForAccess(rights))
      const meant = {
        incident: categories.where('is_incident', '=', 1),
        request: categories.where('is_request', '=', 1),
      }
      const nodes = query.type === undefined ? categories : meant[query.type]
      return list(nodes, query, (row) => isForScope(row, scope), toInner)
    },
    async listRequestTypes(
      { rights }: Agent,
      { limit = DEFAULT_PAGE, cursor }: PageQuery,
    ): Promise<Page<RequestType>> {
      demandRight(missingForAccess(rights))
      const rows = await db
        .selectFrom('glpi_requesttypes')
        .select(['id', 'name'])
        .where('is_active', '=', 1)
        .where('id', '>', idBehind(cursor) ?? 0)
        .orderBy('id')
        .limit(sql.lit(limit + 1))
        .execute()
      const page = pageById(rows, limit)
      return { ...page, items: page.items.map(({ id, name }) => ({ id, name: text(name) })) }
    },
  }
}

export type PlaceReads = ReturnType<typeof createPlaceReads>

type Position = Pick<Node, 'id' | 'completename'>

const PATH = sql`coalesce(completename, '')`

/** Behind a path and, of equal ones, an id. */
function behind({ id, completename }: Position) {
  const path = completename ?? ''
  return sql<SqlBool>`(${PATH} > ${path} or (${PATH} = ${path} and id > ${id}))`
}

/** The same, of a path that there may be. */
async function positionIn(storage: Storage, cursor: string | undefined): Promise<Position | null> {
  const position = positionOf(cursor)
  const path = [position?.completename ?? '']
  if ((await holdable(storage, path)).length === 0) refuseCursor('it was made for another list')
  return position
}

function positionOf(cursor: string | undefined): Position | null {
  const values = decodeCursor(cursor, 2)
  if (values === null) return null
  const [completename, id] = values
  if (typeof id === 'number' && typeof completename === 'string') return { id, completename }
  refuseCursor('it was made for another list')
}

/** Of an entity of the scope, or of one above it and meant for those below. */
export function isForScope(row: { entities_id: number; is_recursive: number }, scope: Scope): boolean {
  return scope.entities.has(row.entities_id) || (row.is_recursive === 1 && scope.above.has(row.entities_id))
}
