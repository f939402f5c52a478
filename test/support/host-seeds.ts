import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

interface Seeds {
  glpi_profiles: [id: string, name: string, face: string, isDefault: string][]
  'glpi_profilerights (user, ticket, followup, config, profile, entity)': [
    profile: string,
    name: string,
    rights: string,
  ][]
  glpi_requesttypes: [id: string, name: string, isDefault: string, isActive: string][]
}

const RECORDED = new URL('../fixtures/host-seeds-itsmng-1.4.0.json', import.meta.url)

/** Rights to approve tickets, in the order of profiles; recorded as well. */
const VALIDATION = [0, 0, 15376, 15376, 3088, 3088, 15376, 0]

const THIS_MACHINE = 0x7f000001

export interface SeededHost {
  /** Above the root entity. */
  noParent: number | null
  /** What its `glpi_configs` says of itself. */
  versions: Record<string, string>
}

/** Fills a host's empty tables with what a fresh one holds, as far as we read it. Nobody holds a right of ours. */
export async function seedHost(host: Storage, { noParent, versions }: SeededHost): Promise<void> {
  const seeds: Seeds = JSON.parse(await readFile(RECORDED, 'utf8'))
  await host.write('normal', async (tx) => {
    // Our tables' types know no NULL here, which GLPI 10 has.
    await sql`insert into glpi_entities (id, name, entities_id, completename, level)
      values (0, 'Root entity', ${noParent}, 'Root entity', 1)`.execute(tx)
    await tx
      .insertInto('glpi_profiles')
      .values(
        seeds.glpi_profiles.map(([id, name, face, isDefault]) => ({
          id: Number(id),
          name,
          interface: face,
          is_default: Number(isDefault),
        })),
      )
      .execute()
    const rights = seeds['glpi_profilerights (user, ticket, followup, config, profile, entity)']
    await tx
      .insertInto('glpi_profilerights')
      .values([
        ...rights.map(([profile, name, bits]) => ({
          profiles_id: Number(profile),
          name,
          rights: Number(bits),
        })),
        ...VALIDATION.map((bits, index) => ({
          profiles_id: index + 1,
          name: 'ticketvalidation',
          rights: bits,
        })),
      ])
      .execute()
    await tx
      .insertInto('glpi_requesttypes')
      .values(
        seeds.glpi_requesttypes.map(([id, name, , isActive]) => ({
          id: Number(id),
          name,
          is_active: Number(isActive),
        })),
      )
      .execute()
    await tx
      .insertInto('glpi_configs')
      .values(Object.entries(versions).map(([name, value]) => ({ context: 'core', name, value })))
      .execute()
    await tx
      .insertInto('glpi_apiclients')
      .values({
        name: 'full access from localhost',
        is_active: 1,
        ipv4_range_start: THIS_MACHINE,
        ipv4_range_end: THIS_MACHINE,
        ipv6: '::1',
        app_token: null,
      })
      .execute()
  })
}
