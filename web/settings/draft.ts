import type { NamedSettings, SettingsChange } from '../../contract/settings.ts'

/** What somebody has typed into the settings and not saved yet; what is missing is as it was read. */
export interface Draft {
  sharedRios?: NamedSettings['sharedRios']
  defaultCountry?: string
  /** By the id of the entity; null takes its country away. */
  countries?: Record<string, string | null>
  phoneRequestSource?: number
  target?: Target
  formId?: string
  retention?: string
}

export type Target = 'quick' | 'native' | 'formcreator_wizard' | 'form'

const MAX_ID = 2_147_483_647
const MAX_DAYS = 3650

const targetOf = ({ ticketTarget }: NamedSettings): Target =>
  typeof ticketTarget === 'number' ? 'form' : ticketTarget

/** The settings as the form shows them. */
export function shownBy(read: NamedSettings, draft: Draft) {
  const countries = Object.entries({ ...read.countries, ...draft.countries })
  return {
    sharedRios: draft.sharedRios ?? read.sharedRios,
    defaultCountry: draft.defaultCountry ?? read.defaultCountry,
    countries: countries.flatMap(([id, country]) => (country === null ? [] : [{ id: Number(id), country }])),
    phoneRequestSource: draft.phoneRequestSource ?? read.phoneRequestSource,
    target: draft.target ?? targetOf(read),
    formId: draft.formId ?? (typeof read.ticketTarget === 'number' ? String(read.ticketTarget) : ''),
    retention: draft.retention ?? String(read.journalRetentionDays),
  }
}

/** What is to be sent: what differs from what was read, and nothing else; `wrong` names what is no number as asked for. */
export function changeBy(read: NamedSettings, draft: Draft) {
  const shown = shownBy(read, draft)
  const retention = integer(shown.retention, MAX_DAYS)
  const formId = integer(shown.formId, MAX_ID)
  const ticketTarget = shown.target === 'form' ? formId : shown.target
  const countries = Object.entries(draft.countries ?? {}).filter(
    ([id, country]) => (read.countries[id] ?? null) !== country,
  )
  const change: SettingsChange = {
    ...differing(read, 'sharedRios', shown.sharedRios),
    ...differing(read, 'defaultCountry', shown.defaultCountry),
    ...differing(read, 'phoneRequestSource', shown.phoneRequestSource),
    ...differing(read, 'ticketTarget', ticketTarget),
    ...differing(read, 'journalRetentionDays', retention),
    ...(countries.length > 0 && { countries: Object.fromEntries(countries) }),
  }
  const wrong = {
    retention: retention === undefined,
    formId: shown.target === 'form' && formId === undefined,
  }
  return { change, wrong, isNone: Object.keys(change).length === 0 && !wrong.retention && !wrong.formId }
}

function differing<Name extends Exclude<keyof NamedSettings, 'countries'>>(
  read: NamedSettings,
  name: Name,
  value: NamedSettings[Name] | undefined,
): SettingsChange {
  return value === undefined || value === read[name] ? {} : { [name]: value }
}

function integer(text: string, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : 0
  return value >= 1 && value <= max ? value : undefined
}

const NAMES = [
  'rioStorageMethod',
  'sharedRios',
  'defaultCountry',
  'countries',
  'phoneRequestSource',
  'ticketTarget',
  'journalRetentionDays',
] as const satisfies (keyof NamedSettings)[]

/** What differs between two readings: what others have changed meanwhile. */
export function changedBetween(before: NamedSettings, now: NamedSettings): (keyof NamedSettings)[] {
  return NAMES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
}
