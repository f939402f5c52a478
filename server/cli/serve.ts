import { readConfig } from '../config.ts'
import { runServer } from '../main.ts'

/** `callmanager serve`: serves; an empty store also gets a link that makes its first account. */
export async function serve(): Promise<void> {
  const config = readConfig()
  const { services, address } = await runServer(config, async () => {})
  const { logins } = services.helpdesk
  if (logins === undefined || (await logins.hasAccounts())) return
  const code = await logins.newSetupCode()
  console.log(`
Nobody can log in yet. Make the first account within 30 minutes:

  ${config.PUBLIC_URL || address}${config.BASE_PATH}/plugins/callmanager/app/setup#${code}

or from the shell: callmanager user add LOGIN
`)
}
