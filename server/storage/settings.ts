import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'
import { DEFAULT_SETTINGS, Settings } from '../../contract/settings.ts'
import { AppError } from '../domain/errors.ts'
import { remember } from './remember.ts'
import type { Storage } from './storage.ts'

const ENTITY_COUNTRY = /^default_country\.(\d+)$/

interface StoredSettings extends Settings {
  /** Countries of single entities, by entity id. */
  entityCountries: ReadonlyMap<number, string>
  /** Accounts whose passwords the world knows; they work from this machine only. */
  demoAccounts: ReadonlySet<number>
}

export interface SettingsStore {
  /** The settings, at most a second old. */
  read(): Promise<StoredSettings>
  /** Validates and stores one setting. Throws `value-refused` naming it. */
  set(name: string, value: string): Promise<void>
  /** Remembers which accounts a demo made. */
  setDemoAccounts(ids: readonly number[]): Promise<void>
}

/** The stored text as the setting's type; undefined where it is not one. "1.5" is no integer, although it converts to one. */
function understand<Schema extends TSchema>(schema: Schema, raw: string): Static<Schema> | undefined {
  const value = Value.Convert(schema, raw)
  return Value.Check(schema, value) && String(value) === raw ? value : undefined
}

/** Whether a stored row means something; one that was edited by hand may not. Names that are not settings may hold anything. */
export function isUnderstood(name: string, raw: string): boolean {
  const schema = schemaOf(name)
  return schema === undefined || understand(schema, raw) !== undefined
}

function schemaOf(name: string): TSchema | undefined {
  if (ENTITY_COUNTRY.test(name)) return Settings.properties.default_country
  return Object.entries(Settings.properties).find(([key]) => key === name)?.[1]
}

function parse(rows: readonly { name: string; value: string | null }[]): StoredSettings {
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
  const demo = (values.get('demo_accounts') ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number)
    .filter(Number.isInteger)
  return { ...stored, entityCountries, demoAccounts: new Set(demo) }
}

export function createSettings(storage: Storage): SettingsStore {
  const select = storage.prepare((db) =>
    db.selectFrom('glpi_plugin_callmanager_configs').select(['name', 'value']).orderBy('id'),
  )
  const current = remember(async () => parse(await select({})))

  async function store(name: string, value: string): Promise<void> {
    await storage.write('full', async (tx) => {
      const found = await tx
        .selectFrom('glpi_plugin_callmanager_configs')
        .select('id')
        .where('name', '=', name)
        .executeTakeFirst()
      if (found === undefined) {
        await tx.insertInto('glpi_plugin_callmanager_configs').values({ name, value }).execute()
        return
      }
      await tx
        .updateTable('glpi_plugin_callmanager_configs')
        .set({ value })
        .where('name', '=', name)
        .execute()
    })
    current.forget()
  }

  return {
    read: current,
    async set(name, value) {
      const schema = schemaOf(name)
      if (schema === undefined) {
        throw new AppError('value-refused', {
          field: name,
          detail: `there is no setting of this name; there are ${Object.keys(Settings.properties).join(', ')}`,
        })
      }
      if (understand(schema, value) === undefined) {
        throw new AppError('value-refused', {
          field: name,
          detail: `expected ${JSON.stringify(expected(schema))}`,
        })
      }
      await store(name, value)
    },
    setDemoAccounts: (ids) => store('demo_accounts', ids.join(',')),
  }
}

function expected(schema: object): unknown {
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) return schema.anyOf.map(({ const: value }) => value)
  const { description: _, ...rest } = { description: '', ...schema }
  return rest
}
