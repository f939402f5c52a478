import { SETTING_NAMES, type SettingsChange } from '../../contract/settings.ts'
import { StartError } from '../config.ts'
import { parseSetting } from '../storage/settings.ts'
import { withServices } from './with-services.ts'

/** `callmanager settings`: what an administrator decides; a running server sees a change within a second. */
export async function settings(args: string[]): Promise<void> {
  const [action, name, value, ...rest] = args
  if (
    action !== undefined &&
    (action !== 'set' || name === undefined || value === undefined || rest.length > 0)
  ) {
    throw new StartError('Usage: callmanager settings [set NAME VALUE]')
  }
  await withServices(async ({ settings: store, settingsWrites }) => {
    if (name !== undefined && value !== undefined) {
      const { rio_storage_method: before } = await store.read()
      await settingsWrites.change('Call Manager', toChange(name, value), '*')
      if (name === 'rio_storage_method' && value !== before) {
        console.error(
          `RIOs are now looked up in ${value}; none were copied. To copy them: callmanager settings set rio_storage_method ${before} && callmanager storage-method change ${value}`,
        )
      }
    }
    const { entityCountries, demoAccounts: _, ...shown } = await store.read()
    for (const [key, stored] of Object.entries(shown)) console.log(`${key} = ${stored}`)
    for (const [entity, country] of entityCountries) console.log(`default_country.${entity} = ${country}`)
  })
}

/** A setting by its name in the database, as the API's change. */
function toChange(name: string, value: string): SettingsChange {
  const understood = parseSetting(name, value)
  const [, entity] = name.split('.', 2)
  if (entity !== undefined) return { countries: { [entity]: value } }
  const field = Object.entries(SETTING_NAMES).find(([, stored]) => stored === name)?.[0]
  return field === undefined ? {} : { [field]: understood }
}
