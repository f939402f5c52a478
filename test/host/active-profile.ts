import { type HostDatabase, numberOf, type Row, textOf } from './database.ts'
import { type PhpArray, type PhpValue, phpList, phpMap, toPhp } from './php-json.ts'
import type { HeldEntity } from './session.ts'

/** What a profile with the helpdesk interface keeps of its columns and rights (host-contract §2). */
const HELPDESK_KEEPS = new Set([
  'id',
  'name',
  'interface',
  'is_default',
  'create_ticket_on_login',
  'changetemplates_id',
  'followup',
  'helpdesk_hardware',
  'helpdesk_item_type',
  'knowbase',
  'password_update',
  'personalization',
  'problemtemplates_id',
  'reminder_public',
  'reservation',
  'rssfeed_public',
  'show_group_hardware',
  'task',
  'ticket',
  'ticketcost',
  'ticket_status',
  'tickettemplates_id',
  'ticketvalidation',
])

/** Columns that hold JSON. */
const DECODED = new Set([
  'helpdesk_item_type',
  'ticket_status',
  'problem_status',
  'change_status',
  'managed_domainrecordtypes',
])

export interface ActiveProfile {
  interface: string
  rights: Map<string, number>
  /** As `glpiactiveprofile` shows it. */
  shown: PhpArray
}

/** Copies a profile with its rights as a login does. */
export async function copyProfile(
  db: HostDatabase,
  profileId: number,
  entities: ReadonlyMap<number, HeldEntity>,
): Promise<ActiveProfile> {
  const columns = (await db.row('select * from glpi_profiles where id = ?', [profileId])) ?? {}
  const rows = await db.rows(
    'select name, rights from glpi_profilerights where profiles_id = ? order by name',
    [profileId],
  )
  const kept = (name: string) => columns.interface === 'central' || HELPDESK_KEEPS.has(name)
  const rights = new Map(
    rows.map((row) => [textOf(row.name), numberOf(row.rights)] as const).filter(([name]) => kept(name)),
  )
  const shown = new Map<string, PhpValue>([
    ...Object.entries(columns)
      .filter(([name]) => kept(name))
      .map(([name, value]) => [name, shownColumn(name, value)] as const),
    ...rights,
    ['entities', showEntities(entities)],
  ])
  return { interface: textOf(columns.interface), rights, shown }
}

function shownColumn(name: string, value: Row[string] = null): PhpValue {
  return DECODED.has(name) && value !== null ? toPhp(JSON.parse(String(value))) : value
}

/** Keyed by the entity's id: a list for somebody at the root, a map for everybody else. */
export function showEntities(entities: ReadonlyMap<number, HeldEntity>): PhpArray {
  return new Map([...entities].map(([id, entity]) => [id, showEntity(entity)]))
}

/** The same without the keys. */
export function listEntities(entities: ReadonlyMap<number, HeldEntity>): PhpArray {
  return phpList([...entities.values()].map(showEntity))
}

function showEntity({ id, name, isRecursive }: HeldEntity): PhpArray {
  return phpMap({ id, name, is_recursive: isRecursive })
}
