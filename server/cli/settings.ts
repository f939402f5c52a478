import { StartError } from '../config.ts'
import { startRebuild } from '../identifiers/rebuild.ts'
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
  await withServices(async (services) => {
    if (name !== undefined && value !== undefined) {
      await services.settings.set(name, value)
      // Numbers without a calling code now mean others; look-ups go on while the keys are made anew.
      if (name.startsWith('default_country')) await startRebuild(services.storage)
    }
    const { entityCountries, demoAccounts: _, ...shown } = await services.settings.read()
    for (const [key, stored] of Object.entries(shown)) console.log(`${key} = ${stored}`)
    for (const [entity, country] of entityCountries) console.log(`default_country.${entity} = ${country}`)
  })
}
