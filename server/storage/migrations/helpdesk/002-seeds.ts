import type { Kysely } from 'kysely'

type Row = { id: number } & Record<string, string | number>

/** ITSM-NG's own profiles, in its order of ids. */
const PROFILES = [
  'Self-Service',
  'Observer',
  'Admin',
  'Super-Admin',
  'Hotliner',
  'Technician',
  'Supervisor',
  'Read-Only',
] as const

/**
 * ITSM-NG 1.4.0's seed rights, one value a profile in the order above; ours below them. Who takes calls may look up,
 * who runs the helpdesk may also write RIOs, and only Super-Admin changes settings.
 */
const RIGHTS: Record<string, readonly number[]> = {
  config: [0, 0, 0, 3, 0, 0, 0, 1],
  entity: [0, 0, 33, 3327, 0, 33, 33, 33],
  followup: [5, 5, 15383, 15383, 12295, 13319, 15383, 8193],
  profile: [0, 0, 1, 23, 0, 0, 0, 1],
  ticket: [5, 168989, 261151, 261151, 140295, 166919, 261151, 138241],
  user: [0, 2049, 7199, 7327, 1025, 1055, 1055, 1],
  plugin_callmanager_access: [0, 0, 3, 3, 1, 1, 3, 0],
  plugin_callmanager_config: [0, 0, 0, 2, 0, 0, 0, 0],
}

const REQUEST_TYPES = ['Helpdesk', 'E-Mail', 'Phone', 'Direct', 'Written', 'Other']

/** What every ITSM-NG starts with: the root entity, eight profiles and their rights, request types, an API client. */
export async function seedHelpdesk(db: Kysely<unknown>): Promise<void> {
  const tables = db.withTables<Record<string, { id: number }>>()

  /** Adds the rows that are not there yet: a migration that was killed half-way runs again. */
  async function add(table: string, rows: readonly Row[]): Promise<void> {
    const present = new Set((await tables.selectFrom(table).select('id').execute()).map(({ id }) => id))
    const missing = rows.filter(({ id }) => !present.has(id))
    if (missing.length > 0) await tables.insertInto(table).values(missing).execute()
  }

  await add('glpi_entities', [
    { id: 0, name: 'Root entity', entities_id: -1, completename: 'Root entity', level: 1 },
  ])
  await add(
    'glpi_profiles',
    PROFILES.map((name, index) => ({
      id: index + 1,
      name,
      interface: name === 'Self-Service' ? 'helpdesk' : 'central',
      is_default: name === 'Self-Service' ? 1 : 0,
    })),
  )
  const rights = Object.entries(RIGHTS).flatMap(([name, values]) =>
    values.map((value, index) => ({ profiles_id: index + 1, name, rights: value })),
  )
  await add(
    'glpi_profilerights',
    rights.map((right, index) => ({ id: index + 1, ...right })),
  )
  await add(
    'glpi_requesttypes',
    REQUEST_TYPES.map((name, index) => ({ id: index + 1, name, is_active: 1 })),
  )
  // No range and no App-Token: every address may call; a session is still required.
  await add('glpi_apiclients', [{ id: 1, name: 'Telephone systems', is_active: 1 }])
}
