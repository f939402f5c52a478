import { readFile } from 'node:fs/promises'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import { createHostTables } from '../support/host-tables.ts'
import { type HostDatabase, openHostDatabase, type Row } from './database.ts'
import { hostPeople } from './people.ts'
import { readRecordedProfiles, VALIDATION_RIGHTS } from './recorded-profiles.ts'
import { sanitiserOf } from './text.ts'

const SEEDS = new URL('../recorded/host-seeds-itsmng-1.4.0.json', import.meta.url)

interface Seeds {
  glpi_profiles: [id: string, name: string, shape: string, isDefault: string][]
  'glpi_profilerights (user, ticket, followup, config, profile, entity)': [string, string, string][]
  glpi_requesttypes: [id: string, name: string, isHelpdeskDefault: string, isActive: string][]
  glpi_specialstatuses: [id: string, name: string, weight: string, isActive: string, color: string][]
}

/** A fresh installation's settings, as far as anybody asks for them. The API is off, as the host delivers it. */
const CONFIGS: Record<string, string> = {
  version: '9.5.7',
  dbversion: '9.5.7',
  itsmversion: '1.4.0',
  itsmdbversion: '1.4.0',
  language: 'en_GB',
  // Nobody answers there.
  url_base: 'http://127.0.0.1:2',
  url_base_api: 'http://127.0.0.1:8080/apirest.php',
  enable_api: '0',
  enable_api_login_credentials: '0',
  enable_api_login_external_token: '1',
  login_remember_time: '604800',
  list_limit: '15',
  list_limit_max: '500',
  names_format: '0',
  is_ids_visible: '0',
  is_users_auto_add: '1',
  maintenance_mode: '0',
  set_default_tech: '1',
  urgency_mask: '62',
  impact_mask: '62',
  priority_matrix:
    '{"1":{"1":1,"2":1,"3":2,"4":2,"5":2},"2":{"1":1,"2":2,"3":2,"4":3,"5":3},"3":{"1":2,"2":2,"3":3,"4":4,"5":4},"4":{"1":2,"2":3,"3":4,"4":4,"5":5},"5":{"1":2,"2":3,"3":4,"4":5,"5":5}}',
}

const LOCALHOST = 2_130_706_433

export interface SeedOptions {
  /** `itsmversion`; null for a host that names none: ITSM-NG 1.0.0, or GLPI. */
  version?: string | null
  /** The GLPI number, which decides how text is stored. */
  base?: string
  /** True (the default) as an administrator leaves it who follows our manual; false as it is delivered. */
  apiOn?: boolean
  /** Whether it has the table of OpenID Connect, which ITSM-NG has from 1.1 on. */
  openId?: boolean
  /** Makes its tables, where they are not an ITSM-NG's. */
  createTables?: (storage: Storage) => Promise<void>
}

/** Makes an empty database a fresh ITSM-NG 1.4.0's: tables, profiles, rights, settings, and no people yet. */
export async function seedHost(databaseUrl: string, options: SeedOptions = {}) {
  const {
    version = '1.4.0',
    base = '9.5.7',
    apiOn = true,
    openId = false,
    createTables = createHostTables,
  } = options
  await makeTables(databaseUrl, createTables)
  const isGlpi10 = Number.parseInt(base, 10) >= 10
  const db = openHostDatabase(databaseUrl)
  if (openId) {
    await db.run(
      'create table glpi_oidc_users (id int not null auto_increment primary key, user_id int not null)',
    )
  }
  const seeds: Seeds = JSON.parse(await readFile(SEEDS, 'utf8'))
  await seedProfiles(db, seeds)
  for (const [id, name, isDefault, isActive] of seeds.glpi_requesttypes) {
    await db.insert('glpi_requesttypes', {
      id: Number(id),
      name,
      is_helpdesk_default: Number(isDefault),
      is_followup_default: Number(isDefault),
      is_active: Number(isActive),
    })
  }
  for (const [id, name, weight, isActive, color] of isGlpi10 ? [] : seeds.glpi_specialstatuses) {
    const row = { id: Number(id), name, weight: Number(weight), is_active: Number(isActive), color }
    await db.insert('glpi_specialstatuses', row)
  }
  const configs: Record<string, string> = { ...CONFIGS, version: base, dbversion: base }
  if (apiOn) Object.assign(configs, { enable_api: '1', enable_api_login_credentials: '1' })
  for (const [name, value] of Object.entries(configs)) {
    if (version === null && name.startsWith('itsm')) continue
    const told = name.startsWith('itsm') && version !== null ? version : value
    await db.insert('glpi_configs', { context: 'core', name, value: told })
  }
  await db.insert('glpi_apiclients', {
    name: 'full access from localhost',
    is_active: 1,
    is_recursive: 1,
    ipv4_range_start: LOCALHOST,
    ipv4_range_end: LOCALHOST,
    ipv6: '::1',
  })
  await db.insert('glpi_entities', {
    id: 0,
    name: 'Root entity',
    entities_id: isGlpi10 ? null : -1,
    completename: 'Root entity',
    level: 1,
  })
  return { db, ...hostPeople(db, sanitiserOf(base)) }
}

export type SeededHost = Awaited<ReturnType<typeof seedHost>>

async function makeTables(
  databaseUrl: string,
  createTables: (storage: Storage) => Promise<void>,
): Promise<void> {
  const storage = await openStorage(databaseUrl)
  try {
    await createTables(storage)
  } finally {
    await storage.close()
  }
}

async function seedProfiles(db: HostDatabase, seeds: Seeds): Promise<void> {
  const recorded = readRecordedProfiles()
  for (const [id, name, shape, isDefault] of seeds.glpi_profiles) {
    const columns: Row = {
      helpdesk_hardware: shape === 'central' ? 3 : 1,
      ticket_status: '[]',
      problem_status: '[]',
      managed_domainrecordtypes: '[]',
      comment: '',
      ...recorded.get(Number(id))?.columns,
    }
    const row = { ...columns, id: Number(id), name, interface: shape, is_default: Number(isDefault) }
    await db.insert('glpi_profiles', row)
  }
  const rights = new Map<string, [profile: number, name: string, rights: number]>()
  const add = (profile: number, name: string, bits: number) =>
    rights.set(`${profile} ${name}`, [profile, name, bits])
  for (const [profile, bits] of VALIDATION_RIGHTS) add(profile, 'ticketvalidation', bits)
  for (const [profile, { rights: bits }] of recorded) {
    for (const [name, value] of Object.entries(bits)) add(profile, name, value)
  }
  const key = 'glpi_profilerights (user, ticket, followup, config, profile, entity)'
  for (const [profile, name, bits] of seeds[key]) add(Number(profile), name, Number(bits))
  await db.run('insert into glpi_profilerights (profiles_id, name, rights) values ?', [[...rights.values()]])
}
