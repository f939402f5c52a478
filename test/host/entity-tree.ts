import { type HostDatabase, numberOf, textOf } from './database.ts'

/** The entities in the order in which the host walks them: level by level, by name. */
export interface HostEntities {
  size: number
  has(id: number): boolean
  /** The entity and all below it. */
  sonsOf(id: number): number[]
  /** What stands above it, from the root down. */
  ancestorsOf(id: number): number[]
  nameOf(id: number): string
  completenameOf(id: number): string
}

export async function readEntities(db: HostDatabase): Promise<HostEntities> {
  const rows = await db.rows('select id, name, entities_id, completename from glpi_entities order by name')
  const byId = new Map(rows.map((row) => [numberOf(row.id), row]))
  return {
    size: byId.size,
    has: (id) => byId.has(id),
    sonsOf(id) {
      const found = byId.has(id) ? [id] : []
      for (const parent of found) {
        for (const row of rows) {
          const son = numberOf(row.id)
          if (row.entities_id === parent && !found.includes(son)) found.push(son)
        }
      }
      return found
    },
    ancestorsOf(id) {
      const found: number[] = []
      for (let row = byId.get(id); row !== undefined; ) {
        const parent = row.entities_id === null ? -1 : numberOf(row.entities_id)
        row = found.includes(parent) ? undefined : byId.get(parent)
        if (row !== undefined) found.unshift(parent)
      }
      return found
    },
    nameOf: (id) => textOf(byId.get(id)?.name),
    completenameOf: (id) => textOf(byId.get(id)?.completename),
  }
}
