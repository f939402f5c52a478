import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { DEFAULT_PAGE, type Page } from '../../contract/paging.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { UserListQuery, UserSort, UserSummary } from '../../contract/users.ts'
import { isUsable } from '../domain/accounts.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../domain/cursor.ts'
import { canSeeUser, type EntityTree, type Scope } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { rioKey } from '../domain/rio.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { walk } from '../storage/walk.ts'
import { holdable } from '../storage/wide-text.ts'
import type { KeyRules } from './refresh.ts'
import { readSummaries } from './user-summaries.ts'

/** A place in the list: what it is sorted by, the id last. */
interface Place {
  id: number
  realname?: string | null
  name?: string | null
  authtype?: number
  auths_id?: number
}

type Column = keyof Place

/**
 * Orders that an index of the host's is in, so that a page is read from its beginning. Logins are unique to each kind of
 * account; whoever has none, or no last name, comes by id before all others.
 */
const ORDERS = {
  name: ['realname', 'id'],
  login: ['name', 'authtype', 'auths_id'],
  id: ['id'],
} as const satisfies Record<string, readonly Column[]>

/** Memberships that are gathered before sorting; in a larger scope the list is walked in its order instead. */
const MAX_GATHERED = 2000
/** Entities that one question names. */
const MAX_ENTITIES = 500

interface Asking {
  scope: Scope
  tree: EntityTree
  method: RioStorageMethod
  decode: KeyRules['decode']
}

/** A page of the people in a scope, in bounded time whatever their number. */
export async function listUsers(
  storage: Storage,
  query: UserListQuery,
  asking: Asking,
): Promise<Page<UserSummary>> {
  const { sort = 'name', limit = DEFAULT_PAGE, cursor } = query
  const order: readonly Column[] = ORDERS[sort.replace('-', '') as keyof typeof ORDERS]
  const backwards = sort.startsWith('-')
  const among = narrowed(asking, query)
  const gathered = await gather(storage.db, among)
  const wanted = (rows: readonly Place[]) =>
    keep(storage.db, rows, query, { ...asking, scope: gathered === null ? among : asking.scope })
  const read = (after: Place | null, count: number) =>
    readInOrder(storage.db, { order, backwards, gathered }, after, count)
  const page = await walk({ limit, read, keep: wanted }, await placeIn(storage, sort, order, cursor))
  return {
    items: await readSummaries(
      storage,
      page.rows.map(({ id }) => id),
      asking,
    ),
    cursor: page.end === null ? null : encodeCursor([sort, ...valuesOf(order, page.end)]),
  }
}

/** What of the scope the list is about. */
function narrowed({ scope, tree }: Asking, { entityId, entityRecursive = false }: UserListQuery): Scope {
  if (entityId === undefined) return scope
  if (!scope.entities.has(entityId)) throw new AppError('entity-unknown')
  const chosen = entityRecursive ? tree.withDescendants(entityId) : [entityId]
  const entities = new Set(chosen.filter((entity) => scope.entities.has(entity)))
  return { all: false, entities, above: new Set() }
}

/** Everyone in a small scope by id; null where there are too many, or all. */
async function gather(db: Kysely<Tables>, { all, entities, above }: Scope): Promise<number[] | null> {
  if (all || entities.size + above.size > MAX_ENTITIES) return null
  const members = db.selectFrom('glpi_profiles_users').select('users_id')
  const own =
    entities.size === 0
      ? []
      : await members
          .where('entities_id', 'in', [...entities])
          .limit(sql.lit(MAX_GATHERED + 1))
          .execute()
  if (own.length > MAX_GATHERED) return null
  const fromAbove =
    above.size === 0
      ? []
      : await members
          .where('entities_id', 'in', [...above])
          .where('is_recursive', '=', 1)
          .limit(sql.lit(MAX_GATHERED + 1))
          .execute()
  if (own.length + fromAbove.length > MAX_GATHERED) return null
  return [...new Set([...own, ...fromAbove].map(({ users_id: id }) => id))]
}

interface Reading {
  order: readonly Column[]
  backwards: boolean
  /** Only these; null for everyone. */
  gathered: readonly number[] | null
}

/** The rows behind a place, in order. */
async function readInOrder(
  db: Kysely<Tables>,
  { order, backwards, gathered }: Reading,
  after: Place | null,
  count: number,
): Promise<Place[]> {
  const rows: Place[] = []
  if (gathered?.length === 0) return rows
  for (const { columns, conditions } of partsBehind(order, after, backwards)) {
    let part = db
      .selectFrom('glpi_users')
      .select(['id', ...order])
      .limit(sql.lit(count - rows.length))
    if (gathered !== null) part = part.where('id', 'in', gathered)
    for (const condition of conditions) part = part.where(condition)
    for (const column of columns) part = part.orderBy(column, backwards ? 'desc' : 'asc')
    rows.push(...(await part.execute()))
    if (rows.length >= count) break
  }
  return rows
}

