import type { Storage } from '../storage/storage.ts'

/** Settings of the host's own, by name; what is not set is not there. */
export async function coreConfig({ db }: Storage, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('glpi_configs')
    .select(['name', 'value'])
    .where('context', '=', 'core')
    .where('name', 'in', names)
    .execute()
  return new Map(rows.map(({ name, value }) => [name ?? '', value ?? '']))
}
