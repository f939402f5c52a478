import type { EntityTree, Scope } from '../domain/entities.ts'
import { remember } from '../storage/remember.ts'
import type { Storage } from '../storage/storage.ts'

export interface Place {
  id: number
  path: string
}

export interface Places {
  /** A place by its path (`A > B > C`, with or without the root) or by a short name that only one has; else the reason why not. */
  entity(name: string): Place | string
  location(name: string): Place | string
  /** The path of an entity, for the history. */
  pathOf(entityId: number): string
  locationOf(locationId: number): Place
}

interface PlaceRow {
  id: number
  name: string | null
  completename: string | null
}

function folded(path: string): string {
  return path
    .split('>')
    .map((name) => name.trim())
    .join('>')
    .normalize('NFC')
    .toLowerCase()
}

/** Two of one name are none: who is meant is not guessed. */
function index(rows: readonly PlaceRow[], decode: (stored: string) => string) {
  const byName = new Map<string, Place | 'several'>()
  const byPath = new Map<string, Place | 'several'>()
  const put = (names: typeof byName, name: string, place: Place): void => {
    const known = names.get(name)
    names.set(name, known === undefined || known === place ? place : 'several')
  }
  for (const row of rows) {
    const place = { id: row.id, path: decode(row.completename ?? row.name ?? '') }
    const path = folded(place.path)
    put(byPath, path, place)
    put(byName, folded(decode(row.name ?? '')), place)
    // Without the root, which everything stands under.
    const below = path.slice(path.indexOf('>') + 1)
    if (below !== path) put(byName, below, place)
  }
  return (name: string): Place | string => {
    const found = byPath.get(folded(name)) ?? byName.get(folded(name))
    if (found === 'several') return 'several have this name; write the whole path, such as A > B > C'
    return found ?? 'there is none of this name'
  }
}

/** Entities and locations by name, read at most once a second. */
export function createPlaces(storage: Storage, decode: (stored: string) => string) {
  const read = remember(async () => {
    const { db } = storage
    const [entities, locations] = await Promise.all([
      db.selectFrom('glpi_entities').select(['id', 'name', 'completename']).execute(),
      db
        .selectFrom('glpi_locations')
        .select(['id', 'name', 'completename', 'entities_id', 'is_recursive'])
        .execute(),
    ])
    return { entities, locations }
  })
  let known: { rows: Awaited<ReturnType<typeof read>>; scope: Scope; places: Places } | undefined

  /** What an agent of this scope may choose from. */
  return async (scope: Scope, tree: EntityTree): Promise<Places> => {
    const rows = await read()
    if (known?.rows === rows && known.scope === scope) return known.places
    const entities = rows.entities.filter(({ id }) => tree.has(id) && (scope.all || scope.entities.has(id)))
    const locations = rows.locations.filter(
      ({ entities_id: entity, is_recursive: recursive }) =>
        scope.all || scope.entities.has(entity) || (recursive === 1 && scope.above.has(entity)),
    )
    const locationPaths = new Map(
      rows.locations.map(({ id, completename }) => [id, decode(completename ?? '')]),
    )
    const paths = new Map(rows.entities.map(({ id, completename }) => [id, decode(completename ?? '')]))
    const places = {
      entity: index(entities, decode),
      location: index(locations, decode),
      pathOf: (id: number) => paths.get(id) ?? '',
      locationOf: (id: number) => ({ id, path: locationPaths.get(id) ?? '' }),
    }
    known = { rows, scope, places }
    return places
  }
}