type Condition = RawBuilder<SqlBool>

interface Part {
  /** What it is sorted by. */
  columns: readonly Column[]
  conditions: Condition[]
}

/** What is behind a place, in parts that follow one another and are each one range of an index. */
function partsBehind(order: readonly Column[], after: Place | null, backwards: boolean): Part[] {
  const [first = 'id'] = order
  if (first === 'id') return rangesBehind(order, after, after === null ? [sql`id >= 0`] : [], backwards)
  const name = sql.ref(first)
  const isUnnamed = after !== null && (after[first] ?? null) === null
  const unnamed = () => rangesBehind(['id'], isUnnamed ? after : null, [sql`${name} is null`], backwards)
  // All of them is `>= ''` rather than `is not null`, which is no range to SQLite; of two ranges it may take the wider.
  const named = () =>
    after === null || isUnnamed
      ? rangesBehind(order, null, [sql`${name} >= ''`], backwards)
      : rangesBehind(order, after, [], backwards)
  if (backwards) return isUnnamed ? unnamed() : [...named(), ...unnamed()]
  return after === null || isUnnamed ? [...unnamed(), ...named()] : named()
}

/** First what is alike but for the last column, then what is alike but for the last two, and so on. */
function rangesBehind(
  columns: readonly Column[],
  after: Place | null,
  whole: Condition[],
  backwards: boolean,
): Part[] {
  if (after === null) return [{ columns, conditions: whole }]
  const sign = sql.raw(backwards ? '<' : '>')
  return columns.toReversed().map((column) => {
    const alike = columns.slice(0, columns.indexOf(column))
    const conditions = [
      ...whole,
      ...alike.map((one): Condition => sql`${sql.ref(one)} = ${after[one]}`),
      sql<SqlBool>`${sql.ref(column)} ${sign} ${after[column]}`,
    ]
    return { columns, conditions }
  })
}

/** Of some rows those that the list is about. The living rows decide, not the index. */
async function keep(
  db: Kysely<Tables>,
  rows: readonly Place[],
  { rio, active }: UserListQuery,
  { scope, method, decode }: Omit<Asking, 'tree'>,
): Promise<Set<Place>> {
  if (rows.length === 0) return new Set()
  const ids = rows.map(({ id }) => id)
  const users = await db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
    .select(['user.id', 'user.is_active', 'user.is_deleted', 'user.begin_date', 'user.end_date'])
    .select(method === 'custom_table' ? 'kept.rio_number as rio' : `user.${method} as rio`)
    .where('user.id', 'in', ids)
    .where('user.is_deleted', '=', 0)
    .execute()
  const memberships = scope.all
    ? new Map()
    : Map.groupBy(
        await db
          .selectFrom('glpi_profiles_users')
          .select(['users_id', 'entities_id', 'is_recursive'])
          .where('users_id', 'in', ids)
          .execute(),
        ({ users_id: id }) => id,
      )
  const now = new Date()
  const kept = new Set<number>()
  for (const user of users) {
    if (rio !== undefined && (rioKey(decode(user.rio)) !== null) !== (rio === 'with')) continue
    if (active !== undefined && isUsable(user, now) !== active) continue
    if (canSeeUser(scope, memberships.get(user.id) ?? [])) kept.add(user.id)
  }
  return new Set(rows.filter(({ id }) => kept.has(id)))
}

function valuesOf(order: readonly Column[], place: Place): (string | number | null)[] {
  return [...order.map((column) => place[column] ?? null), place.id]
}

/** The same, of a place that there may be: what no column holds, a list has not ended with. */
async function placeIn(
  storage: Storage,
  ...asked: Parameters<typeof placeOf>
): Promise<ReturnType<typeof placeOf>> {
  const place = placeOf(...asked)
  const texts = Object.values(place ?? {}).filter((value) => typeof value === 'string')
  if ((await holdable(storage, texts)).length < texts.length) refuseCursor('it was made for another list')
  return place
}

/** The place that a cursor names; it holds for the sort that it was made with. */
function placeOf(sort: UserSort, order: readonly Column[], cursor: string | undefined): Place | null {
  const values = decodeCursor(cursor, order.length + 2)
  if (values === null) return null
  const [madeFor, ...rest] = values
  const id = rest.at(-1)
  if (madeFor !== sort || typeof id !== 'number') {
    refuseCursor('it was made for another order of this list')
  }
  return { ...Object.fromEntries(order.map((column, index) => [column, rest[index]])), id }
}
