import { type HostDatabase, textOf } from './database.ts'

/** The host's settings, read anew for each request as PHP does. */
export async function readConfigs(db: HostDatabase): Promise<(name: string) => string> {
  const rows = await db.rows("select name, value from glpi_configs where context = 'core'")
  const values = new Map(rows.map((row) => [textOf(row.name), textOf(row.value)]))
  return (name) => values.get(name) ?? ''
}
