import { readConfig } from '../config.ts'
import { ConfigSchema } from '../config-schema.ts'

/** `callmanager config`: the settings in force, secrets masked. */
export async function config(): Promise<void> {
  const values = readConfig()
  for (const [name, { secret }] of Object.entries(ConfigSchema.properties)) {
    const value = Object.entries(values).find(([key]) => key === name)?.[1]
    // A database address without a password in it is no secret, and it is what one looks for here.
    const shown = secret
      ? String(value)
          .replace(/:\/\/([^:@/]*):.*@/, '://$1:***@')
          .replace(/(password=)[^&]*/i, '$1***')
      : String(value)
    console.log(`${name}=${shown}`)
  }
}
