import type { Kysely } from 'kysely'
import {
  type NamedSettings,
  SETTING_NAMES,
  type Settings,
  type SettingsChange,
} from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { isCountry } from '../domain/phone-number.ts'
import { demandSeen, type Seen, versionTag } from '../domain/version-tag.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import { authorOf, createOwnHistory } from '../helpdesk/own-history.ts'
import { lockPosition } from '../identifiers/position.ts'
import { startRebuildIn } from '../identifiers/rebuild.ts'
import {
  putSetting,
  readSettings,
  rowsOf,
  type SettingsStore,
  type StoredSettings,
} from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  helpdesk: Pick<Helpdesk, 'encodeText'>
}

interface Change {
  name: string
  from: string
  /** Null takes the setting away. */
  to: string | null
}

/** Changing settings, by whichever way: checked, with a line of history each, and with what follows from them. */
export function createSettingsWrites({ storage, settings, helpdesk }: Dependencies) {
  const appendHistory = createOwnHistory(storage, helpdesk.encodeText)

  return {
    /** The settings of this moment, by their names in the API, and the tag that names this state. */
    async read(): Promise<{ settings: NamedSettings; tag: string }> {
      return tagged(await readSettings(storage.db))
    },

    /** Changes what is named, all of it or nothing, as an agent or as somebody with a name. Throws `value-refused`. */
    async change(by: Agent | string, change: SettingsChange, seen: Seen): Promise<void> {
      const given = Object.entries(change.countries ?? {}).filter(([, country]) => country !== null)
      for (const [entity, country] of given) demandCountry(`countries.${entity}`, country ?? '')
      if (change.defaultCountry !== undefined) demandCountry('defaultCountry', change.defaultCountry)
      await storage.write('full', async (tx) => {
        // Settings decide how keys are made, so whoever changes them takes the index's lock; rows may be missing.
        await lockPosition(tx)
        const before = await readSettings(tx)
        demandSeen(seen, tagged(before).tag)
        for (const [entity] of given) await demandEntity(tx, entity)
        if (change.phoneRequestSource !== undefined) await demandRequestSource(tx, change.phoneRequestSource)
        const changes = changesBetween(before, change)
        for (const { name, to } of changes) {
          for (const row of rowsOf(name, to)) await putSetting(tx, row.name, row.value)
        }
        const author = typeof by === 'string' ? by : await authorOf(tx, by)
        await appendHistory(
          tx,
          changes.map(({ name, from, to }) => ({
            itemtype: 'PluginCallmanagerConfig',
            itemsId: 0,
            author,
            what: name,
            from,
            to: to ?? '',
          })),
        )
        // Numbers without a calling code now mean others; look-ups go on while the keys are made anew.
        if (changes.some(({ name }) => name.startsWith('default_country'))) {
          await startRebuildIn(tx, storage.engine)
        }
      })
      settings.forget()
    },
  }
}

export type SettingsWrites = ReturnType<typeof createSettingsWrites>

function tagged(stored: StoredSettings): { settings: NamedSettings; tag: string } {
  const countries = [...stored.entityCountries].sort(([one], [other]) => one - other)
  const settings: NamedSettings = {
    rioStorageMethod: stored.rio_storage_method,
    sharedRios: stored.shared_rios,
    defaultCountry: stored.default_country,
    phoneRequestSource: stored.phone_request_source,
    ticketTarget: stored.ticket_target,
    journalRetentionDays: stored.journal_retention_days,
    countries: Object.fromEntries(countries),
  }
  return { settings, tag: versionTag([settings]) }
}

/** What differs, under the names of the database. */
function changesBetween(before: StoredSettings, { countries = {}, ...values }: SettingsChange): Change[] {
  const changes: Change[] = Object.entries(values).map(([field, to]) => {
    const name: keyof Settings = SETTING_NAMES[field as keyof typeof SETTING_NAMES]
    return { name, from: String(before[name]), to: String(to) }
  })
  for (const [entity, to] of Object.entries(countries)) {
    const from = before.entityCountries.get(Number(entity)) ?? ''
    changes.push({ name: `default_country.${entity}`, from, to })
  }
  return changes.filter(({ from, to }) => from !== (to ?? ''))
}

function refuse(field: string, detail: string): never {
  throw new AppError('value-refused', { field, detail })
}

function demandCountry(field: string, country: string): void {
  if (!isCountry(country)) refuse(field, 'no telephone numbering plan of this country is known')
}

async function demandEntity(tx: Kysely<Tables>, entity: string): Promise<void> {
  const found = await tx
    .selectFrom('glpi_entities')
    .select('id')
    .where('id', '=', Number(entity))
    .executeTakeFirst()
  if (found === undefined) refuse(`countries.${entity}`, 'there is no entity with this id')
}

async function demandRequestSource(tx: Kysely<Tables>, id: number): Promise<void> {
  const found = await tx
    .selectFrom('glpi_requesttypes')
    .select('id')
    .where('id', '=', id)
    .where('is_active', '=', 1)
    .executeTakeFirst()
  if (found === undefined) refuse('phoneRequestSource', 'there is no active request source with this id')
}
