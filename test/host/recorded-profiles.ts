import { readFileSync } from 'node:fs'
import type { Row } from './database.ts'

const RECORDED = new URL('../recorded/host-rest.json', import.meta.url)

/** The recorded sessions that show a whole profile: a Super-Admin's and a Technician's. */
const SHOWING = ['getFullSession', 'Site A technician getFullSession']

/** Columns of `glpi_profiles`; whatever else a session shows of a profile is a right. */
const COLUMNS = new Set([
  'id',
  'name',
  'interface',
  'is_default',
  'helpdesk_hardware',
  'helpdesk_item_type',
  'ticket_status',
  'date_mod',
  'comment',
  'problem_status',
  'create_ticket_on_login',
  'tickettemplates_id',
  'changetemplates_id',
  'problemtemplates_id',
  'change_status',
  'managed_domainrecordtypes',
  'date_creation',
])

/**
 * `ticketvalidation` by profile: 1024 and 2048 ask for an approval, 4096 and 8192 give it, 16 removes it. Recorded for 4
 * and 6; for the others what their tickets' rights suggest.
 */
export const VALIDATION_RIGHTS: readonly (readonly [profile: number, rights: number])[] = [
  [1, 0],
  [2, 15_376],
  [3, 15_376],
  [4, 15_376],
  [5, 3088],
  [6, 3088],
  [7, 15_376],
  [8, 0],
]

/** The plugin's own rights are an administrator's to give: a fresh host gives them to nobody. */
const isOurs = (right: string) => right.startsWith('plugin_callmanager_')

interface Exchange {
  title: string
  answer: { body: string }
}

interface RecordedProfile {
  columns: Row
  rights: Record<string, number>
}

/** The two recorded profiles whole, by id. */
export function readRecordedProfiles(): Map<number, RecordedProfile> {
  const exchanges: Exchange[] = JSON.parse(readFileSync(RECORDED, 'utf8'))
  const profiles = exchanges
    .filter(({ title }) => SHOWING.includes(title))
    .map(({ answer }): Record<string, unknown> => JSON.parse(answer.body).session.glpiactiveprofile)
  return new Map(profiles.map((profile) => [Number(profile.id), split(profile)]))
}

function split(profile: Record<string, unknown>): RecordedProfile {
  const columns: Row = {}
  const rights: Record<string, number> = {}
  for (const [name, value] of Object.entries(profile)) {
    if (name === 'entities' || isOurs(name)) continue
    if (typeof value === 'number' && !COLUMNS.has(name)) rights[name] = value
    else columns[name] = typeof value === 'object' && value !== null ? JSON.stringify(value) : plain(value)
  }
  return { columns, rights }
}

function plain(value: unknown): Row[string] {
  return typeof value === 'string' || typeof value === 'number' ? value : null
}
