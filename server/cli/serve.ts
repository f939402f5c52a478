import { type Config, readConfig } from '../config.ts'
import { runChecks } from '../doctor/finding.ts'
import { askAtTheGate, HOST_API } from '../doctor/host-api.ts'
import { runServer } from '../main.ts'

/** `callmanager serve`: serves; an empty store also gets a link that makes its first account. */
export async function serve(): Promise<void> {
  const config = readConfig()
  const { services, address } = await runServer(config, async () => {})
  if (config.HELPDESK_URL !== '') await tellOfHost(config)
  const { logins } = services.helpdesk
  if (logins === undefined || (await logins.hasAccounts())) return
  const code = await logins.newSetupCode()
  console.log(`
Nobody can log in yet. Make the first account within 30 minutes:

  ${config.PUBLIC_URL || address}${config.BASE_PATH}/plugins/callmanager/app/setup#${code}

or from the shell: callmanager user add LOGIN
`)
}

/** A helpdesk that refuses us does not end the start, since it may recover in a moment; what is wrong is printed. */
async function tellOfHost(config: Config): Promise<void> {
  for (const { status, what, remedy } of await runChecks(HOST_API, await askAtTheGate(config))) {
    if (status === 'problem') console.error(`${what} ${remedy}`)
  }
}
