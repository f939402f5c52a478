import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type Static, type TSchema, Type } from 'typebox'
import Value from 'typebox/value'
import { DEFAULT_SETTINGS, Settings, type TicketTarget } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { lockingEnd } from './dialect.ts'
import { remember } from './remember.ts'
import type { Engine, Storage } from './storage.ts'
import type { Tables } from './tables.ts'

const ENTITY_COUNTRY = /^default_country\.(\d+)$/
/** The predecessor's row of the ticket form: empty for the native one, 0 for Formcreator's wizard, else the form's id. */
const PREDECESSORS_FORM = 'formcreator_form_id'
/** What our own row of the target holds where that of the predecessor says which form. */
const FORMCREATOR = 'formcreator'
/** Marks accounts whose passwords the world knows. */
export const DEMO_ACCOUNTS = 'demo_accounts'

export interface StoredSettings extends Settings {
  /** Countries of single entities, by entity id. */
  entityCountries: ReadonlyMap<number, string>
  /** Accounts whose passwords the world knows; they work from this machine only. */
  demoAccounts: ReadonlySet<number>
}

export interface SettingsStore {
  /** The settings, at most a second old. */
  read(): Promise<StoredSettings>
  /** Reads anew next time: for a process that has just changed them. */
  forget(): void
  /** Validates and stores one setting, with nothing else done about it. Throws `value-refused` naming it. */
  set(name: string, value: string): Promise<void>
}

/** The stored text as the setting's type; undefined where it is not one. "1.5" is no integer, although it converts to one. */
function understand<Schema extends TSchema>(schema: Schema, raw: string): Static<Schema> | undefined {
  const value = Value.Convert(schema, raw)
  return Value.Check(schema, value) && String(value) === raw ? value : undefined
}

/** Whether a stored row means something; one that was edited by hand may not. Names that are not settings may hold anything. */
export function isUnderstood(name: string, raw: string): boolean {
  if (name === 'ticket_target') return ['quick', 'native', FORMCREATOR].includes(raw)
  const schema = schemaOf(name)
  return schema === undefined || understand(schema, raw) !== undefined
}

function schemaOf(name: string): (typeof Settings)['properties'][keyof Settings] | undefined {
  if (ENTITY_COUNTRY.test(name)) return Settings.properties.default_country
  return Object.entries(Settings.properties).find(([key]) => key === name)?.[1]
}

type Rows = readonly { name: string; value: string | null }[]

function parse(rows: Rows): StoredSettings {
  // The predecessor's table has no unique key; of doubled names the newest row stands.
  const values = new Map(rows.map(({ name, value }) => [name, value ?? '']))
  const entityCountries = new Map<number, string>()
  for (const [name, value] of values) {
    const entity = ENTITY_COUNTRY.exec(name)?.[1]
    const country = entity === undefined ? undefined : understand(Settings.properties.default_country, value)
    if (country !== undefined) entityCountries.set(Number(entity), country)
  }
  const stored = { ...DEFAULT_SETTINGS }
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const raw = values.get(name)
    if (raw === undefined) continue
    const value = understand(schema, raw)
    // What cannot be understood (a hand-edited row) falls back to the default rather than stopping every look-up.
    if (value !== undefined) Object.assign(stored, { [name]: value })
  }
  const demo = (values.get(DEMO_ACCOUNTS) ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number)
    .filter(Number.isInteger)
  return {
    ...stored,
    ticket_target: targetIn(values),
    entityCountries,
    demoAccounts: new Set(demo),
  }
}

/** A form of Formcreator stands in the predecessor's row, so that both read the same; ours says that it is to be used. */
function targetIn(values: ReadonlyMap<string, string>): TicketTarget {
  const own = values.get('ticket_target')
  if (own === 'quick' || own === 'native') return own
  const form = values.get(PREDECESSORS_FORM)
  if (form === '') return 'native'
  if (form === '0') return 'formcreator_wizard'
  return understand(Type.Integer({ minimum: 1 }), form ?? '') ?? DEFAULT_SETTINGS.ticket_target
}

/** The rows that hold a setting. */
export function rowsOf(name: string, value: string | null): { name: string; value: string | null }[] {
  if (name !== 'ticket_target' || value === 'quick' || value === 'native') return [{ name, value }]
  const form = value === 'formcreator_wizard' ? '0' : value
  return [
    { name, value: FORMCREATOR },
    { name: PREDECESSORS_FORM, value: form },
  ]
}

/** Stores one row of the settings, in place of all of that name; null takes it away. */
export async function putSetting(tx: Kysely<Tables>, name: string, value: string | null): Promise<void> {
  await tx.deleteFrom('glpi_plugin_callmanager_configs').where('name', '=', name).execute()
  if (value !== null) {
    await tx.insertInto('glpi_plugin_callmanager_configs').values({ name, value }).execute()
  }
}

function selectRows(db: Kysely<Tables>) {
  return db.selectFrom('glpi_plugin_callmanager_configs').select(['name', 'value']).orderBy('id')
}

/** The settings of this moment, kept from others until the transaction ends. */
export async function lockSettings(tx: Kysely<Tables>, engine: Engine): Promise<StoredSettings> {
  return parse(await selectRows(tx).modifyEnd(lockingEnd(engine)).execute())
}

/** The same without keeping them: what a transaction is done by. `end` ends the reading (see dialect.ts). */
export async function readSettings(
  tx: Kysely<Tables>,
  end: RawBuilder<unknown> = sql``,
): Promise<StoredSettings> {
  return parse(await selectRows(tx).modifyEnd(end).execute())
}

/** One setting from its text. Throws `value-refused` naming it. */
export function parseSetting(name: string, value: string): Settings[keyof Settings] {
  const schema = schemaOf(name)
  if (schema === undefined) {
    throw new AppError('value-refused', {
      field: name,
      detail: `there is no setting of this name; there are ${Object.keys(Settings.properties).join(', ')}`,
    })
  }
  const understood = understand(schema, value)
  if (understood === undefined) {
    throw new AppError('value-refused', {
      field: name,
      detail: `expected ${JSON.stringify(expected(schema))}`,
    })
  }
  return understood
}

export function createSettings(storage: Storage): SettingsStore {
  const select = storage.prepare(selectRows)
  const current = remember(async () => parse(await select({})))
  return {
    read: current,
    forget: current.forget,
    async set(name, value) {
      parseSetting(name, value)
      await storage.write('full', async (tx) => {
        for (const row of rowsOf(name, value)) await putSetting(tx, row.name, row.value)
      })
      current.forget()
    },
  }
}

function expected(schema: object): unknown {
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return schema.anyOf.map((one: object) => ('const' in one ? one.const : expected(one)))
  }
  const { description: _, ...rest } = { description: '', ...schema }
  return rest
}
